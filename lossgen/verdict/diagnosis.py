"""What is probably wrong with a formula: a small table of errors that people make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.formulas.vectors import renamed
from lossgen.language.symbols import Index

from .claim import Claim, Formula
from .links import LINKS
from .parts import blamed
from .points import Row
from .question import Answer, Subject, answers, close, extents

_TOLERANCE = 1e-6
# Rows at which guesses are tried that ask the exact reference again.
_FEW = 12


@dataclass(frozen=True)
class Diagnosis:
    """What is probably the matter: a word for programs, and the end of a sentence."""

    cause: str
    sentence: str


@dataclass(frozen=True)
class Case:
    """A wrong claim: what was asked, the exact answers, the claimed numbers at the same rows."""

    claim: Claim
    exact: Sequence[Answer]
    found: Sequence[Sequence[Any]]

    @property
    def subject(self) -> Subject:
        """What the claim is about."""
        return self.claim.subject

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

    def few(self) -> Case:
        """Return the case at some of its rows."""
        return replace(self, exact=self.exact[:_FEW], found=self.found[:_FEW])


def _alike(found: Any, exactly: Any) -> bool:
    return (not mp.isfinite(found) and not mp.isfinite(exactly)) or close(
        found, exactly, abs(exactly), _TOLERANCE
    )


def diagnosis(case: Case) -> Diagnosis | None:
    """Return the first row of the table that fits, None if none does."""
    table: tuple[Callable[[Case], Diagnosis | None], ...] = (
        _scaled, _extent, _transposed, _swapped, _exchanged, _other, _order, _link, _part,
    )  # fmt: skip
    return next((found for look in table if (found := look(case)) is not None), None)


def _scaled(case: Case) -> Diagnosis | None:
    constant = _constant(case)
    if constant is None:
        return None
    if constant == -1:
        return Diagnosis("sign", "the sign is wrong")
    return Diagnosis("factor", f"it is {mp.nstr(constant, 6)} times what it should be")


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


def _extent(case: Case) -> Diagnosis | None:
    entry = case.subject.entry
    for axis in sorted({axis for a in entry.arguments for axis in a.domain.axes}):
        sizes = [mp.mpf(extents(entry, answer.row)[axis]) for answer in case.exact]
        for power, word in ((1, "missing"), (-1, "too much")):
            scaled = [
                [number * size**power for number in answer.numbers]
                for answer, size in zip(case.exact, sizes, strict=True)
            ]
            if case.equals(scaled):
                return Diagnosis("extent", f"a factor 1/{axis}.size is {word}")
    return None


def _transposed(case: Case) -> Diagnosis | None:
    if len(case.subject.axes) != 2 or case.subject.what != "gradient":
        return None
    turned = []
    for answer in case.exact:
        shape = np.shape(answer.row[case.subject.wrt])
        table = np.array(answer.numbers, object).reshape(shape)
        if shape[0] != shape[1]:
            continue
        turned.append((answer, list(table.T.flat)))
    chosen = [
        at for at, answer in enumerate(case.exact) if any(answer is each for each, _ in turned)
    ]
    part = replace(
        case, exact=[case.exact[at] for at in chosen], found=[case.found[at] for at in chosen]
    )
    same = len(turned) > 2 and part.equals([numbers for _, numbers in turned])
    return (
        Diagnosis("transposed", "its two indices are exchanged: it is transposed") if same else None
    )


def _swapped(case: Case) -> Diagnosis | None:
    """Look for two arguments that were taken for one another."""
    rows = [argument for argument in case.subject.entry.per_row if not argument.domain.integer]
    for first, second in combinations(rows, 2):
        if first.domain.axes != second.domain.axes:
            continue
        turned = [
            {**answer.row, first.name: answer.row[second.name], second.name: answer.row[first.name]}
            for answer in case.exact
        ]
        if _turned_is_right(case, turned[:2]) and _turned_is_right(case, turned):
            return Diagnosis("swapped", f"{first.name} and {second.name} are swapped")
    return None


def _turned_is_right(case: Case, rows: Sequence[Row]) -> bool:
    """Whether the claim at other rows is what it should be at its own, the first of them."""
    exact = case.exact[: len(rows)]
    numbers = [[each.value for each in row] for row in case.claim.numbers(rows)]
    return replace(case, exact=exact, found=numbers).equals([answer.numbers for answer in exact])


def _exchanged(case: Case) -> Diagnosis | None:
    """Look for two names of the formula that were exchanged."""
    formula = case.claim.formula
    if formula is None:
        return None
    symbols = [
        symbol
        for symbol in formula.equation.expression.free_symbols
        if not isinstance(symbol, Index) and getattr(symbol, "values", None) is None
    ]
    for first, second in combinations(sorted(symbols, key=str), 2):
        if getattr(first, "axes", ()) != getattr(second, "axes", ()):
            continue
        turned = renamed(formula.equation.expression, {first: second, second: first})
        if _gives(case.few(), formula, turned) and _gives(case, formula, turned):
            names = " and ".join(str(symbol).lstrip("=") for symbol in (first, second))
            return Diagnosis("swapped", f"{names} are swapped")
    return None


def _gives(case: Case, formula: Formula, expression: Any) -> bool:
    """Whether another expression in the names of a formula is right."""
    for answer in case.exact:
        numbers = formula.numbers(case.subject.entry, answer.row, expression)
        spread = numbers * len(answer.numbers) if len(numbers) == 1 else numbers
        if not all(_alike(n.value, e) for n, e in zip(spread, answer.numbers, strict=True)):
            return False
    return True


def _other(case: Case) -> Diagnosis | None:
    if case.subject.what != "gradient":
        return None
    for name in case.subject.entry.gradients:
        other = replace(case.subject, wrt=name)
        if name != case.subject.wrt and _is(case, other):
            return Diagnosis("argument", f"it is the derivative with respect to {name}")
    return None


def _order(case: Case) -> Diagnosis | None:
    words = {"value": "the value itself", "gradient": "the first derivative"}
    for what, sentence in words.items():
        if what != case.subject.what and not case.subject.full:
            other = Subject(case.subject.entry, what, case.subject.wrt)  # type: ignore[arg-type]
            if _is(case, other):
                return Diagnosis("order", f"it is {sentence}")
    return None


def _is(case: Case, subject: Subject) -> bool:
    """Whether the claim is right about another subject."""
    few = case.few()
    found = answers(subject, [answer.row for answer in few.exact])
    return few.equals([answer.numbers for answer in found])


def _link(case: Case) -> Diagnosis | None:
    """Look for a chain rule that stops short of the link, or goes through it once too often."""
    if case.subject.what != "gradient":
        return None
    low, high = (
        getattr(case.subject.entry.argument(case.subject.wrt).domain, end)
        for end in ("low", "high")
    )
    for link in LINKS:
        if (link.low, link.high) not in ((low, high), (None, None)):
            continue
        for power, sentence in ((-1, link.missing), (1, link.excess)):
            linked = [
                [
                    number * link.slope(x) ** power
                    for number, x in zip(answer.numbers, _floats(case, answer), strict=True)
                ]
                for answer in case.exact
            ]
            if sentence and case.equals(linked):
                return Diagnosis("link", sentence)
    return None


def _floats(case: Case, answer: Answer) -> list[Any]:
    return [mp.mpf(float(x)) for x in np.ravel(answer.row[case.subject.wrt])]


def _part(case: Case) -> Diagnosis | None:
    """Look for the part of the formula that a simple change would make right."""
    if case.claim.formula is None:
        return None
    found = blamed(case.claim.formula, case.subject.entry, case.exact)
    return Diagnosis(*found) if found is not None else None
