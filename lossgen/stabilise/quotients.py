"""Quotients of polynomials that stand for a curve and its derivatives near its removable place.

P(w) / Q(w) of degree 8 goes through the exact function at the zeros of a Chebyshev polynomial,
which is as good as best, and has no 0/0 and no cancellation: w = t^2 for an even or odd function,
else the distance from an end of the interval, so that the coefficients of what is singular beyond
that end are positive. How wide the interval may be is found by trying: at points of it, P and Q in
float64 have to be within LARGEST ulp of the exact value; where a derivative goes through 0, of a
share of what rounding t by an ulp moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import lambdify

from lossgen.language.curves import ARGUMENT, Curve
from lossgen.language.functions import DEFINITIONS

DEGREE = 8
# Value, slope and curvature: what kernels ask for.
ORDERS = (0, 1, 2)
# Two sums of the Horner scheme and a quotient are 2 ulp; FMA, which kernels have, makes it less.
LARGEST = 3.5
SHARE = 8
DIGITS = 80
POINTS, EVERYWHERE = 41, 1025
NEAR = (1e-3, -1e-5, 1e-9)
# From wide to narrow: the wider, the less do the terms of the closed form cancel outside.
REACHES = (4.0, 3.0, 2.5, 2.0, 1.5, 1.25, 1.0, 0.75, 0.5, 0.375, 0.25, 0.125)
ENDS = (
    (4.0, 4.0), (3.0, 3.0), (2.0, 2.0), (1.5, 1.5), (1.0, 2.0), (1.0, 1.0), (0.75, 1.5),
    (0.5, 1.0), (0.375, 0.75), (0.25, 0.5), (0.1875, 0.375), (0.125, 0.25),
)  # fmt: skip
# Where a limit is taken: the 80 digits leave enough beside it.
TINY = mpf(10) ** -12

Exact = Callable[[Any], Any]


class Unfit(Exception):
    """A function that is not a smooth real one on an interval."""


@lru_cache(maxsize=256)
def curve_of(numerator: Any, power: int) -> Curve | None:
    """Return numerator / t**power as a curve with the widest interval, None if there is none."""
    for low, high, side in _intervals(numerator, power):
        curve = Curve(numerator, power, low, high, side)
        try:
            if all(_worst(curve, order) <= LARGEST for order in ORDERS):
                return curve
        except (Unfit, ZeroDivisionError, ValueError, TypeError):
            continue
    return None


def _intervals(numerator: Any, power: int) -> Iterator[tuple[float, float, str]]:
    try:
        parity = _parity(exact(Curve(numerator, power, -1.0, 1.0, "centre"), 0))
    except (Unfit, ZeroDivisionError, ValueError, TypeError):
        return
    if parity is not None:
        yield from ((-reach, reach, "square") for reach in REACHES)
        return
    for near, far in ENDS:
        yield from ((-near, far, "low"), (-far, near, "high"), (-near, far, "centre"))
        yield (-far, near, "centre")


def exact(curve: Curve, order: int) -> Exact:
    """Return a derivative of a curve as a function of mpmath numbers, other than 0."""
    plain = curve.expression
    for atom, meaning in DEFINITIONS.items():
        plain = plain.replace(atom, meaning)
    function = lambdify(ARGUMENT, plain, "mpmath")

    def value(t: Any) -> Any:
        with mp.workdps(DIGITS):
            found = mp.diff(function, t, order) if order else function(mpf(t))
            if not isinstance(found, mpf) or not mp.isfinite(found):
                raise Unfit
            return found

    return value


def limit(curve: Curve, order: int) -> Any:
    """Return a derivative of a curve at 0, as a number of mpmath; 0 where it rounds to it."""
    function = exact(curve, order)
    with mp.workdps(DIGITS):
        found = (function(TINY) + function(-TINY)) / 2
        return mpf(0) if abs(found) < TINY else found


def _parity(function: Exact) -> int | None:
    """Return 0 for an even function, 1 for an odd one, None for any other."""
    places = [mpf(place) / 64 for place in (1, 3, 7)]
    for parity, sign in ((0, 1), (1, -1)):
        if all(abs(function(t) - sign * function(-t)) <= TINY * abs(function(t)) for t in places):
            return parity
    return None


def zeros(curve: Curve, order: int) -> int:
    """Return how many times a derivative of a curve is 0 at 0, up to 3."""
    function = exact(curve, order)
    with mp.workdps(DIGITS):
        first, second = function(TINY), function(2 * TINY)
        return min(max(int(mp.nint(mp.log(abs(second / first), 2))), 0), 3) if first else 3


@lru_cache(maxsize=1024)
def polynomials(curve: Curve, order: int) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """Return (m, P, Q): a derivative of a curve is t**m P(w) / Q(w), lowest coefficients first."""
    function, m = exact(curve, order), zeros(curve, order)
    first, last = sorted(curve.variable(t) for t in (curve.low, curve.high))
    first = 0.0 if curve.side == "square" else first
    count = 2 * DEGREE + 1
    with mp.workdps(DIGITS):
        middle, half = (mpf(first) + last) / 2, (mpf(last) - first) / 2
        angles = [mp.pi * (2 * place + 1) / (2 * count) for place in range(count)]
        places = [middle + half * mp.cos(angle) for angle in angles]
        rows, right = mp.matrix(count, count), mp.matrix(count, 1)
        for row, w in enumerate(places):
            t = _place(curve, w)
            sides = (t,) if abs(t) > TINY else (TINY, -TINY)
            found = sum(function(side) / side**m for side in sides) / len(sides)
            for power in range(DEGREE + 1):
                rows[row, power] = w**power
                if power:
                    rows[row, DEGREE + power] = -found * w**power
            right[row] = found
        solved = [float(number) for number in mp.lu_solve(rows, right)]
    return m, tuple(solved[: DEGREE + 1]), (1.0, *solved[DEGREE + 1 :])


def _place(curve: Curve, w: Any) -> Any:
    match curve.side:
        case "square":
            return mp.sqrt(w)
        case "low":
            return curve.low + w
        case "high":
            return curve.high - w
        case _:
            return w


def _worst(curve: Curve, order: int) -> float:
    """Return the largest error in ulps of P / Q in float64, at points of the interval."""
    m, above, below = polynomials(curve, order)
    places = np.linspace(curve.low, curve.high, EVERYWHERE)
    if np.any(_horner(below, curve.variable(places)) <= 0):
        return np.inf  # a pole, be it with a zero beside it
    function, slope = exact(curve, order), exact(curve, order + 1)
    worst = 0.0
    for t in (*NEAR, *places[:: EVERYWHERE // POINTS]):
        if t == 0:
            continue
        w = curve.variable(t)
        found = float(t**m * (_horner(above, w) / _horner(below, w)))
        wanted = function(mpf(float(t)))
        moved = slope(mpf(float(t))) * float(t) / SHARE if order else wanted
        unit = np.spacing(max(abs(float(wanted)), abs(float(moved))))
        worst = max(worst, float(abs(found - wanted) / mpf(float(unit))))
    return worst if np.isfinite(worst) else np.inf


def _horner(coefficients: tuple[float, ...], w: Any) -> Any:
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * w + coefficient
    return total


__all__ = ["curve_of", "limit", "polynomials"]
