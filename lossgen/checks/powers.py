"""Rows of the atoms of two arguments over jets: log-add-exp, moments, powers and transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf
from sympy import polygamma

from lossgen.language.functions import (
    boxcox,
    boxcox1p,
    exp_moment,
    logaddexp,
    sigmoid_power,
)  # fmt: skip

from .elementary import INFINITY, NAN, log1p_row, log_row, logistic
from .special import polygamma_row

Curvatures = dict[tuple[int, int], tuple[Any, ...]]
Row2 = tuple[Any, tuple[Any, Any], Curvatures]  # f(u, v), slopes (or their terms), curvatures


def _logaddexp(u: Any, v: Any) -> Row2:
    if mp.isinf(u) or mp.isinf(v):
        return max(u, v), (mpf(u >= v), mpf(v >= u)), {}
    up, down = logistic(u - v)
    bend = up * down
    value = max(u, v) + mp.log1p(mp.exp(-abs(u - v)))
    return value, (up, down), {(0, 0): (bend,), (0, 1): (-bend,), (1, 1): (bend,)}


def _moment(u: Any, n: int) -> Any:
    """Return the integral of s^n e^(s u) over s from 0 to 1, by parts or as a power series."""
    if u == -INFINITY:
        return mpf(0)
    if abs(u) > 1:
        found, power = mp.expm1(u) / u, mp.exp(u)
        for order in range(1, n + 1):
            found = (power - order * found) / u
        return found
    found, term, k = mpf(0), mpf(1), 0
    while abs(term) > mp.eps:
        found += term / (n + 1 + k)
        k += 1
        term *= u / k
    return found


def _exp_moment(u: Any, n: Any) -> Row2:
    value, slope, bend = (_moment(u, int(n) + more) for more in range(3))
    return value, (slope, mpf(0)), {(0, 0): (bend,)}


def _power_transform(base: Any, logarithm: Any, a: Any) -> Row2:
    """Return (base^a - 1) / a by its argument and by a, where logarithm = log base."""
    if base < 0:
        return NAN, (NAN, NAN), {}
    if not base:
        return _power_transform_of_zero(a)
    exponent = a * logarithm
    slope = mp.exp(exponent - logarithm)
    value, by_a, bend = (logarithm ** (n + 1) * _moment(exponent, n) for n in range(3))
    bent = {(0, 0): ((a - 1) * slope / base,), (0, 1): (slope * logarithm,), (1, 1): (bend,)}
    return value, (slope, by_a), bent


def _power_transform_of_zero(a: Any) -> Row2:
    if a <= 0:
        return -INFINITY, (INFINITY, INFINITY), {}
    slope = INFINITY if a < 1 else mpf(1) if a == 1 else mpf(0)
    bend = -INFINITY if a < 1 else mpf(0) if a == 1 or a > 2 else mpf(1) if a == 2 else INFINITY
    return -1 / a, (slope, 1 / a**2), {(0, 0): (bend,), (1, 1): (-2 / a**3,)}


def _boxcox(u: Any, a: Any) -> Row2:
    return _power_transform(u, log_row(u)[0], a)


def _boxcox1p(u: Any, a: Any) -> Row2:
    return _power_transform(1 + u, log1p_row(u)[0], a)


def _sigmoid_power(u: Any, a: Any) -> Row2:
    _, down = logistic(u)
    logarithm = -mp.log1p(mp.exp(-u))
    value = mp.exp(a * logarithm)
    slope = a * value * down
    bent = {
        (0, 0): (a * slope * down, -slope * (1 - down)),
        (0, 1): (value * down, slope * logarithm),
        (1, 1): (value * logarithm**2,),
    }
    return value, (slope, value * logarithm), bent


def _polygamma(n: Any, u: Any) -> Row2:
    value, slope, curvature = polygamma_row(int(n))(u)
    return value, (mpf(0), slope), {(1, 1): curvature}


POWERS: dict[type, Callable[[Any, Any], Row2]] = {
    logaddexp: _logaddexp, exp_moment: _exp_moment, boxcox: _boxcox, boxcox1p: _boxcox1p,
    sigmoid_power: _sigmoid_power, polygamma: _polygamma,
}  # fmt: skip
