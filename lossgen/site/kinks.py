"""Where a curve bends or jumps: found on the numbers themselves, by halving."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# A jump that is left between two neighbours this far apart is no slope: the curve would have to
# rise by a billion times its range in one unit.
_STEPS = 40
_SHARE = 1e-3


def jumps(curve: Curve, places: NDArray[np.float64]) -> list[float]:
    """Return the places between the first and the last of `places` at which a curve jumps.

    Each gap between two places is halved to the side on which the curve changes more, until nothing
    but a jump can be left in it.
    """
    values = curve(places)
    finite = values[np.isfinite(values)]
    if finite.size == 0 or np.ptp(finite) == 0:
        return []
    least = _SHARE * np.ptp(finite)
    gaps = np.flatnonzero(np.abs(np.diff(values)) > least)
    found = [_narrowed(curve, places[gap], places[gap + 1], least) for gap in gaps]
    return sorted({round(place, 6) + 0.0 for place in found if place is not None})


def _narrowed(curve: Curve, left: float, right: float, least: float) -> float | None:
    """Return the place of a jump larger than `least` between two places; None without one."""
    for _ in range(_STEPS):
        middle = (left + right) / 2
        low, between, high = curve(np.array([left, middle, right]))
        if not abs(high - low) > least:
            return None
        if abs(between - low) > abs(high - between):
            right = middle
        else:
            left = middle
    return (left + right) / 2
