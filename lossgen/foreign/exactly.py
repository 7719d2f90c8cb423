"""Exact answers beside which those of a function are put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.checks.answers import Exact, Question
from lossgen.checks.bounds import error
from lossgen.checks.jets import Part
from lossgen.checks.reference import exact
from lossgen.verdict.points import Row
from lossgen.verdict.question import Answer, Subject

# As near to a kink as this a function may take the other side: half of float64's digits.
_NEAR = 1e-8
# Over this distance, relative to the number, a smooth derivative changes by less than a jump.
_BESIDE, _JUMP = 2.0**-24, 1e-2


@dataclass(frozen=True)
class Truth:
    """The exact numbers of one row, each with its size, and what else is right at a tie."""

    row: Row
    choices: tuple[tuple[Part, ...], ...]
    kink: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        """The numbers with their sizes."""
        return self.choices[0]

    @property
    def numbers(self) -> tuple[Any, ...]:
        """The numbers."""
        return tuple(part[0] for part in self.parts)

    @property
    def answer(self) -> Answer:
        """The numbers as the table of diagnoses wants them."""
        others = tuple(tuple(part[0] for part in choice) for choice in self.choices[1:])
        return Answer(self.row, self.numbers, others, self.kink)

    def ulps(self, found: Sequence[float], dtype: np.dtype[Any]) -> list[float]:
        """Return the error of each number, in units of the last place of its largest term."""
        each = [
            [error(number, part, dtype) for number, part in zip(found, choice, strict=True)]
            for choice in self.choices
        ]
        return [min(errors) for errors in zip(*each, strict=True)]


def truth(subject: Subject, row: Row, dtype: np.dtype[Any]) -> Truth | None:
    """Return the exact numbers at a row; None where one of them is infinite or undefined."""
    second = subject.wrt if subject.what == "hessian" else None
    question = Question(subject.entry, dict(row), dtype, second, wrt=(subject.wrt,))
    found = exact(question)
    choices = tuple(tuple(_parts(subject, each)) for each in found)
    finite = all(mp.isfinite(number) for number, _ in choices[0])
    if not finite or not choices[0] or not found[0].resolved:
        return None
    largest = float(np.finfo(dtype).max)
    if any(abs(number) > largest for number, _ in choices[0]):
        return None
    return Truth(row, choices, found[0].marginal or found[0].margin < _NEAR)


def _parts(subject: Subject, answer: Exact) -> list[Part]:
    match subject.what:
        case "value":
            return [answer.value]
        case "gradient":
            return list(np.ravel(answer.gradient[subject.wrt]))
        case "hessian":
            return list(np.ravel(answer.hessian_diagonal))
    raise ValueError(subject.what)


def is_kink(subject: Subject, exactly: Truth) -> bool:
    """Whether a row lies on a kink, where a derivative is a convention.

    A comparison that is a tie is one, and so is a jump of the derivative, as of a norm at 0.
    """
    if exactly.kink or subject.what == "value":
        return exactly.kink
    slope = Subject(subject.entry, "gradient", subject.wrt)
    x = np.asarray(exactly.row[subject.wrt], np.float64)
    domain = subject.entry.argument(subject.wrt).domain
    sides = []
    for way in (-1, 1):
        moved = x + way * _BESIDE * np.maximum(np.abs(x), 1.0)
        if not all(map(domain.contains, np.ravel(moved))):
            return False
        side = truth(slope, {**exactly.row, subject.wrt: moved}, np.dtype(np.float64))
        if side is None:
            return False
        sides.append(side.numbers)
    return any(abs(one - other) > _JUMP for one, other in zip(*sides, strict=True))
