"""Numerical slopes in float64: Richardson extrapolation of central differences, and one-sided
slopes.

Nothing here knows a formula. Steps halve from a sixteenth of the number downwards, and the estimate
is kept whose own error estimate is least (Ridders 1982), so that a kink at a distance spoils only
the longer steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossgen.language.domains import Domain

Function = Callable[[Any], Any]  # moved numbers (levels, rows) -> results of the same shape

LEVELS = 12
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Slope:
    """Slopes of rows with the error that each is known to: inf where there is none."""

    slope: Any
    error: Any


def central(function: Function, at: Any, room: Any, size: Any) -> Slope:
    """Return the slope at each row's number.

    `room` is how far it may move; `size` that of the largest term of the function, whose rounding
    the function carries however small it is.
    """
    first = np.minimum(np.maximum(abs(at), 1 / 16) / 16, room / 2)
    steps = first * 2.0 ** -np.arange(LEVELS)[:, None]
    up, down = function(at + steps), function(at - steps)
    with np.errstate(all="ignore"):
        noise = 4 * EPS * np.maximum(np.maximum(abs(up), abs(down)), size) / steps
        estimates = (up - down) / ((at + steps) - (at - steps))
        return _extrapolated(estimates, noise)


def _extrapolated(estimates: Any, noise: Any) -> Slope:
    """Return the entry of the Richardson table that disagrees least with its neighbours."""
    best, least = estimates[0].copy(), np.full(estimates.shape[1:], np.inf)
    previous = estimates
    for order in range(1, 4):
        factor = 4.0**order
        current = (factor * previous[1:] - previous[:-1]) / (factor - 1)
        apart = np.maximum(abs(current - previous[1:]), abs(current - previous[:-1]))
        doubt = apart + noise[order:]
        doubt = np.where(np.isfinite(doubt), doubt, np.inf)
        place = np.argmin(doubt, axis=0)[None]
        found = np.take_along_axis(doubt, place, 0)[0]
        best = np.where(found < least, np.take_along_axis(current, place, 0)[0], best)
        least = np.minimum(found, least)
        previous = current
    return Slope(best, least)


def one_sided(function: Function, at: Any, room: Any) -> tuple[Any, Any]:
    """Return the slopes to the left and right, to about 1e-6; NaN where the function jumps."""
    long = np.minimum(np.maximum(abs(at), 1 / 16) * 2.0**-20, room / 2)
    short = long / 8
    with np.errstate(all="ignore"):
        far, near, middle, close, away = function(
            np.stack([at - long, at - short, at, at + short, at + long])
        )
        left = _steady((middle - near) / (at - (at - short)), (middle - far) / (at - (at - long)))
        right = _steady(
            (close - middle) / ((at + short) - at), (away - middle) / ((at + long) - at)
        )
    return left, right


def _steady(short: Any, long: Any) -> Any:
    # Across a jump, or beside an infinite slope, a shorter step gives a steeper slope without end.
    return np.where(abs(short) > 2 * abs(long) + 1e-3, np.nan, long)


def room(domain: Domain, at: Any) -> Any:
    """Return how far numbers may move and stay in their domain; 0 where they cannot."""
    if domain.name == "Sign" or domain.integer:
        return np.zeros(np.shape(at))
    found = np.full(np.shape(at), np.inf)
    if domain.low is not None:
        found = np.minimum(found, at - domain.low)
    if domain.high is not None:
        found = np.minimum(found, domain.high - at)
    return found
