"""Numbers of parts of a formula at sample points, and how two lists of numbers are related."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from lossgen.formulas.evaluate import Values, evaluate

Floats = NDArray[np.float64]

# Enough for parts that cancel at simple points.
_DIGITS = 50
# Formulas differ by far more, and float64 by far less.
_TOLERANCE = 1e-8
# With fewer points than this every two formulas are proportional.
_FEWEST = 3


@dataclass(frozen=True)
class Samples:
    """Points with the places of the free indices, and what a part of the formula should be there."""

    values: tuple[Values, ...]
    places: tuple[Mapping[Any, int], ...]
    target: Floats

    def __len__(self) -> int:
        return len(self.target)

    def numbers(self, expression: Any) -> Floats:
        """Return the numbers of an expression at the points."""
        with mp.workdps(_DIGITS):
            return np.array(
                [
                    float(evaluate(expression, values, at).value)
                    for values, at in zip(self.values, self.places, strict=True)
                ]
            )

    def aiming(self, target: Floats) -> Samples:
        """Return the points with another target."""
        return Samples(self.values, self.places, target)

    def where(self, chosen: NDArray[np.bool_]) -> Samples:
        """Return some of the points."""
        kept = np.flatnonzero(chosen)
        return Samples(
            tuple(self.values[at] for at in kept),
            tuple(self.places[at] for at in kept),
            self.target[kept],
        )


def alike(found: Floats, wanted: Floats) -> NDArray[np.bool_]:
    """Return where numbers agree."""
    with np.errstate(invalid="ignore"):
        size = np.maximum(np.abs(found), np.abs(wanted))
        return np.abs(found - wanted) <= _TOLERANCE * size + 1e-300


def factor(found: Floats, wanted: Floats) -> float | None:
    """Return the constant c for which wanted = c found at all points, None if there is none."""
    both_zero = (np.abs(found) < 1e-14) & (np.abs(wanted) < 1e-14)
    known = np.isfinite(found) & np.isfinite(wanted) & ~both_zero
    found, wanted = found[known], wanted[known]
    if len(found) < _FEWEST or not np.all(np.abs(found) > 1e-14):
        return None
    ratios = wanted / found
    if ratios[0] == 0 or not np.all(alike(ratios, np.full_like(ratios, ratios[0]))):
        return None
    return rounded(float(np.median(ratios)))


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


