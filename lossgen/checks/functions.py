"""Scalar functions over jets: value, slope and curvature of each, as one table.

Written out by hand from the definitions of the language, and proven against them by the tests;
nothing here is taken from the rules by which kernels are derived. A curvature is a tuple of the
terms of its standard form, so that where it crosses zero the size of its terms is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf
from sympy import (
    acos,
    asin,
    atan,
    atan2,
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
    hypot,
    log1p,
    log_cosh,
    log_ratio,
    ratio,
    relative_entropy,
    sech2,
    sigmoid,
    softplus,
    xlog1py,
    xlogy,
)  # fmt: skip

NAN = mpf("nan")
INFINITY = mpf("inf")

Row = tuple[Any, Any, tuple[Any, ...]]  # f(u), f'(u), terms of f''(u)


def _exp(u: Any) -> Row:
    power = mp.exp(u)
    return power, power, (power,)


def _expm1(u: Any) -> Row:
    power = mp.exp(u)
    return mp.expm1(u), power, (power,)


def _log(u: Any) -> Row:
    if u <= 0:
        return (-INFINITY, INFINITY, (-INFINITY,)) if u == 0 else (NAN, NAN, ())
    return mp.log(u), 1 / u, (-1 / u**2,)


def _log1p(u: Any) -> Row:
    if u <= -1:
        return _log(u + 1)
    return mp.log1p(u), 1 / (1 + u), (-1 / (1 + u) ** 2,)


def _logistic(u: Any) -> tuple[Any, Any]:
    return 1 / (1 + mp.exp(-u)), 1 / (1 + mp.exp(u))


def _softplus(u: Any) -> Row:
    up, down = _logistic(u)
    return mp.log1p(mp.exp(u)), up, (up * down,)


def _sigmoid(u: Any) -> Row:
    up, down = _logistic(u)
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
    return mp.erfc(u), -slope, (-curvature,)


UNARY: dict[type, Callable[[Any], Row]] = {
    # exponential family
    exp: _exp, expm1: _expm1, log: _log, log1p: _log1p,
    softplus: _softplus, sigmoid: _sigmoid,
    # hyperbolic
    sinh: _sinh, cosh: _cosh, tanh: _tanh, sech2: _sech2, log_cosh: _log_cosh,
    # trigonometric
    sin: _sin, cos: _cos, tan: _tan, asin: _asin, acos: _acos, atan: _atan,
    # error function
    erf: _erf, erfc: _erfc,
}  # fmt: skip

Curvatures = dict[tuple[int, int], tuple[Any, ...]]
Row2 = tuple[Any, tuple[Any, Any], Curvatures]  # f(u, v), slopes (or their terms), curvatures


def _hypot(u: Any, v: Any) -> Row2:
    value = mp.hypot(u, v)
    if not value:
        return value, (mpf(0), mpf(0)), {}  # the norm of the zero vector
    cube = value**3
    bent = {(0, 0): (v * v / cube,), (0, 1): (-u * v / cube,), (1, 1): (u * u / cube,)}
    return value, (u / value, v / value), bent


def _xlogy(u: Any, v: Any) -> Row2:
    if v < 0:
        return NAN, (NAN, NAN), {}
    logarithm, inverse, _ = _log(v)
    if not u:
        return mpf(0), (logarithm, mpf(0)), {(0, 1): (inverse,)}
    return u * logarithm, (logarithm, u * inverse), {(0, 1): (inverse,), (1, 1): (-u * inverse**2,)}


def _xlog1py(u: Any, v: Any) -> Row2:
    if v < -1:
        return NAN, (NAN, NAN), {}
    logarithm, inverse, _ = _log1p(v)
    if not u:
        return mpf(0), (logarithm, mpf(0)), {(0, 1): (inverse,)}
    return u * logarithm, (logarithm, u * inverse), {(0, 1): (inverse,), (1, 1): (-u * inverse**2,)}


def _ratio(u: Any, v: Any) -> Row2:
    if not v:
        return (mpf(0) if not u else NAN), (NAN, mpf(0) if not u else NAN), {}
    value = u / v
    return value, (1 / v, -value / v), {(0, 1): (-1 / v**2,), (1, 1): (2 * value / v**2,)}


def _log_ratio(u: Any, v: Any) -> Row2:
    if u < 0 or v < 0 or not (u or v):
        return NAN, (NAN, NAN), {}
    if not u:
        return -INFINITY, (INFINITY, -1 / v), {(0, 0): (-INFINITY,), (1, 1): (1 / v**2,)}
    if not v:
        return INFINITY, (1 / u, -INFINITY), {(0, 0): (-1 / u**2,), (1, 1): (INFINITY,)}
    return mp.log(u / v), (1 / u, -1 / v), {(0, 0): (-1 / u**2,), (1, 1): (1 / v**2,)}


def _relative_entropy(u: Any, v: Any) -> Row2:
    logarithm, _, _ = _log_ratio(u, v)
    if not u:
        bent = {(0, 0): (INFINITY if v else NAN,), (0, 1): (-1 / v if v else NAN,)}
        return mpf(0), (logarithm, mpf(0)), bent
    if not v:
        bent = {(0, 0): (1 / u,), (0, 1): (-INFINITY,), (1, 1): (INFINITY,)}
        return INFINITY, (INFINITY, -INFINITY), bent
    bent = {(0, 0): (1 / u,), (0, 1): (-1 / v,), (1, 1): (u / v**2,)}
    return u * logarithm, ((mpf(1), logarithm), -u / v), bent


def _atan2(u: Any, v: Any) -> Row2:
    rest = u * u + v * v
    if not rest:
        return NAN, (NAN, NAN), {}
    cross, twist = -2 * u * v / rest**2, ((u * u) / rest**2, -(v * v) / rest**2)
    return (
        mp.atan2(u, v),
        (v / rest, -u / rest),
        {(0, 0): (cross,), (0, 1): twist, (1, 1): (-cross,)},
    )


BINARY: dict[type, Callable[[Any, Any], Row2]] = {
    hypot: _hypot, atan2: _atan2, ratio: _ratio, log_ratio: _log_ratio,
    xlogy: _xlogy, xlog1py: _xlog1py, relative_entropy: _relative_entropy,
}  # fmt: skip
