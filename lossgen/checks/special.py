"""Rows of the atoms of one argument and of special functions over jets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf
from sympy import loggamma

from lossgen.language.functions import (
    bessel_ratio,
    bessel_ratio_slope,
    digamma,
    expm1mx,
    hazard_excess,
    hypot1m1,
    i0e,
    i1e,
    inverse_hypot_cubed,
    log1mexp,
    log1pmx,
    log_hypot1,
    log_i0,
    log_ndtr,
    normal_hazard,
    over_hypot,
    over_one_plus,
    over_one_plus_square,
    over_one_plus_square_slope,
    reciprocal_expm1,
    tetragamma,
    trigamma,
    versine,
)  # fmt: skip

from . import far
from .elementary import INFINITY, NAN, Row, log1p_row


def _log1mexp(u: Any) -> Row:
    if u <= 0:
        return (-INFINITY, INFINITY, (-INFINITY,)) if u == 0 else (NAN, NAN, ())
    rest = -mp.expm1(-u)
    slope = mp.exp(-u) / rest
    return mp.log(rest), slope, (-slope / rest,)


def _reciprocal_expm1(u: Any) -> Row:
    if not u:
        return INFINITY, -INFINITY, (INFINITY,)
    # With r = 1 / (e^u - 1): r' = -r (1 + r) and r'' = r (1 + r) (1 + 2 r).
    value, other = 1 / mp.expm1(u), 1 / mp.expm1(-u)
    return value, value * other, (-value * other * (value - other),)


def _log1pmx(u: Any) -> Row:
    value, slope, curvature = log1p_row(u)
    if u == INFINITY:
        return -INFINITY, mpf(-1), curvature
    return value - u, -u * slope, curvature


def _over_one_plus(u: Any) -> Row:
    if u == INFINITY:
        return mpf(1), mpf(0), ()
    rest = 1 + u
    if not rest:
        return -INFINITY, INFINITY, (-INFINITY,)
    return u / rest, 1 / rest**2, (-2 / rest**3,)


def _expm1mx(u: Any) -> Row:
    if u == INFINITY:
        return INFINITY, INFINITY, (INFINITY,)
    slope = mp.expm1(u)
    return slope - u, slope, (mp.exp(u),)


def _versine(u: Any) -> Row:
    return 2 * mp.sin(u / 2) ** 2, mp.sin(u), (mp.cos(u),)


def _hypot1m1(u: Any) -> Row:
    slope, bend, _ = _over_hypot(u)
    if mp.isinf(u):
        return INFINITY, slope, (bend,)
    return u * u / (mp.sqrt(1 + u * u) + 1), slope, (bend,)


def _over_hypot(u: Any) -> Row:
    if mp.isinf(u):
        return mp.sign(u), mpf(0), ()
    root = mp.sqrt(1 + u * u)
    return u / root, 1 / root**3, (-3 * u / root**5,)


def _inverse_hypot_cubed(u: Any) -> Row:
    if mp.isinf(u):
        return mpf(0), mpf(0), ()
    root = mp.sqrt(1 + u * u)
    return 1 / root**3, -3 * u / root**5, (12 * u * u / root**7, -3 / root**7)


def _log_hypot1(u: Any) -> Row:
    slope, bend, _ = _over_one_plus_square(u)
    if mp.isinf(u):
        return INFINITY, slope, (bend,)
    return mp.log1p(u * u) / 2, slope, (bend,)


def _over_one_plus_square(u: Any) -> Row:
    if mp.isinf(u):
        return mpf(0), mpf(0), (mpf(0),)
    whole = 1 + u * u
    return u / whole, (1 - u) * (1 + u) / whole**2, (2 * u * (u * u - 3) / whole**3,)


def _over_one_plus_square_slope(u: Any) -> Row:
    if mp.isinf(u):
        return mpf(0), mpf(0), ()
    whole = 1 + u * u
    bend = 6 * (1 - 6 * u**2 + u**4) / whole**4
    return (1 - u) * (1 + u) / whole**2, 2 * u * (u * u - 3) / whole**3, (-bend,)


def _normal(u: Any) -> tuple[Any, Any, Any]:
    """Return log Phi(u), phi(u) / Phi(u) and u + phi(u) / Phi(u)."""
    if mp.isinf(u):
        return (mpf(0), mpf(0), u) if u > 0 else (u, -u, mpf(0))
    below = far.erfc(-u / mp.sqrt(2))
    hazard = mp.sqrt(2 / mp.pi) * mp.exp(-u * u / 2) / below
    if u > 0:
        return mp.log1p(-far.erfc(u / mp.sqrt(2)) / 2), hazard, u + hazard
    return mp.log(below / 2), hazard, u + hazard


def _log_ndtr(u: Any) -> Row:
    value, hazard, excess = _normal(u)
    return value, hazard, (-hazard * excess,)


def _normal_hazard(u: Any) -> Row:
    _, hazard, excess = _normal(u)
    # The slope of hazard * excess is -hazard * excess**2 + hazard * (1 - hazard * excess).
    return hazard, -hazard * excess, (hazard * excess**2, -hazard * (1 - hazard * excess))


def _hazard_excess(u: Any) -> Row:
    _, hazard, excess = _normal(u)
    bent = (hazard * excess**2, -hazard * (1 - hazard * excess))
    return excess, 1 - hazard * excess, bent


def polygamma_row(order: int) -> Callable[[Any], Row]:
    """Return the row of the derivative of that order of digamma."""

    def row(u: Any) -> Row:
        if u <= 0:
            return NAN, NAN, ()
        return far.polygamma(order, u), far.polygamma(order + 1, u), (far.polygamma(order + 2, u),)

    return row


def _loggamma(u: Any) -> Row:
    if u <= 0:
        return (INFINITY, -INFINITY, (INFINITY,)) if u == 0 else (NAN, NAN, ())
    return far.loggamma(u), far.polygamma(0, u), (far.polygamma(1, u),)


def _bessel(u: Any) -> tuple[Any, Any, Any]:
    """Return I0(u), A = I1(u) / I0(u) and the slope of A."""
    zero, one = mp.besseli(0, u), mp.besseli(1, u)
    mean = one / zero
    return zero, mean, 1 - mean / u - mean**2 if u else mpf(1) / 2


def _log_i0(u: Any) -> Row:
    zero, mean, slope = _bessel(u)
    return mp.log(zero), mean, (slope,)


def _bessel_ratio(u: Any) -> Row:
    _, mean, slope = _bessel(u)
    return mean, slope, _bessel_bend(u, mean, slope)


def _bessel_bend(u: Any, mean: Any, slope: Any) -> tuple[Any, ...]:
    return (mean / u**2, -slope / u, -2 * mean * slope) if u else ()


def _bessel_ratio_slope(u: Any) -> Row:
    _, mean, slope = _bessel(u)
    if not u:
        return slope, mpf(0), (mpf(-3) / 8,)
    bend = sum(_bessel_bend(u, mean, slope), mpf(0))
    third = (-2 * mean / u**3, 2 * slope / u**2, -bend / u, -2 * slope**2, -2 * mean * bend)
    return slope, bend, third


def _i0e(u: Any) -> Row:
    scale, side = mp.exp(-abs(u)), mp.sign(u)
    zero, one = scale * mp.besseli(0, u), scale * mp.besseli(1, u)
    per = one / u if u else zero / 2
    return zero, one - side * zero, (2 * zero, -per, -2 * side * one)


def _i1e(u: Any) -> Row:
    scale, side = mp.exp(-abs(u)), mp.sign(u)
    zero, one = scale * mp.besseli(0, u), scale * mp.besseli(1, u)
    if not u:
        return one, zero / 2, ()
    slope = zero - one / u
    bent = (2 * one, -slope / u, one / u**2, -2 * side * slope)
    return one, slope - side * one, bent


UNARY: dict[type, Callable[[Any], Row]] = {
    # differences from 1 and from a first term
    log1mexp: _log1mexp, reciprocal_expm1: _reciprocal_expm1, log1pmx: _log1pmx,
    over_one_plus: _over_one_plus, expm1mx: _expm1mx, versine: _versine,
    hypot1m1: _hypot1m1, over_hypot: _over_hypot, inverse_hypot_cubed: _inverse_hypot_cubed,
    log_hypot1: _log_hypot1, over_one_plus_square: _over_one_plus_square,
    over_one_plus_square_slope: _over_one_plus_square_slope,
    # normal distribution
    log_ndtr: _log_ndtr, normal_hazard: _normal_hazard, hazard_excess: _hazard_excess,
    # gamma and Bessel functions
    loggamma: _loggamma, digamma: polygamma_row(0), trigamma: polygamma_row(1),
    tetragamma: polygamma_row(2),
    log_i0: _log_i0, bessel_ratio: _bessel_ratio, bessel_ratio_slope: _bessel_ratio_slope,
    i0e: _i0e, i1e: _i1e,
}  # fmt: skip
