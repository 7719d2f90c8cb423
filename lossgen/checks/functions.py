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
from sympy import atan2

from lossgen.language.functions import (
    hypot,
    log_ratio,
    log_ratio_to_mean,
    product,
    ratio,
    relative_entropy,
    relative_entropy_to_mean,
    xlog1py,
    xlogy,
)  # fmt: skip

from . import elementary, special
from .elementary import INFINITY, NAN, Row, log1p_row, log_row
from .powers import POWERS, Curvatures, Row2

UNARY: dict[type, Callable[[Any], Row]] = {**elementary.UNARY, **special.UNARY}


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
    logarithm, inverse, _ = log_row(v)
    if not u:
        return mpf(0), (logarithm, mpf(0)), {(0, 1): (inverse,)}
    return u * logarithm, (logarithm, u * inverse), {(0, 1): (inverse,), (1, 1): (-u * inverse**2,)}


def _xlog1py(u: Any, v: Any) -> Row2:
    if v < -1:
        return NAN, (NAN, NAN), {}
    logarithm, inverse, _ = log1p_row(v)
    if not u:
        return mpf(0), (logarithm, mpf(0)), {(0, 1): (inverse,)}
    return u * logarithm, (logarithm, u * inverse), {(0, 1): (inverse,), (1, 1): (-u * inverse**2,)}


def _product(u: Any, v: Any) -> Row2:
    return (u * v if u else mpf(0)), (v, u), {(0, 1): (mpf(1),)}


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


def _log_ratio_to_mean(u: Any, v: Any) -> Row2:
    if u < 0 or v < 0 or not (u or v):
        return NAN, (NAN, NAN), {}
    rest = u + v
    bent: Curvatures = {(0, 1): (1 / rest**2,), (1, 1): (1 / rest**2,)}
    if not u:
        return -INFINITY, (INFINITY, -1 / rest), {(0, 0): (-INFINITY,), **bent}
    bent[0, 0] = (-v / (u**2 * rest), -v / (u * rest**2))
    return mp.log(2 * u / rest), (v / (u * rest), -1 / rest), bent


def _relative_entropy_to_mean(u: Any, v: Any) -> Row2:
    logarithm, (slope, _), _ = _log_ratio_to_mean(u, v)
    rest = u + v
    if not u:
        bent = {(0, 0): (INFINITY,), (0, 1): (-1 / v,)} if v else {}
        return mpf(0), (logarithm, mpf(0)), bent
    bent = {(0, 0): (slope * v / rest,), (0, 1): (-v / rest**2,), (1, 1): (u / rest**2,)}
    return u * logarithm, ((logarithm, v / rest), -u / rest), bent


BINARY: dict[type, Callable[[Any, Any], Row2]] = {
    hypot: _hypot, atan2: _atan2, product: _product, ratio: _ratio, log_ratio: _log_ratio,
    xlogy: _xlogy, xlog1py: _xlog1py, relative_entropy: _relative_entropy,
    log_ratio_to_mean: _log_ratio_to_mean, relative_entropy_to_mean: _relative_entropy_to_mean,
    **POWERS,
}  # fmt: skip

__all__ = ["BINARY", "INFINITY", "NAN", "UNARY", "Curvatures"]
