"""The measured errors of the kernels: what `lossgen check` found, kept with a hash of the kernel.

To measure takes minutes for the catalogue, so it is done when somebody asks (`lossgen docs
--measure`). Numbers of a kernel that has changed since are not shown.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from lossgen.emit.module import mathematics
from lossgen.proof import check
from lossgen.runtime import Loss

from .sections import table

FILE = Path(__file__).resolve().parents[2] / "docs" / "measured.csv"
HEAD = ("loss", "kernel", "check", "output", "dtype", "points", "worst", "bound")


def record(losses: Iterable[Loss], progress: Callable[[str], None] = lambda name: None) -> str:
    """Check the losses, and return the text of the file: a line for each output and dtype."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEAD)
    for loss in losses:
        progress(loss.name)
        for row in check(loss).rows:
            if row.unit == "ulp":
                worst, bound = f"{row.worst:.3g}", f"{row.bound:g}"
                facts = (row.check, row.output, row.dtype, row.points, worst, bound)
                writer.writerow((loss.name, fingerprint(loss), *facts))
    return file.getvalue()


def fingerprint(loss: Loss) -> str:
    """Return a hash of the kernels of a loss and of the mathematics that they use."""
    text = loss.source("cpu") + mathematics("cpu")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def measured(loss: Loss) -> str:
    """Return the table of a loss; nothing where its kernel was not measured."""
    known = fingerprint(loss)
    rows = [row for row in _kept() if row["loss"] == loss.name and row["kernel"] == known]
    if not rows:
        return ""
    cells = [
        (row["check"], f"`{row['output']}`", row["dtype"], row["points"], shown(row), row["bound"])
        for row in rows
    ]
    said = (
        "Against exact mathematics, in units in the last place (ulp) of the largest term. At the "
        "extremes every argument is drawn from the ends of the range of its dtype. **Bold** is "
        "beyond the bound."
    )
    head = ("check", "output", "dtype", "points", "worst ulp", "bound")
    return f"{said}\n\n{table(head, cells)}"


def shown(row: dict[str, str]) -> str:
    """Return the worst error of a row, bold where it is beyond its bound."""
    return row["worst"] if float(row["worst"]) <= float(row["bound"]) else f"**{row['worst']}**"


@cache
def _kept() -> tuple[dict[str, str], ...]:
    if not FILE.is_file():
        return ()
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
