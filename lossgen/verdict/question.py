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
from lossgen.language.entry import Entry

from .points import Row

What = Literal["value", "gradient", "hessian"]
WORDS = {"value": "value", "gradient": "derivative", "hessian": "second derivative"}

# As near to a kink as this a formula may take the other side.
_NEAR = 1e-9
# What is left of 1 - p at the fewest digits that either side computes with.
_NOTHING = mpf("1e-50")


@dataclass(frozen=True)
class Subject:
    """A quantity of a loss: its value, or the (second) derivative in `wrt`."""

    entry: Entry
    what: What
    wrt: str

    def __str__(self) -> str:
        if self.what == "value":
            return f"the value of {self.entry.name}"
        return f"the {WORDS[self.what]} of {self.entry.name} with respect to {self.wrt}"


@dataclass(frozen=True)
class Answer:
    """The exact numbers at one row, in the order of the argument's places.

    `others` holds what a formula may say instead where a comparison is a tie; `kink` says that the
    row lies on a kink or as good as on one.
    """

    row: Row
    numbers: tuple[Any, ...]
    others: tuple[tuple[Any, ...], ...]
    kink: bool


def answers(subject: Subject, rows: Iterable[Row]) -> list[Answer]:
    """Return the exact answers at the rows where the loss has finite ones."""
    found = [_answer(subject, row) for row in rows]
    return [answer for answer in found if all(mp.isfinite(number) for number in answer.numbers)]


def _answer(subject: Subject, row: Row) -> Answer:
    second = subject.wrt if subject.what == "hessian" else None
    question = Exactly(subject.entry, dict(row), np.dtype(np.float64), second, wrt=(subject.wrt,))
    first, *others = exact(question)
    kink = first.marginal or first.margin < _NEAR
    return Answer(row, _numbers(subject, first), tuple(_numbers(subject, o) for o in others), kink)


def _numbers(subject: Subject, answer: Exact) -> tuple[Any, ...]:
    match subject.what:
        case "value":
            return (answer.value[0],)
        case "gradient":
            parts = answer.gradient[subject.wrt]
        case "hessian":
            parts = answer.hessian_diagonal
    return tuple(part[0] for part in np.ravel(parts))


def close(found: Any, exactly: Any, size: Any, tolerance: float) -> bool:
    """Whether two numbers agree, relative to the largest term."""
    if mp.isnan(found):
        return False
    if mp.isinf(found) or mp.isinf(exactly):
        return bool(found == exactly)
    scale = max(abs(exactly), size if mp.isfinite(size) else abs(exactly))
    return bool(abs(found - exactly) <= mpf(tolerance) * scale + _NOTHING)
