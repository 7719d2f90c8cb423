"""Numbers of parts of a formula at sample points, and how two lists of numbers are related."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from lossgen.formulas.evaluate import Values, evaluate

# Numbers of high precision, so that what is left of a difference is the difference.
Exact = NDArray[np.object_]
Flags = NDArray[np.bool_]

DIGITS = 50
# Formulas differ by far more, and float64, in which numbers are compared, by far less.
_TOLERANCE = 1e-9
_ZERO = 1e-35
# With fewer points than this every two formulas are proportional.
_FEWEST = 3


@dataclass(frozen=True)
class Samples:
    """Points with the places of the free indices, and what a part should be there."""

    values: tuple[Values, ...]
    places: tuple[Mapping[Any, int], ...]
    target: Exact

    def __len__(self) -> int:
        return len(self.target)

    def numbers(self, expression: Any) -> Exact:
        """Return the numbers of an expression at the points."""
        found = np.empty(len(self), object)
        with mp.workdps(DIGITS):
            for at, (values, places) in enumerate(zip(self.values, self.places, strict=True)):
                found[at] = evaluate(expression, values, places).value
        return found

    def aiming(self, target: Exact) -> Samples:
        """Return the points with another target."""
        return Samples(self.values, self.places, target)

    def where(self, chosen: Any) -> Samples:
        """Return some of the points."""
        kept = np.flatnonzero(chosen)
        return Samples(
            tuple(self.values[at] for at in kept),
            tuple(self.places[at] for at in kept),
            self.target[kept],
        )


def each(function: Any, *numbers: Exact) -> Exact:
    """Return a function of numbers, one by one and in high precision; NaN where it has no value."""
    found = np.empty(len(numbers[0]), object)
    with mp.workdps(DIGITS):
        for at, some in enumerate(zip(*numbers, strict=True)):
            try:
                value = function(*some)
            except (ZeroDivisionError, ValueError, OverflowError):
                value = mp.nan
            found[at] = value if isinstance(value, mp.mpf) else mp.nan
    return found


def floats(numbers: Exact) -> NDArray[np.float64]:
    """Return numbers as floats."""
    return numbers.astype(np.float64)


def finite(numbers: Exact) -> Flags:
    """Return which numbers are finite, as floats too."""
    return np.isfinite(floats(numbers))


def alike(found: Exact, wanted: Exact) -> Flags:
    """Return where numbers agree."""
    left, right = floats(found), floats(wanted)
    with np.errstate(invalid="ignore"):
        near = np.abs(left - right) <= _TOLERANCE * np.maximum(np.abs(left), np.abs(right)) + _ZERO
    return near | (np.isnan(left) & np.isnan(right))


def factor(found: Any, wanted: Any) -> float | None:
    """Return the constant c for which wanted = c found at all points, None if there is none."""
    found, wanted = found.astype(np.float64), wanted.astype(np.float64)
    zero = (np.abs(found) < _ZERO) & (np.abs(wanted) < _ZERO)
    found, wanted = found[~zero], wanted[~zero]
    if len(found) < _FEWEST or not np.all(np.abs(found) > _ZERO):
        return None
    ratios = wanted / found
    if not np.isfinite(ratios[0]) or ratios[0] == 0:
        return None
    if not np.all(np.abs(ratios - ratios[0]) <= _TOLERANCE * abs(ratios[0])):
        return None
    return rounded(float(ratios[0]))


def rounded(number: float) -> float:
    """Return a number as a simple fraction where it is one, up to rounding."""
    simple = round(number * 5040) / 5040
    return simple if simple and abs(number - simple) < 1e-8 * abs(simple) else number


def is_simple(number: float) -> bool:
    """Whether a number is a small multiple or part of 1: what people forget."""
    return any(
        abs(number * below - round(number * below)) < 1e-9 and 0 < abs(round(number * below)) <= 12
        for below in (1, 2, 3, 4, 5, 6, 8)
    )


def shown(number: float) -> str:
    """Return a constant as one would write it."""
    for below in (1, 2, 3, 4, 5, 6, 8):
        above = round(number * below)
        if above and abs(number * below - above) < 1e-9 * abs(above):
            return f"{above}" if below == 1 else f"{above}/{below}"
    return f"{number:.6g}"
