"""What is asked of a formula, and the exact answers at the points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import mpmath as mp
import numpy as np
from mpmath import mpf

from lossgen.checks.answers import Exact
from lossgen.checks.answers import Question as Exactly
from lossgen.checks.reference import exact
from lossgen.formulas.errors import FormulaError
from lossgen.language.entry import Entry

from .points import Row
from .regions import Region, Regions

What = Literal["value", "gradient", "hessian"]
WORDS = {"value": "value", "gradient": "derivative", "hessian": "second derivative"}

# As near to a kink as this a formula may take the other side.
_NEAR = 1e-9
# What is left of 1 - p at the fewest digits that either side computes with.
_NOTHING = mpf("1e-50")
_LARGEST_SIZE = 1000.0  # as a power of two: beyond it every float is infinite


@dataclass(frozen=True)
class Subject:
    """A quantity of a loss: its value, or the (second) derivative in `wrt`.

    `chosen` says that the user named `wrt`; `full` asks for the whole Hessian, with two indices
    where the argument has one, and not only for its diagonal.
    """

    entry: Entry
    what: What
    wrt: str
    chosen: bool = False
    full: bool = False

    def __str__(self) -> str:
        name = f"of {self.entry.name}" if self.entry.name else "of the loss"
        if self.what == "value":
            return f"the value {name}"
        return f"the {WORDS[self.what]} {name} with respect to {self.wrt}"

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes of the argument."""
        return self.entry.argument(self.wrt).domain.axes


@dataclass(frozen=True)
class Answer:
    """The exact numbers at one row, in the order of the argument's places.

    `others` holds what a formula may say instead where a comparison is a tie; `kink` says that the
    row lies on a kink or as good as on one, `edge` that what moves is at the end of its domain.
    `sizes` are those of the largest terms, by which rounding is measured.
    """

    row: Row
    numbers: tuple[Any, ...]
    others: tuple[tuple[Any, ...], ...]
    kink: bool
    edge: bool = False
    sizes: tuple[float, ...] = ()


def answers(subject: Subject, rows: Iterable[Row], regions: Regions | None = None) -> list[Answer]:
    """Return the exact answers at the rows where the loss has finite ones.

    Raises:
        FormulaError: when the loss has a function without exact derivatives.
    """
    try:
        found = [_answer(subject, row, regions or {}) for row in rows]
    except NotImplementedError as error:
        raise FormulaError(str(error)) from error
    return [answer for answer in found if all(mp.isfinite(number) for number in answer.numbers)]


def _answer(subject: Subject, row: Row, regions: Regions) -> Answer:
    tables = [exact(question) for question in _questions(subject, row)]
    kink = any(table[0].marginal or table[0].margin < _NEAR for table in tables)
    parts = [
        [part for table in tables for part in _parts(subject, table[min(at, len(table) - 1)])]
        for at in range(max(map(len, tables)))
    ]
    first, *others = [tuple(part[0] for part in each) for each in parts]
    sizes = tuple(2.0 ** min(part[1], _LARGEST_SIZE) for part in parts[0])
    return Answer(row, first, tuple(others), kink, _at_end(subject, row, regions), sizes)


def _questions(subject: Subject, row: Row) -> list[Exactly]:
    """Return the questions whose answers make the numbers: one column each of a full Hessian."""
    second = subject.wrt if subject.what == "hessian" else None
    float64, wrt = np.dtype(np.float64), (subject.wrt,)
    if not subject.full:
        return [Exactly(subject.entry, dict(row), float64, second, wrt=wrt)]
    shape = np.shape(row[subject.wrt])
    columns = np.eye(int(np.prod(shape)))
    return [
        Exactly(subject.entry, dict(row), float64, second, column.reshape(shape), wrt=wrt)
        for column in columns
    ]


def _parts(subject: Subject, answer: Exact) -> tuple[Any, ...]:
    """Return the numbers that were asked for, each with log2 of its size."""
    if subject.what == "value":
        return (answer.value,)
    if subject.what == "gradient":
        parts = answer.gradient[subject.wrt]
    else:
        parts = answer.hessian_vector if subject.full else answer.hessian_diagonal
    return tuple(np.ravel(parts))


def _at_end(subject: Subject, row: Row, regions: Regions) -> bool:
    """Whether a number that moves, or any number of a value, lies at the end of its domain."""
    for argument in subject.entry.arguments:
        region = regions.get(argument.name, Region())
        if argument.domain.integer or region.members:
            continue
        if subject.what == "value" or argument.name == subject.wrt:
            ends = (argument.domain.low, argument.domain.high, region.low, region.high)
            if np.isin(row[argument.name], [end for end in ends if end is not None]).any():
                return True
    return False


def extents(entry: Entry, row: Row) -> dict[str, int]:
    """Return how many places each axis has at one row."""
    return {
        axis: extent
        for argument in entry.arguments
        for axis, extent in zip(argument.domain.axes, np.shape(row[argument.name]), strict=True)
    }


def close(found: Any, exactly: Any, size: Any, tolerance: float) -> bool:
    """Whether two numbers agree, relative to the largest term."""
    if mp.isnan(found):
        return False
    if mp.isinf(found) or mp.isinf(exactly):
        return bool(found == exactly)
    scale = max(abs(exactly), size if mp.isfinite(size) else abs(exactly))
    return bool(abs(found - exactly) <= mpf(tolerance) * scale + _NOTHING)
