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
from lossgen.language.entry import Entry
from lossgen.verdict.points import Row
from lossgen.verdict.question import Answer, Subject

# As near to a kink as this a function may take the other side: half of float64's digits.
_NEAR = 1e-8


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


def moving(entry: Entry, wrt: str | None) -> str:
    """Return the argument that derivatives are taken in."""
    return wrt or entry.wrt[0]
