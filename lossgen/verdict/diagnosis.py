"""What is probably wrong with a formula: a small table of errors that people make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry

from .points import Row
from .question import Answer, Subject, answers, close

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Case:
    """A wrong claim: what was asked, the exact answers, the claimed numbers at the same rows."""

    subject: Subject
    exact: Sequence[Answer]
    found: Sequence[Sequence[Any]]
    claimed: Callable[[Sequence[Row]], list[list[Any]]]

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return exact and claimed numbers, place by place."""
        return [
            (exactly, number)
            for answer, numbers in zip(self.exact, self.found, strict=True)
            for exactly, number in zip(answer.numbers, numbers, strict=True)
        ]

    def equals(self, numbers: Sequence[Sequence[Any]]) -> bool:
        """Whether the claim is everywhere what `numbers` say."""
        return len(numbers) == len(self.found) and all(
            len(row) == len(claim) and all(map(_alike, claim, row))
            for claim, row in zip(self.found, numbers, strict=True)
        )


def _alike(found: Any, exactly: Any) -> bool:
    return (not mp.isfinite(found) and not mp.isfinite(exactly)) or close(
        found, exactly, abs(exactly), _TOLERANCE
    )


def diagnosis(case: Case) -> str:
    """Return the first row of the table that fits, as a sentence; empty if none does."""
    for look in (_sign, _factor, _extent, _swapped, _other, _order, _link):
        if sentence := look(case):
            return sentence
    return ""


def _sign(case: Case) -> str:
    return "the sign is wrong" if _constant(case) == -1 else ""


def _constant(case: Case) -> Any:
    """Return the constant factor by which a claim is off, None if there is none."""
    pairs = [(exactly, found) for exactly, found in case.pairs() if exactly != 0 or found != 0]
    ratios = [found / exactly for exactly, found in pairs if exactly != 0]
    if not ratios or len(ratios) < len(pairs) or not mp.isfinite(ratios[0]) or ratios[0] == 0:
        return None
    first = ratios[0]
    rounded = mp.mpf(round(float(first) * 5040)) / 5040  # 1/2, 1/3, ..., 10
    first = rounded if abs(first - rounded) < 1e-9 and rounded != 0 else first
    return first if all(_alike(ratio, first) for ratio in ratios) else None


def _factor(case: Case) -> str:
    factor = _constant(case)
    return f"it is {mp.nstr(factor, 6)} times what it should be" if factor is not None else ""


def _extent(case: Case) -> str:
    entry = case.subject.entry
    axes = {axis for argument in entry.arguments for axis in argument.domain.axes}
    for axis in sorted(axes):
        sizes = [mp.mpf(_size(entry, answer.row, axis)) for answer in case.exact]
        for power, word in ((1, "missing"), (-1, "too much")):
            scaled = [
                [number * size**power for number in answer.numbers]
                for answer, size in zip(case.exact, sizes, strict=True)
            ]
            if case.equals(scaled):
                return f"a factor 1/{axis}.size is {word}"
    return ""


def _size(entry: Entry, row: Row, axis: str) -> int:
    for argument in entry.arguments:
        if axis in argument.domain.axes:
            return int(np.shape(row[argument.name])[argument.domain.axes.index(axis)])
    raise KeyError(axis)


def _swapped(case: Case) -> str:
    rows = [argument for argument in case.subject.entry.per_row if not argument.domain.integer]
    if len(rows) < 2 or rows[0].domain.axes != rows[1].domain.axes:
        return ""
    first, second = rows[0].name, rows[1].name
    turned = [
        {**answer.row, first: answer.row[second], second: answer.row[first]}
        for answer in case.exact
    ]
    claimed = case.claimed(turned)
    exactly = [answer.numbers for answer in case.exact]
    same = Case(case.subject, case.exact, claimed, case.claimed).equals(exactly)
    return f"{first} and {second} are swapped" if same else ""


def _other(case: Case) -> str:
    if case.subject.what != "gradient":
        return ""
    for name in case.subject.entry.gradients:
        other = Subject(case.subject.entry, "gradient", name)
        if name != case.subject.wrt and case.equals(_asked(case, other)):
            return f"it is the derivative with respect to {name}"
    return ""


def _order(case: Case) -> str:
    words = {"value": "the value itself", "gradient": "the first derivative"}
    for what, sentence in words.items():
        if what != case.subject.what:
            other = Subject(case.subject.entry, what, case.subject.wrt)  # type: ignore[arg-type]
            if case.equals(_asked(case, other)):
                return f"it is {sentence}"
    return ""


def _asked(case: Case, subject: Subject) -> list[tuple[Any, ...]]:
    found = answers(subject, [answer.row for answer in case.exact])
    return [answer.numbers for answer in found]


def _link(case: Case) -> str:
    """Look for a chain rule that stops short of the link, or goes through it once too often."""
    if case.subject.what != "gradient":
        return ""
    through_logit = (
        "it is the derivative with respect to the probability: a factor p (1 - p) is missing"
    )
    through_share = (
        "a factor p (1 - p) is too much: it belongs to the derivative with respect to a logit"
    )
    share = case.subject.entry.argument(case.subject.wrt).domain.high == 1
    slope = _slope_of_share if share else _slope_of_logit
    for power, sentence in ((-1, through_logit), (1, through_share)):
        linked = [
            [
                number * slope(x) ** power
                for number, x in zip(answer.numbers, _floats(case, answer), strict=True)
            ]
            for answer in case.exact
        ]
        if case.equals(linked):
            return sentence
    return ""


def _floats(case: Case, answer: Answer) -> list[Any]:
    return [mp.mpf(float(x)) for x in np.ravel(answer.row[case.subject.wrt])]


def _slope_of_logit(x: Any) -> Any:
    small = mp.exp(-abs(x))
    return small / (1 + small) ** 2


def _slope_of_share(p: Any) -> Any:
    return p * (1 - p) if 0 < p < 1 else mp.mpf(1)
