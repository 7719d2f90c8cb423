"""Digits that a Python function loses in float32, although its mathematics is right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.formulas.errors import FormulaError

from .claim import Claim, called
from .points import shown
from .question import Answer, answers

# float32 carries 7.2 digits; a formula of a few operations keeps all but the last two of them.
_KEPT = 5.0
# longdouble has 11 bits more than double: an error of rounding shrinks to a 2,000th.
_SHRUNK = 1e-2
# Where a number shows what is lost: as far out as a sigmoid or a logarithm is still a float32.
_FAR = (0.0, 3.0, 8.0, 12.0, 16.0, 20.0, 40.0, 80.0, 1e-3, 1e-6, 1e-12)


def lost(claim: Claim, exact: Sequence[Answer], rounded: Sequence[Answer] = ()) -> str:
    """Return where a function loses digits, as the end of a sentence; empty if nowhere.

    Even in float64 it does at the rows `rounded`. Formulas are mathematics, and lose nothing.
    """
    if claim.function is None:
        return ""
    if rounded:
        return f"even in float64 it loses digits, at {shown(claim.subject.entry, rounded[0].row)}"
    worst, where = 7.2, ""
    for answer in answers(claim.subject, _rows(claim, exact)):
        kept = _kept(claim, answer)
        if kept < worst - 0.05:
            worst, where = kept, shown(claim.subject.entry, answer.row)
    if worst >= _KEPT:
        return ""
    return f"in float32 it keeps {max(worst, 0):.1f} of 7.2 digits at {where}"


def _rows(claim: Claim, exact: Sequence[Answer]) -> Iterator[dict[str, Any]]:
    """Yield rows that float32 holds, with the differentiated argument near and far."""
    entry, name = claim.subject.entry, claim.subject.wrt
    domain = entry.argument(name).domain
    for answer in [answer for answer in exact if not answer.kink][:4]:
        for far in _FAR:
            for number in (far, -far, 1 - far):
                row = {key: _rounded(value) for key, value in answer.row.items()}
                array = np.array(row[name], float)
                if array.size and domain.contains(float(np.float32(number))):
                    array.flat[0] = np.float32(number)
                    yield {**row, name: array[()]}


def _rounded(value: Any) -> Any:
    array = np.asarray(value)
    return array if array.dtype.kind in "iu" else array.astype(np.float32).astype(np.float64)[()]


def _kept(claim: Claim, answer: Answer) -> float:
    """Return how many digits a function keeps at a row."""
    found = claim.function
    assert found is not None
    try:
        numbers = called(found, claim.subject, answer.row, np.float32)
    except FormulaError:  # a function that takes no float32 loses nothing in it
        return math.inf
    if len(numbers) != len(answer.numbers):
        return math.inf
    digits = map(_digits, (number.value for number in numbers), answer.numbers, answer.sizes)
    return min(digits, default=math.inf)


def _digits(found: Any, exactly: Any, size: float) -> float:
    """Return how many digits of the largest term are right."""
    smallest, largest = 1e-36, 1e36  # what is no normal float32 has fewer digits
    size = max(abs(exactly), size)
    if not smallest < size < largest or not smallest < abs(exactly):
        return math.inf
    if not mp.isfinite(found):
        return 0.0
    error = abs(found - exactly) / size
    return float(-mp.log10(error)) if error else math.inf


def is_rounding(claim: Claim, answer: Answer, place: int, found: Any) -> bool:
    """Whether a function is wrong at a row for lack of digits: with more of them it is less so.

    Where NumPy's longdouble is no wider than a double nothing is known, and the answer is no.
    """
    if claim.function is None:
        return False
    try:
        wider = called(claim.function, claim.subject, answer.row, np.longdouble)[place].value
    except (FormulaError, IndexError):
        return False
    exactly = answer.numbers[place]
    if not mp.isfinite(wider):
        return False
    error = abs(wider - exactly)
    return bool(not mp.isfinite(found) or error <= _SHRUNK * abs(found - exactly))
