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
    loggamma,
    polygamma,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
    bessel_ratio,
    bessel_ratio_slope,
    boxcox,
    boxcox1p,
    digamma,
    exp_moment,
    expm1,
    expm1mx,
    hazard_excess,
    hypot,
    hypot1m1,
    i0e,
    i1e,
    inverse_hypot_cubed,
    log1mexp,
    log1p,
    log1pmx,
    log_cosh,
    log_i0,
    log_ndtr,
    log_ratio,
    log_ratio_to_mean,
    logaddexp,
    normal_hazard,
    over_hypot,
    over_one_plus,
    ratio,
    reciprocal_expm1,
    relative_entropy,
    relative_entropy_to_mean,
    sech2,
    sigmoid,
    sigmoid_power,
    softplus,
    tetragamma,
    trigamma,
    versine,
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
    value, slope, curvature = _log1p(u)
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


def _normal(u: Any) -> tuple[Any, Any, Any]:
    """Return log Phi(u), phi(u) / Phi(u) and u + phi(u) / Phi(u)."""
    if mp.isinf(u):
        return (mpf(0), mpf(0), u) if u > 0 else (u, -u, mpf(0))
    below = mp.erfc(-u / mp.sqrt(2))
    hazard = mp.sqrt(2 / mp.pi) * mp.exp(-u * u / 2) / below
    if u > 0:
        return mp.log1p(-mp.erfc(u / mp.sqrt(2)) / 2), hazard, u + hazard
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


def _psi(order: int) -> Callable[[Any], Row]:
    def row(u: Any) -> Row:
        if u <= 0:
            return NAN, NAN, ()
        return mp.psi(order, u), mp.psi(order + 1, u), (mp.psi(order + 2, u),)

    return row


def _loggamma(u: Any) -> Row:
    if u <= 0:
        return (INFINITY, -INFINITY, (INFINITY,)) if u == 0 else (NAN, NAN, ())
    return mp.loggamma(u), mp.psi(0, u), (mp.psi(1, u),)


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
    # exponential family
    exp: _exp, expm1: _expm1, log: _log, log1p: _log1p,
    softplus: _softplus, sigmoid: _sigmoid,
    # hyperbolic
    sinh: _sinh, cosh: _cosh, tanh: _tanh, sech2: _sech2, log_cosh: _log_cosh,
    # trigonometric
    sin: _sin, cos: _cos, tan: _tan, asin: _asin, acos: _acos, atan: _atan,
    # error function
    erf: _erf, erfc: _erfc,
    # differences from 1 and from a first term
    log1mexp: _log1mexp, reciprocal_expm1: _reciprocal_expm1, log1pmx: _log1pmx,
    over_one_plus: _over_one_plus, expm1mx: _expm1mx, versine: _versine,
    hypot1m1: _hypot1m1, over_hypot: _over_hypot, inverse_hypot_cubed: _inverse_hypot_cubed,
    # normal distribution
    log_ndtr: _log_ndtr, normal_hazard: _normal_hazard, hazard_excess: _hazard_excess,
    # gamma and Bessel functions
    loggamma: _loggamma, digamma: _psi(0), trigamma: _psi(1), tetragamma: _psi(2),
    log_i0: _log_i0, bessel_ratio: _bessel_ratio, bessel_ratio_slope: _bessel_ratio_slope,
    i0e: _i0e, i1e: _i1e,
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


def _logaddexp(u: Any, v: Any) -> Row2:
    if mp.isinf(u) or mp.isinf(v):
        return max(u, v), (mpf(u >= v), mpf(v >= u)), {}
    up, down = _logistic(u - v)
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
    return _power_transform(u, _log(u)[0], a)


def _boxcox1p(u: Any, a: Any) -> Row2:
    return _power_transform(1 + u, _log1p(u)[0], a)


def _sigmoid_power(u: Any, a: Any) -> Row2:
    _, down = _logistic(u)
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
    value, slope, curvature = _psi(int(n))(u)
    return value, (mpf(0), slope), {(1, 1): curvature}


BINARY: dict[type, Callable[[Any, Any], Row2]] = {
    hypot: _hypot, atan2: _atan2, ratio: _ratio, log_ratio: _log_ratio,
    xlogy: _xlogy, xlog1py: _xlog1py, relative_entropy: _relative_entropy,
    log_ratio_to_mean: _log_ratio_to_mean, relative_entropy_to_mean: _relative_entropy_to_mean,
    logaddexp: _logaddexp, exp_moment: _exp_moment, boxcox: _boxcox, boxcox1p: _boxcox1p,
    sigmoid_power: _sigmoid_power, polygamma: _polygamma,
}  # fmt: skip
