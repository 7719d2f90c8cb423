"""Logarithms of sums and of ratios near one, where plain forms cancel."""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    artanh_factor,
    exponent_and_fraction,
    inlined,
    log_ends,
    log_parts,
    maximum,
    power_of_two,
    smallest_squared,
    times_log2,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single
from .pairs import product_pair, quotient, quotient_pair


@inlined
def log_rest(f):
    """log(1 + f) - f + f^2 / 2 for 1 + f from sqrt(1/2) to 3/2."""
    real = type(f)
    if is_single(f):
        p = real(0.04589597)
        p = p * f - real(0.0951736)
        p = p * f + real(0.10203714)
        p = p * f - real(0.10000469)
        p = p * f + real(0.10987995)
        p = p * f - real(0.12492789)
        p = p * f + real(0.14291975)
        p = p * f - real(0.16666983)
        p = p * f + real(0.19999857)
        p = p * f - real(0.24999997)
        p = p * f + real(0.33333334)
        return p * f * f * f
    s = f / (real(2) + f)
    z = s * s
    p = real(0.10498364114943283)
    p = p * z + real(0.1195031932796842)
    p = p * z + real(0.1331570225975143)
    p = p * z + real(0.1538536565299373)
    p = p * z + real(0.18181800956784333)
    p = p * z + real(0.22222222441119097)
    p = p * z + real(0.28571428569972995)
    p = p * z + real(0.4000000000000431)
    p = p * z + real(0.6666666666666666)
    return s * (real(0.5) * f * f + z * p)


@inlined
def relative_of(dropped, k, f):
    """What `dropped` beside 2^k (1 + f) adds to the logarithm; nothing beyond k = 64."""
    one, zero = type(f)(1), type(f)(0)
    near = abs(k) < type(f)(64)
    scale = power_of_two(-k if near else zero)
    return (dropped if near else zero) * scale * (one - f * (one - f))


@inlined
def log1pmx(x):
    """log(1 + x) - x = -x^2 / 2 + x^3 / 3 - ...; the sum of three pairs where that cancels less."""
    real = type(x)
    near = x > real(-0.29) and x < real(0.41)
    total, dropped = two_sum(real(1), x)
    k, m = exponent_and_fraction(total)
    k = real(0) if near else k
    f = x if near else m - real(1)
    dropped = real(0) if near else dropped
    square, square_low = two_product(f, f)
    rest = log_rest(f) - real(0.5) * square_low
    head, head_low = times_log2(k)
    large, first = two_sum(head, f)
    large, second = two_sum(large, -x)
    large, third = two_sum(large, real(-0.5) * square)
    far = large + (first + second + third + (rest + head_low + relative_of(dropped, k, f)))
    result = real(-0.5) * square + rest if near else far
    result = -total if total == real(math.inf) else result
    below = real(-math.inf) if x == real(-1) else real(math.nan)
    return result if x > real(-1) else below


@inlined
def over_one_plus(x):
    """The ratio x / (1 + x), 1 at infinity."""
    real = type(x)
    total, dropped = two_sum(real(1), x)
    result = real(1) if x == real(math.inf) else quotient(x, real(0), total, dropped)
    return x if x == real(0) else result


@inlined
def log_pair_of(k, f, low):
    """(hi, lo), k log 2 + log(1 + f + low) with about twelve more bits than one float.

    2 artanh(s) = 2 s + (2/3) s^3 + ... with s = f / (2 + f), and the cubic term as a pair.
    """
    two = type(f)(2)
    total, dropped = two_sum(two, f)
    s, s_low = quotient_pair(f, low, total, dropped + low)
    z, z_low = product_pair(s, s_low, s, s_low)
    cube, cube_low = product_pair(s, s_low, z, z_low)
    factor, factor_low = artanh_factor(z)
    tail, tail_low = product_pair(cube, cube_low, factor, factor_low)
    head, rest = times_log2(k)
    hi, first = two_sum(head, two * s)
    hi, second = two_sum(hi, tail)
    lo = (first + second) + ((rest + two * s_low) + tail_low)
    return two_sum(hi, lo)


@inlined
def log1p_pair(x):
    """(hi, lo), log(1 + x): the argument is x itself near 0, 2^k (1 + f + low) elsewhere."""
    real = type(x)
    total, dropped = two_sum(real(1), x)
    k, m = exponent_and_fraction(total)
    near = k == real(0)
    scale = power_of_two(-k if abs(k) < real(64) else real(0))
    low = dropped * scale if abs(k) < real(64) else real(0)
    hi, lo = log_pair_of(k, x if near else m - real(1), real(0) if near else low)
    tiny = abs(x) < smallest_squared(x)
    ended = tiny or total == real(math.inf)
    return (x if tiny else log_ends(total, hi)), (real(0) if ended else lo)


@inlined
def log_ratio_to_mean_pair(x, y):
    """(hi, lo), log(2 x / (x + y)) for x, y >= 0.

    Where y < 3 x it is log(1 + (x - y) / (x + y)) with the quotient as a pair; elsewhere the
    logarithm of 2 x less that of x + y, whose powers of two are subtracted and whose fractions
    are divided. Both are scaled by a power of two, so that the sum neither overflows nor rounds.
    At x = y = 0 it is log 2, the limit for x that falls to y = 0.
    """
    real = type(x)
    large = maximum(x, y) > real(1)
    scale = real(0.25) if large else real(4)
    a, b = scale * x, scale * y
    total, total_low = two_sum(a, b)
    near = b < real(3) * a
    difference, difference_low = two_sum(a, -b)
    q, q_low = quotient_pair(difference, difference_low, total, total_low)
    beyond, dropped = two_sum(real(1), q)
    k_near, m_near = exponent_and_fraction(beyond)
    k_x, m_x = any_exponent_and_fraction(x)
    k_sum, m_sum = any_exponent_and_fraction(total)
    fraction, fraction_low = quotient_pair(m_x, real(0), m_sum, real(0))
    k_more, m_far = exponent_and_fraction(fraction)
    k_far = (k_x - k_sum) + k_more + (real(-1) if large else real(3))
    k = k_near if near else k_far
    close = near and k_near == real(0)
    f = q if close else (m_near if near else m_far) - real(1)
    low_near = relative_of(q_low if close else dropped + q_low, k_near, f)
    low_far = fraction_low / fraction - total_low / total
    hi, lo = log_parts(k, f)
    lo = lo + (low_near if near else low_far)
    hi = real(0.6931471805599453) if y == real(0) else hi
    hi = real(-math.inf) if x == real(0) and y > real(0) else hi
    ended = x == real(0) or y == real(0)
    return (hi if x >= real(0) and y >= real(0) else real(math.nan)), (real(0) if ended else lo)


@inlined
def log_ratio_to_mean(x, y):
    """log(2 x / (x + y)) for x, y >= 0, -inf at x = 0 < y."""
    hi, lo = log_ratio_to_mean_pair(x, y)
    return hi + lo


@inlined
def relative_entropy_to_mean(x, y):
    """Product x log(2 x / (x + y)), and 0 where x is 0 whatever y is but NaN."""
    hi, lo = log_ratio_to_mean_pair(x, y)
    product = x * hi + x * lo
    return type(x)(0) if x == type(x)(0) and y == y else product


@inlined
def to_mean_slope(x, y):
    """log(2 x / (x + y)) + y / (x + y)."""
    real = type(x)
    share = y / (x + y)
    result = log_ratio_to_mean(x, y) + share
    return real(-math.inf) if x == real(0) and y == real(0) else result
