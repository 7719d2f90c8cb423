"""Rows of elementary functions over jets: value, slope, and the terms of the curvature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf
from sympy import (
    acos,
    asin,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
    expm1,
    log1p,
    log_cosh,
    sech2,
    sigmoid,
    softplus,
)  # fmt: skip

from . import far

NAN = mpf("nan")
INFINITY = mpf("inf")

Row = tuple[Any, Any, tuple[Any, ...]]  # f(u), f'(u), terms of f''(u)


def _exp(u: Any) -> Row:
    power = mp.exp(u)
    return power, power, (power,)


def _expm1(u: Any) -> Row:
    power = mp.exp(u)
    return mp.expm1(u), power, (power,)


def log_row(u: Any) -> Row:
    """Return the row of log u."""
    if u <= 0:
        return (-INFINITY, INFINITY, (-INFINITY,)) if u == 0 else (NAN, NAN, ())
    return mp.log(u), 1 / u, (-1 / u**2,)


def log1p_row(u: Any) -> Row:
    """Return the row of log(1 + u)."""
    if u <= -1:
        return log_row(u + 1)
    return mp.log1p(u), 1 / (1 + u), (-1 / (1 + u) ** 2,)


def logistic(u: Any) -> tuple[Any, Any]:
    """Return the logistic function of u and of -u."""
    return 1 / (1 + mp.exp(-u)), 1 / (1 + mp.exp(u))


def _softplus(u: Any) -> Row:
    up, down = logistic(u)
    return mp.log1p(mp.exp(u)), up, (up * down,)


def _sigmoid(u: Any) -> Row:
    up, down = logistic(u)
    return up, up * down, (up * down * down, -up * up * down)


def _log_cosh(u: Any) -> Row:
    return mp.log1p(2 * mp.sinh(u / 2) ** 2), mp.tanh(u), (1 / mp.cosh(u) ** 2,)


def _sech2(u: Any) -> Row:
    value, slope = 1 / mp.cosh(u) ** 2, mp.tanh(u)
    return value, -2 * slope * value, (4 * slope**2 * value, -2 * value**2)


def _sinh(u: Any) -> Row:
    value = mp.sinh(u)
    return value, mp.cosh(u), (value,)


def _cosh(u: Any) -> Row:
    value = mp.cosh(u)
    return value, mp.sinh(u), (value,)


def _tanh(u: Any) -> Row:
    value, slope = mp.tanh(u), 1 / mp.cosh(u) ** 2
    return value, slope, (-2 * value * slope,)


def _sin(u: Any) -> Row:
    value = mp.sin(u)
    return value, mp.cos(u), (-value,)


def _cos(u: Any) -> Row:
    value = mp.cos(u)
    return value, -mp.sin(u), (-value,)


def _tan(u: Any) -> Row:
    value = mp.tan(u)
    return value, 1 + value**2, (2 * value * (1 + value**2),)


def _asin(u: Any) -> Row:
    if abs(u) > 1:
        return NAN, NAN, ()
    rest = (1 - u) * (1 + u)
    if not rest:
        return mp.asin(u), INFINITY, (u * INFINITY,)
    return mp.asin(u), 1 / mp.sqrt(rest), (u / rest / mp.sqrt(rest),)


def _acos(u: Any) -> Row:
    _, slope, curvature = _asin(u)
    return mp.acos(u) if abs(u) <= 1 else NAN, -slope, tuple(-term for term in curvature)


def _atan(u: Any) -> Row:
    rest = 1 + u**2
    return mp.atan(u), 1 / rest, (-2 * u / rest**2,)


def _erf(u: Any) -> Row:
    slope = 2 / mp.sqrt(mp.pi) * mp.exp(-(u**2))
    return mp.erf(u), slope, (-2 * u * slope,)


def _erfc(u: Any) -> Row:
    _, slope, (curvature,) = _erf(u)
    return far.erfc(u), -slope, (-curvature,)


UNARY: dict[type, Callable[[Any], Row]] = {
    # exponential family
    exp: _exp, expm1: _expm1, log: log_row, log1p: log1p_row,
    softplus: _softplus, sigmoid: _sigmoid,
    # hyperbolic
    sinh: _sinh, cosh: _cosh, tanh: _tanh, sech2: _sech2, log_cosh: _log_cosh,
    # trigonometric
    sin: _sin, cos: _cos, tan: _tan, asin: _asin, acos: _acos, atan: _atan,
    # error function
    erf: _erf, erfc: _erfc,
}  # fmt: skip
