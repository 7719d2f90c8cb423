"""Modified Bessel functions of order 0 and 1, scaled.

Up to 8 power series in z = x^2 / 4, whose terms are all positive; beyond, sqrt(x) e^-x I(x) as a
polynomial in 1 / x.
"""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    inlined,
    log_parts,
    power_of_two,
    sqrt,
    two_product,
    two_sum,
)
from .bessel_polynomials import i0_far, i0_near, i1_far, i1_near
from .logarithms import relative_of
from .pairs import exp_parts, product_pair, quotient_pair


@inlined
def quarter_square(size, limit):
    """(hi, lo), x^2 / 4 for |x| held below a limit."""
    half = type(size)(0.5) * (limit if size > limit else size)
    return two_product(half, half)


@inlined
def far_argument(size, limit):
    """2 c / x - 1 for x >= c."""
    x = limit if size < limit else size
    return (limit + limit) / x - type(size)(1)


# The rounding of z = x^2 / 4 is put back through the derivative of the logarithm of I0 or
# 2 I1(x) / x by z, which is within some percent 1 / (1/4 + sqrt(z + 9/16)) or
# 1 / (3/4 + sqrt(z + 25/16)) (Amos 1974).


@inlined
def i0e(x):
    """I0(x) e^-|x|."""
    real = type(x)
    size = abs(x)
    z, z_low = quarter_square(size, real(8))
    ratio, ratio_low = i0_near(z)
    product, product_low = product_pair(z, real(0), ratio, ratio_low)
    p, p_low = two_sum(real(1), product)
    p_low = p_low + (product_low + z_low * p / (real(0.25) + sqrt(z + real(0.5625))))
    e, e_low, n = exp_parts(-size, real(0))
    near = scaled_near(p, p_low, e, e_low, n)
    hi, lo = i0_far(far_argument(size, real(8)))
    return hi_over_root(hi, lo, size) if size > real(8) else near


@inlined
def i1e(x):
    """I1(x) e^-|x|."""
    real = type(x)
    size = abs(x)
    z, z_low = quarter_square(size, real(8))
    ratio, ratio_low = i1_near(z)
    product, product_low = product_pair(z, real(0), ratio, ratio_low)
    p, p_low = two_sum(real(1), product)
    p_low = p_low + (product_low + z_low * p / (real(0.75) + sqrt(z + real(1.5625))))
    e, e_low, n = exp_parts(-size, real(0))
    p, p_low = product_pair(p, p_low, real(0.5) * size, real(0))
    near = scaled_near(p, p_low, e, e_low, n)
    hi, lo = i1_far(far_argument(size, real(8)))
    result = hi_over_root(hi, lo, size) if size > real(8) else near
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def scaled_near(p, p_low, e, e_low, n):
    """(p + p_low) (e + e_low) 2^n, for n from -12 to 0."""
    lowest = type(p)(-20)
    hi, lo = product_pair(p, p_low, e, e_low)
    return (hi + lo) * power_of_two(lowest if n < lowest else n)


@inlined
def hi_over_root(hi, lo, x):
    """(hi + lo) / sqrt(x)."""
    return (hi + lo) / sqrt(x)


@inlined
def log_i0(x):
    """The logarithm of I0(x), log(1 + z P(z)) up to 8, |x| + log(e^-|x| I0(x)) beyond."""
    real = type(x)
    one, zero = real(1), real(0)
    size = abs(x)
    far = size > real(8)
    z, z_low = quarter_square(size, real(8))
    p, p_low = i0_near(z)
    product, product_low = product_pair(z, zero, p, p_low)
    product_low = product_low + z_low * (one + product) / (real(0.25) + sqrt(z + real(0.5625)))
    total, dropped = two_sum(one, product)
    hi, lo = i0_far(far_argument(size, real(8)))
    square, square_low = product_pair(hi, lo, hi, lo)
    k_x, m_x = any_exponent_and_fraction(size if far else one)
    ratio, ratio_low = quotient_pair(square, square_low, m_x, zero)
    k, m = any_exponent_and_fraction(ratio if far else total)
    f = m - one
    low = relative_of(ratio_low if far else dropped + product_low, k, f)
    log, log_low = log_parts(k - k_x if far else k, f)
    half = real(0.5)
    sum_, rest = two_sum(size if far else zero, half * log if far else log)
    log_low = half * (log_low + low) if far else log_low + low
    return sum_ + (rest + log_low) if size < real(math.inf) else size
