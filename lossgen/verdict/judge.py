"""From a claim to a verdict: where it differs from the exact answers, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.formulas.errors import FormulaError
from lossgen.formulas.evaluate import Definition
from lossgen.language.entry import Entry

from .boundaries import beside
from .claim import Claim, entry_definitions
from .diagnosis import Case, diagnosis
from .digits import is_rounding, lost
from .points import Row, extreme, points, shown
from .question import Answer, Subject, answers, close
from .regions import Regions
from .symbolic import proved
from .verdict import RIGHT, UNREADABLE, WRONG, Verdict

# As many points inside a domain have to agree before its ends are called exceptions.
_INSIDE = 6
# Where a formula is diagnosed: beyond it only one of its terms counts.
_TYPICAL = 60.0


def judged(claim: Claim, regions: Regions) -> Verdict:
    """Compare a claim with the exact answers, and return the verdict."""
    subject = claim.subject
    symbolic = proved(claim)
    rows = _rows(claim, regions)
    exact = answers(subject, rows, regions)
    numbers = [
        _filled(found, answer)
        for found, answer in zip(claim.numbers([a.row for a in exact]), exact, strict=True)
    ]
    wrong = [
        (at, place)
        for at, (answer, found) in enumerate(zip(exact, numbers, strict=True))
        if (place := _first_wrong(answer, found, claim.tolerance)) is not None
    ]
    inside = sum(not answer.edge for answer in exact)
    serious = [
        (at, place)
        for at, place in wrong
        if not exact[at].kink and not (exact[at].edge and inside >= _INSIDE)
    ]
    rounded = [
        at
        for at, place in serious
        if is_rounding(claim, exact[at], place, numbers[at][place].value)
    ]
    serious = [(at, place) for at, place in serious if at not in rounded]
    wrong = [(at, place) for at, place in wrong if at not in rounded]
    if serious:
        simplest = min(serious, key=lambda each: _digits(shown(subject.entry, exact[each[0]].row)))
        return _wrong(claim, exact, numbers, simplest)
    digits = lost(claim, exact, [exact[at] for at in rounded])
    return _right(claim, exact, [exact[at] for at, _ in wrong], symbolic, digits)


def _digits(text: str) -> int:
    """Return how many digits a row takes: the fewer, the simpler it is."""
    return sum(letter.isdigit() for letter in text)


def _rows(claim: Claim, regions: Regions) -> list[Row]:
    """Return the rows at which a claim is tried."""
    entry = claim.subject.entry
    rows = list(points(entry, regions))
    own = [entry.value, *(definition.expression for definition in entry.definitions)]
    if claim.formula is None:
        known: Mapping[Any, Definition] = entry_definitions(entry)
    else:
        known = claim.formula.known
        own.append(claim.formula.equation.expression)
    near = list(beside(entry, own, known, rows, regions))
    if claim.formula is not None:  # a function may overflow where its mathematics does not
        rows += extreme(entry, regions)
    return rows + near


def _filled(found: Sequence[Any], answer: Answer) -> list[Any]:
    """Return the claimed numbers, one for each place; a formula without indices holds at all."""
    if len(found) == 1:
        return list(found) * len(answer.numbers)
    if found and len(answer.numbers) % len(found) == 0 and len(found) != len(answer.numbers):
        raise FormulaError(
            f"found {len(found)} numbers where {len(answer.numbers)} are expected; write the "
            "derivative as an equation with all its indices"
        )
    if len(found) != len(answer.numbers):
        raise FormulaError(f"found {len(found)} numbers where {len(answer.numbers)} are expected")
    return list(found)


def _first_wrong(answer: Answer, found: Sequence[Any], tolerance: float) -> int | None:
    """Return the first place at which a claim is neither the exact number nor another at a tie."""
    for place, number in enumerate(found):
        choices = (answer.numbers, *answer.others)
        if not any(close(number.value, exact[place], number.size, tolerance) for exact in choices):
            return place
    return None


def _wrong(
    claim: Claim,
    exact: Sequence[Answer],
    numbers: Sequence[Sequence[Any]],
    first: tuple[int, int],
) -> Verdict:
    at, place = first
    answer, subject = exact[at], claim.subject
    smooth = [each for each, answer in enumerate(exact) if _is_typical(answer)]
    found = [[number.value for number in numbers[each]] for each in smooth]
    said = diagnosis(Case(claim, [exact[each] for each in smooth], found))
    expected, got = _shown(answer.numbers[place]), _shown(numbers[at][place].value)
    point = shown(subject.entry, answer.row)
    where = f"{_element(subject, answer, place)}at {point}"
    sentence = f"This is not {subject}: {where}, it should be {expected}, and is {got}."
    if said is not None:
        sentence += f" Probably {said.sentence}."
    read = readings(claim)
    if read:
        sentence += f" Read with {', '.join(read)}."
    return Verdict(
        WRONG, sentence, point, expected, got,
        said.sentence if said else "", said.cause if said else "",
        proof="points", points=len(exact), read=read,
    )  # fmt: skip


def _is_typical(answer: Answer) -> bool:
    """Whether a row lies inside the domain, off the kinks, and not far out."""
    numbers = (np.asarray(number, float) for number in answer.row.values())
    near = all(np.all(np.abs(number) <= _TYPICAL) for number in numbers)
    return near and not answer.kink and not answer.edge


def readings(claim: Claim) -> tuple[str, ...]:
    """Return what names were taken for by convention, as "y = target"."""
    if claim.formula is None:
        return ()
    return tuple(f"{name} = {argument}" for name, argument in sorted(claim.formula.read.items()))


def _right(
    claim: Claim, exact: Sequence[Answer], wrong: Sequence[Answer], symbolic: bool, digits: str
) -> Verdict:
    subject = claim.subject
    if not exact:
        return Verdict(UNREADABLE, f"{subject} has no finite value at any point that was tried.")
    proof = "symbolic" if symbolic else "points"
    how = "equal as expressions, and it agrees" if symbolic else "it agrees"
    sentence = f"This is {subject}: {how} at {len(exact) - len(wrong)} points"
    exceptions = tuple(_exception(subject.entry, answer) for answer in wrong)
    if not exceptions:
        sentence += ", kinks and ties included."
    else:
        smooth = sum(not answer.kink for answer in exact)
        sentence += f" ({smooth} of them smooth), except {exceptions[0]}."
    if digits:
        sentence += f" It is right in exact arithmetic, but {digits}."
    return Verdict(
        RIGHT, sentence, diagnosis=digits, cause="digits" if digits else "",
        exceptions=exceptions, proof=proof, points=len(exact), read=readings(claim),
    )  # fmt: skip


def _exception(entry: Entry, answer: Answer) -> str:
    point = shown(entry, answer.row)
    if answer.kink:
        return f"at kinks, such as {point}, where the convention of lossgen is another"
    return f"at the end of the domain, such as {point}, where it has another value or none"


def _element(subject: Subject, answer: Answer, place: int) -> str:
    if subject.what == "value" or len(answer.numbers) == 1:
        return ""
    shape = np.shape(answer.row[subject.wrt])
    places = np.unravel_index(place, shape * 2 if subject.full else shape)
    return f"for {subject.wrt}[{', '.join(str(int(each)) for each in places)}] "


def _shown(number: Any) -> str:
    return str(mp.nstr(number, 8)) if not mp.isnan(number) else "undefined"
