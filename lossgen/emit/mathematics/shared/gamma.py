"""The logarithm of Gamma and its derivatives for x > 0, with full relative accuracy at their roots.

On [1, 2] polynomials in x - 3/2, with the roots as factors; below 1 and up to 3 (log Gamma) the
recurrence; beyond, Stirling's asymptotic series as a quotient of polynomials in 1 / x^2.
"""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    inlined,
    log_parts,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single, quick_sum
from .gamma_polynomials import (
    digamma_far,
    digamma_ratio,
    loggamma_far,
    loggamma_ratio,
    tetragamma_far,
    tetragamma_unit,
    trigamma_far,
    trigamma_unit,
)
from .pairs import product_pair, quotient_pair


@inlined
def unit_argument(x, low, high):
    """The sum x + 1 below 1, x - 1 above 2, less 3/2; held within half of `low` and `high`."""
    real = type(x)
    u = x - real(0.5) if x < real(1) else (x - real(2.5) if x > real(2) else x - real(1.5))
    u = low if u < low else u
    return high if u > high else u


@inlined
def positive_only(x, at_zero, result):
    """The result for x > 0, its limit at 0, NaN below."""
    other = at_zero if x == type(x)(0) else type(x)(math.nan)
    return result if x > type(x)(0) else other


@inlined
def log_as_parts(x):
    """(hi, lo), log x for positive finite x; hi is the rounded logarithm."""
    k, m = any_exponent_and_fraction(x)
    hi, lo = log_parts(k, m - type(x)(1))
    return quick_sum(hi, lo)


@inlined
def loggamma(x):
    """The logarithm of Gamma(x) for x > 0, infinite at 0 and NaN below."""
    real = type(x)
    one, two, three = real(1), real(2), real(3)
    below, above = x < one, x > two
    u = unit_argument(x, real(-0.5), real(0.5))
    first = x if below else (x - two if above else x - one)
    second = x - one if below else (x - three if above else x - two)
    factor, factor_low = loggamma_ratio(u)
    product, product_low = two_product(first, second)
    body, body_low = product_pair(product, product_low, factor, factor_low)
    far = x > three
    log, log_low = log_as_parts(x if below or far else (x - one if above else one))
    total, dropped = two_sum(body, -log if below else log)
    near = total + (dropped + body_low + (-log_low if below else log_low))
    w = one / x
    large, first_low = two_sum(log, -one)
    shifted, shifted_low = two_product(x, large)
    total, second_low = two_sum(shifted, real(-0.5) * large)
    constant, constant_low = half_log_tau(x)
    total, third_low = two_sum(total, constant)
    rest = (x - real(0.5)) * (log_low + first_low) + (shifted_low + constant_low)
    sum_ = total + (second_low + third_low + (rest + w * loggamma_far(w * w)))
    sum_ = shifted if shifted == real(math.inf) or x == real(math.inf) else sum_
    sum_ = x if x == real(math.inf) else sum_
    return positive_only(x, real(math.inf), sum_ if far else near)


@inlined
def half_log_tau(x):
    """(hi, lo), log(2 pi) / 2 - 1 / 2."""
    real = type(x)
    if is_single(x):
        return real(0.41893855), real(-1.4168145e-08)
    return real(0.4189385332046727), real(1.6728209650585413e-17)


@inlined
def root_of_digamma(x):
    """(hi, lo), the positive root of digamma."""
    real = type(x)
    if is_single(x):
        return real(1.4616321), real(1.243815e-08)
    return real(1.4616321449683622), real(9.549995429965697e-17)


@inlined
def digamma(x):
    """psi(x), the derivative of log Gamma; -inf at 0, NaN below."""
    real = type(x)
    one = real(1)
    below = x < one
    root, root_low = root_of_digamma(x)
    distance, distance_low = quick_sum(x - (root - one) if below else x - root, -root_low)
    u = unit_argument(x, real(-0.5), real(0.5))
    factor, factor_low = digamma_ratio(u)
    body, body_low = product_pair(distance, distance_low, factor, factor_low)
    w, w_low = quotient_pair(one, real(0), x, real(0))
    near = (body - w) + (body_low - w_low) if below else body + body_low
    hi, lo = log_as_parts(x)
    far = hi + (lo - (real(0.5) * w + w * w * digamma_far(w * w)))
    far = x if x == real(math.inf) else far
    return positive_only(x, real(-math.inf), far if x > real(2) else near)


@inlined
def trigamma(x):
    """psi'(x), infinite at 0, NaN below."""
    real = type(x)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    near = trigamma_unit(unit_argument(x, real(-0.5), real(0.5)))
    near = v + (near + v_low) if x < real(1) else near
    near = v if v == real(math.inf) else near
    far = w + (w_low + v * (real(0.5) + w * trigamma_far(v)))
    return positive_only(x, real(math.inf), far if x > real(2) else near)


@inlined
def tetragamma(x):
    """psi''(x), which is negative; -inf at 0, NaN below."""
    real = type(x)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    cube, cube_low = product_pair(v, v_low, w, w_low)
    near = tetragamma_unit(unit_argument(x, real(-0.5), real(0.5)))
    near = real(-2) * cube + (near - real(2) * cube_low) if x < real(1) else near
    near = -cube if cube == real(math.inf) else near
    far = -(v + (v_low + v * (w + v * tetragamma_far(v))))
    return positive_only(x, real(-math.inf), far if x > real(2) else near)
