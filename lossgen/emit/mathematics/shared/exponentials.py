"""Exponentials less their first terms, their reciprocals, and sums of them as a logarithm."""

import math

from ..cpu.elementary import (
    exp,
    exp_sum,
    inlined,
    maximum,
    minimum,
    positive_part,
    power_of_two,
    times_log2,
    two_product,
    two_sum,
)
from .logarithms import log_rest
from .pairs import exp_cubic, exp_parts, expm1_pair, quotient, scaled_down


@inlined
def reciprocal_expm1(x):
    """1 / (e^x - 1), accurate for both signs; e^-x where the 1 no longer counts (x > 38)."""
    one, zero = type(x)(1), type(x)(0)
    hi, lo = expm1_pair(x, zero)
    return exp(-x) if x > type(x)(38) else quotient(one, zero, hi, lo)


@inlined
def expm1mx(x):
    """e^x - 1 - x, as x^2 / 2 + x^3 / 6 + ... up to half of log 2."""
    real = type(x)
    half = real(0.5)
    near = abs(x) < real(0.34)
    r = x if near else real(0)
    square, square_low = two_product(r, r)
    small = half * square + (half * square_low + r * square * exp_cubic(r))
    hi, lo = expm1_pair(x, real(0))
    large = (hi - x) + lo
    large = hi if hi == real(math.inf) else large
    return small if near else large


@inlined
def exp_of_distance(hi, lo):
    """(hi, lo), e^(hi + lo) for hi + lo <= 0; lo is 0 where it does not count beside 1."""
    real = type(hi)
    z, z_low, n = exp_parts(hi, lo)
    low = n < real(-100)
    scale = power_of_two(real(0) if low else n)
    tiny = scaled_down(z, z_low, n)
    return (tiny if low else z * scale), (real(0) if low else z_low * scale)


@inlined
def logaddexp(x, y):
    """log(e^x + e^y): the larger argument and log(1 + e^-|x - y|), added as pairs."""
    real = type(x)
    larger = maximum(x, y)
    distance, distance_low = two_sum(minimum(x, y), -larger)
    z, z_low = exp_of_distance(distance, distance_low)
    hi, lo = log1p_unit_pair(z)
    lo = lo + z_low / (real(1) + z)
    total, dropped = two_sum(larger, hi)
    ended = distance != distance or abs(larger) == real(math.inf)
    return larger if ended else total + (dropped + lo)


@inlined
def log1p_unit_pair(z):
    """(hi, lo), log(1 + z) for z in [0, 1]; 1 + z is halved above z = 1/2, exactly."""
    real = type(z)
    upper = z > real(0.5)
    f = real(0.5) * z - real(0.5) if upper else z
    head, head_low = times_log2(real(1) if upper else real(0))
    square, square_low = two_product(f, f)
    hi, first = two_sum(head, f)
    hi, second = two_sum(hi, real(-0.5) * square)
    return two_sum(hi, first + second + (log_rest(f) - real(0.5) * square_low + head_low))


@inlined
def sigmoid_power(x, a):
    """sigmoid(x)^a = e^(-a log(1 + e^-x)), with that logarithm and the product as pairs."""
    real = type(x)
    z, z_low = exp_of_distance(-abs(x), real(0))
    hi, lo = log1p_unit_pair(z)
    lo = lo + z_low / (real(1) + z)
    total, dropped = two_sum(positive_part(-x), hi)
    exponent, low = two_product(a, total)
    result = exp_sum(-exponent, -(low + a * (dropped + lo)))
    return real(1) if a == real(0) and x == x else result
