"""The whole check of a loss: kernels against the reference, and the formulas of its page."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from lossgen.checks import Report
from lossgen.checks import check as check_kernels
from lossgen.checks.context import Context
from lossgen.checks.report import Row
from lossgen.derive import gradient
from lossgen.emit.latex import diagonal
from lossgen.emit.page import page
from lossgen.formulas.pages import check_page
from lossgen.language.entry import Entry
from lossgen.language.normal import program
from lossgen.runtime import Loss
from lossgen.stabilise import prepare
from lossgen.verdict.points import points

# Simple points and some of the sampler's: each formula is evaluated by an interpreter of its own.
PAGE_POINTS = 12


def check(loss: Loss, everything: bool = False, seed: int = 0) -> Report:
    """Compare the kernels of a loss, and the formulas of its page, with the entry as written.

    The kernels are compared with the exact reference and with finite differences, in float32 and
    float64; the formulas are read back from the text of the page. `everything` checks all forms of
    the kernels, not only the fused ones and a tenth of the others, which `seed` draws.
    """
    return check_kernels(loss, everything, seed, also=(("page", formulas_of_page),))


def formulas_of_page(loss: Loss, context: Context) -> list[Row]:
    """Read the formulas of the page back from its text, and compare them with the kernels."""
    rows = list(islice(points(context.entry), PAGE_POINTS))
    problems = check_page(page_text(context.entry), loss, rows)
    note = "; ".join(str(problem) for problem in problems[:2])
    return [
        Row("formulas of the page", "value, gradients", "float64", len(rows), float(len(problems)),
            "", 0.0, not problems, unit="wrong", note=note)
    ]  # fmt: skip


def page_text(entry: Entry) -> str:
    """Return the page as it lies in the repository, or as the build would write it elsewhere."""
    path = Path(__file__).parents[1] / "docs" / "losses" / f"{entry.name}.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return page(entry, gradient(prepare(program(entry)), entry.gradients), diagonal(entry))
