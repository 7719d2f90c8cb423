"""The report of a check: a row for each output and dtype, with the verdict and the worst point."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from xml.sax.saxutils import escape, quoteattr


class CheckError(AssertionError, ValueError):
    """A kernel, a formula or a claim is not what the entry says."""


@dataclass(frozen=True)
class Row:
    """What one check found about one output.

    `worst` is the largest error, in ulps of the unit of `jets` unless `unit` says otherwise;
    `where` the point at which it was met; `skipped` the number of points at which the exact result
    is undefined; `note` says what else a reader must know, such as points that the reference could
    not resolve.
    """

    check: str
    output: str
    dtype: str
    points: int
    worst: float
    where: str
    bound: float
    ok: bool
    skipped: int = 0
    unit: str = "ulp"
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All rows of one loss; falsy when one fails. Its repr is the table."""

    loss: str
    rows: tuple[Row, ...]
    seconds: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.rows) and all(row.ok for row in self.rows)

    def __repr__(self) -> str:
        return self.table()

    @property
    def failures(self) -> tuple[Row, ...]:
        """Rows that fail."""
        return tuple(row for row in self.rows if not row.ok)

    def table(self) -> str:
        """Return the report as a table of plain text, failures explained below."""
        head = ("check", "output", "dtype", "points", "worst", "bound", "")
        lines = [head, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
        verdict = "pass" if self else f"{len(self.failures)} of {len(self.rows)} FAIL"
        text = [f"{self.loss}: {verdict} ({self.seconds:.1f} s)"]
        text += ["  ".join(_aligned(line, widths)).rstrip() for line in lines]
        text += [
            f"  {row.check}, {row.output}, {row.dtype}: {_explained(row)}" for row in self.failures
        ]
        return "\n".join(text)

    def to_json(self) -> str:
        """Return the report as JSON; an infinite error is the string "inf"."""
        rows = [{**asdict(row), "worst": _finite(row.worst)} for row in self.rows]
        document = {"loss": self.loss, "ok": bool(self), "seconds": self.seconds, "rows": rows}
        return json.dumps(document, indent=2, ensure_ascii=False)

    def to_junit(self) -> str:
        """Return the report as a JUnit test suite, for continuous integration."""
        head = (
            f"<testsuite name={quoteattr(f'lossgen check {self.loss}')} tests='{len(self.rows)}' "
            f"failures='{len(self.failures)}' time='{self.seconds:.3f}'>"
        )
        cases = [_case(self.loss, row) for row in self.rows]
        return "\n".join(["<?xml version='1.0' encoding='UTF-8'?>", head, *cases, "</testsuite>"])

    def raise_if_failed(self) -> Report:
        """Return the report, or raise CheckError with its table."""
        if not self:
            raise CheckError(self.table())
        return self


def _cells(row: Row) -> tuple[str, ...]:
    points = f"{row.points}" + (f" (+{row.skipped} undefined)" if row.skipped else "")
    return (
        row.check, row.output, row.dtype, points, _number(row.worst),
        f"{_number(row.bound)} {row.unit}", "ok" if row.ok else "FAIL",
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.3g}"


def _finite(value: float) -> float | str:
    return value if abs(value) < float("inf") else str(value)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        yield cell.rjust(width) if place in (3, 4, 5) else cell.ljust(width)


def _explained(row: Row) -> str:
    said = f"{_number(row.worst)} {row.unit}, at most {_number(row.bound)} expected"
    return "; ".join(part for part in (said, row.where, row.note) if part)


def _case(loss: str, row: Row) -> str:
    name = quoteattr(f"{row.check}: {row.output} {row.dtype}".strip())
    if row.ok:
        return f"  <testcase classname={quoteattr(loss)} name={name}/>"
    failure = f"<failure message={quoteattr(_explained(row))}>{escape(row.where)}</failure>"
    return f"  <testcase classname={quoteattr(loss)} name={name}>{failure}</testcase>"
