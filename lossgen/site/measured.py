"""The measured errors of the kernels: what `lossgen check` found, kept with a hash of the kernel.

To measure takes minutes for the catalogue, so it is done when somebody asks (`lossgen docs
--measure`), for the kernels that have changed. Numbers of another kernel are not shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lossgen import build
from lossgen.certify.binding import digest, hashes
from lossgen.emit.module import mathematics
from lossgen.proof import check
from lossgen.runtime import Loss

from .sections import table

FILE = Path(__file__).resolve().parents[2] / "docs" / "measured.csv"
HEAD: tuple[str, ...] = ("loss", "kernel", "check", "output", "dtype", "points", "worst", "bound")


def record(loss: Loss) -> None:
    """Check a loss and write what was found to the file, in place of what was known of it.

    Nothing is done where the kernel is the one that was measured.
    """
    known = fingerprint(loss)
    kept = [row for row in _kept() if row["loss"] != loss.name]
    if any(row["loss"] == loss.name and row["kernel"] == known for row in _kept()):
        return
    found = [
        dict(
            zip(
                HEAD,
                (loss.name, known, row.check, row.output, row.dtype, str(row.points),
                 f"{row.worst:.3g}", f"{row.bound:g}"),
                strict=True,
            )
        )
        for row in check(loss).rows
        if row.unit == "ulp"
    ]  # fmt: skip
    write(sorted([*kept, *found], key=lambda row: row["loss"]))


def write(rows: Sequence[dict[str, str]]) -> None:
    """Write the file whole or not at all."""
    file = io.StringIO()
    writer = csv.DictWriter(file, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    build.write(FILE, file.getvalue())
    _kept.cache_clear()


def fingerprint(loss: Loss) -> str:
    """Return a hash of the code of the kernels and of the functions that they reach."""
    return fingerprint_of(loss.source("cpu"), mathematics("cpu"))


def fingerprint_of(text: str, functions: str) -> str:
    """Return the hash of a file of kernels and a math file."""
    found = hashes(text, functions)
    return digest(found.kernel + found.mathematics)[:12]


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
