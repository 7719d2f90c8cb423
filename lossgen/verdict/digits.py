"""Digits that a Python function loses in float32, although its mathematics is right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.formulas.errors import FormulaError

from .claim import Claim, called
from .points import Row
from .question import Answer, answers

# float32 carries 7.2 digits; a formula of a few operations keeps all but the last two of them.
_KEPT = 5.0
# Where a number shows what is lost: as far out as a sigmoid or a logarithm is still a float32.
_FAR = (0.0, 3.0, 8.0, 12.0, 16.0, 20.0, 40.0, 80.0, 1e-3, 1e-6, 1e-12)


def lost(claim: Claim, exact: Sequence[Answer]) -> str:
    """Return where a function loses digits in float32, as the end of a sentence; empty if nowhere.

    Formulas are mathematics, and lose nothing.
    """
    if claim.function is None:
        return ""
    worst, where = 7.2, ""
    for answer in answers(claim.subject, _rows(claim, exact)):
        kept = _kept(claim, answer)
        if kept < worst - 0.05:
            worst, where = kept, _text(claim, answer.row)
    if worst >= _KEPT:
        return ""
    return f"in float32 it keeps {max(worst, 0):.1f} of 7.2 digits at {where}"


def _text(claim: Claim, row: Row) -> str:
    numbers = {name: np.asarray(value) for name, value in row.items()}
    return ", ".join(
        f"{name}={np.array2string(value, precision=6, separator=', ')}"
        for name, value in numbers.items()
        if name not in claim.subject.entry.prepared
    )


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
    digits = [
        _digits(number.value, exactly)
        for number, exactly in zip(numbers, answer.numbers, strict=True)
    ]
    return min(digits, default=math.inf)


def _digits(found: Any, exactly: Any) -> float:
    smallest, largest = 1e-36, 1e36  # what is no normal float32 has fewer digits
    if not smallest < abs(exactly) < largest:
        return math.inf
    if not mp.isfinite(found):
        return 0.0
    error = abs(found - exactly) / abs(exactly)
    return float(-mp.log10(error)) if error else math.inf


