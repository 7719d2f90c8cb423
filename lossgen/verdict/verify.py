"""`verify`: a claim, the exact answers, the simplest point at which they differ, a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.formulas.errors import FormulaError
from lossgen.language.entry import Entry
from lossgen.runtime.errors import ArgumentError, ArgumentTypeError

from . import claim as claims
from .claim import Claim
from .diagnosis import Case, diagnosis
from .points import Row, points
from .question import Answer, Subject, What, answers, close
from .verdict import RIGHT, UNREADABLE, WRONG, Verdict


def verify(
    loss: Any,
    *,
    value: str | None = None,
    gradient: str | None = None,
    hessian: str | None = None,
    wrt: str | None = None,
    python: str | None = None,
) -> Verdict:
    r"""Say whether a formula is the value, the gradient or the Hessian diagonal of a loss.

    A formula is LaTeX, as the pages of the losses write it, or text in SymPy's syntax. It uses the
    names of the arguments, of the author's quantities, and of definitions that follow it after a
    semicolon. Text is parsed, never evaluated as code. `python="module:function"` names a function
    of arrays that computes the gradient; such a function is imported and called.

    >>> verify(squared_error, gradient="2*r; r = prediction - target")

    Args:
        loss: the loss, shipped or a user's own.
        value: formula of the value.
        gradient: formula of the derivative with respect to `wrt`.
        hessian: formula of the second derivative, its diagonal where `wrt` has axes.
        wrt: argument of the derivative; the one that `loss.gradient` takes by default.
        python: a function to judge instead of a formula.

    Raises:
        ArgumentTypeError: unless exactly one formula or function is given.
        ArgumentError: when `wrt` is no argument that is differentiated.
    """
    entry: Entry = loss.entry
    given: dict[What, str | None] = {"value": value, "gradient": gradient, "hessian": hessian}
    asked: list[tuple[What, str]] = [
        (what, text) for what, text in given.items() if text is not None
    ]
    if len(asked) + (python is not None) != 1:
        raise ArgumentTypeError(
            f"{entry.name}: found {len(asked) + (python is not None)} claims; give exactly one of "
            "value=, gradient=, hessian= and python="
        )
    what, text = asked[0] if asked else ("gradient", python or "")
    argument = wrt or entry.wrt[0]
    if argument not in entry.gradients:
        raise ArgumentError(
            f"{entry.name}: wrt={argument!r} is not differentiated; expected one of "
            f"{', '.join(entry.gradients)}"
        )
    subject = Subject(entry, what, argument)
    try:
        claim = claims.function(subject, text) if python else claims.formula(subject, text)
        return judged(subject, claim)
    except FormulaError as error:
        return Verdict(UNREADABLE, f"This cannot be read as {subject}: {error}")


def judged(subject: Subject, claim: Claim) -> Verdict:
    """Compare a claim with the exact answers, and return the verdict."""
    exact = answers(subject, points(subject.entry))
    numbers = [
        _filled(found, answer)
        for found, answer in zip(claim.numbers([a.row for a in exact]), exact, strict=True)
    ]
    wrong = [
        (at, place)
        for at, (answer, found) in enumerate(zip(exact, numbers, strict=True))
        if (place := _first_wrong(answer, found, claim.tolerance)) is not None
    ]
    serious = [(at, place) for at, place in wrong if not exact[at].kink]
    if serious:
        simplest = min(serious, key=lambda each: len(shown(subject.entry, exact[each[0]].row)))
        return _wrong(subject, claim, exact, numbers, simplest)
    return _right(subject, exact, [exact[at] for at, _ in wrong])


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
    subject: Subject,
    claim: Claim,
    exact: Sequence[Answer],
    numbers: Sequence[Sequence[Any]],
    first: tuple[int, int],
) -> Verdict:
    at, place = first
    answer = exact[at]
    smooth = [each for each, answer in enumerate(exact) if not answer.kink]
    found = [[number.value for number in numbers[each]] for each in smooth]

    def claimed(rows: Sequence[Row]) -> list[list[Any]]:
        return [[number.value for number in row] for row in claim.numbers(rows)]

    said = diagnosis(Case(subject, [exact[each] for each in smooth], found, claimed))
    expected, got = _shown(answer.numbers[place]), _shown(numbers[at][place].value)
    point = shown(subject.entry, answer.row)
    where = f"{_element(subject, answer, place)}at {point}"
    sentence = f"This is not {subject}: {where}, it should be {expected}, and is {got}."
    if said:
        sentence += f" Probably {said}."
    return Verdict(WRONG, sentence, point, expected, got, said)


def _right(subject: Subject, exact: Sequence[Answer], wrong: Sequence[Answer]) -> Verdict:
    if not exact:
        return Verdict(UNREADABLE, f"{subject} has no finite value at any point that was tried.")
    smooth = sum(not answer.kink for answer in exact)
    sentence = f"This is {subject}: it agrees at {len(exact) - len(wrong)} points"
    if not wrong:
        return Verdict(RIGHT, f"{sentence}, kinks and ties included.")
    return Verdict(
        RIGHT,
        f"{sentence} ({smooth} of them smooth), except at kinks, such as "
        f"{shown(subject.entry, wrong[0].row)}, "
        "where the convention of lossgen is another.",
    )


def _element(subject: Subject, answer: Answer, place: int) -> str:
    if subject.what == "value" or len(answer.numbers) == 1:
        return ""
    places = np.unravel_index(place, np.shape(answer.row[subject.wrt]))
    return f"for {subject.wrt}[{', '.join(str(int(each)) for each in places)}] "


def _shown(number: Any) -> str:
    return str(mp.nstr(number, 8)) if not mp.isnan(number) else "undefined"


def shown(entry: Entry, row: Row) -> str:
    """Return a row as one would type it, prepared arguments left out."""
    texts = []
    for argument in entry.arguments:
        if argument.name not in entry.prepared:
            array = np.asarray(row[argument.name])
            text = np.array2string(array, precision=6, separator=", ").replace("\n", "")
            texts.append(
                f"{argument.name}={text}" if array.ndim else f"{argument.name}={array[()]:.8g}"
            )
    return ", ".join(texts)
