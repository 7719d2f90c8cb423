"""Moments of an exponential over [0, 1]: (e^x - 1) / x and its derivatives, without cancellation.

The n-th is the integral of s^n e^(s x) over s from 0 to 1. Near 0, further on the negative side
where the closed form cancels for longer, it is a polynomial in |x| whose terms are all positive,
times e^x where x is negative; elsewhere the closed form, in pairs; and beyond 64 the power is
divided before it can overflow.
"""

import math

from ..cpu.elementary import inlined, maximum, minimum, power_of_two, two_sum
from .moment_polynomials import (
    moment1_falling,
    moment1_rising,
    moment2_falling,
    moment2_rising,
    moment3_falling,
    moment3_rising,
)
from .pairs import exp_over, exp_parts, expm1_pair, product_pair, quotient, quotient_pair


@inlined
def exp_moment0(x):
    """(e^x - 1) / x, 1 at 0."""
    real = type(x)
    hi, lo = expm1_pair(x, real(0))
    result = exp_over(x, real(0), x, real(0)) if x > real(64) else quotient(hi, lo, x, real(0))
    return real(1) if x == real(0) else ended_moment(x, result)


@inlined
def ended_moment(x, result):
    """The result, or what a moment is at the infinities."""
    result = x if x == type(x)(math.inf) else result
    return type(x)(0) if x == type(x)(-math.inf) else result


@inlined
def power_within(x):
    """(hi, lo), e^x for x up to 64; no smaller than about 2^-120."""
    real = type(x)
    p, p_low, n = exp_parts(minimum(x, real(64)), real(0))
    scale = power_of_two(maximum(n, real(-120)))
    return p * scale, p_low * scale


@inlined
def closed_moment(factor, factor_low, constant, power, power_low, w, w_low, v, v_low):
    """((factor e^x + constant) w) v as pairs, w and v powers of 1 / x: a moment's closed form."""
    product, product_low = product_pair(factor, factor_low, power, power_low)
    total, dropped = two_sum(product, constant)
    hi, lo = product_pair(total, dropped + product_low, w, w_low)
    return hi * v + (hi * v_low + lo * v)


@inlined
def near_moment(rising, falling, x, power, power_low):
    """The polynomial of the side on which x lies; the one of the negative side times e^x."""
    hi, lo = product_pair(falling, type(x)(0), power, power_low)
    return rising if x > type(x)(0) else hi + lo


@inlined
def exp_moment1(x):
    """((x - 1) e^x + 1) / x^2, 1/2 at 0."""
    real = type(x)
    size = minimum(abs(x), real(1.5))
    power, power_low = power_within(x)
    near = near_moment(moment1_rising(size), moment1_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    far = closed_moment(shifted, shifted_low, real(1), power, power_low, w, w_low, w, w_low)
    y, y_low = quotient_pair(x, real(0), real(1) - w, real(0))
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.375)) < real(1.125) else ended_moment(x, far)


@inlined
def exp_moment2(x):
    """(((x - 1)^2 + 1) e^x - 2) / x^3, 1/3 at 0."""
    real = type(x)
    size = minimum(abs(x), real(2.5))
    power, power_low = power_within(x)
    near = near_moment(moment2_rising(size), moment2_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    square, square_low = product_pair(shifted, shifted_low, shifted, shifted_low)
    factor, dropped = two_sum(square, real(1))
    far = closed_moment(
        factor, dropped + square_low, real(-2), power, power_low, w, w_low, v, v_low
    )
    y, y_low = quotient_pair(x, real(0), real(1) - w * (real(2) - real(2) * w), real(0))
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.625)) < real(1.875) else ended_moment(x, far)


@inlined
def exp_moment3(x):
    """((x - 1) ((x - 1)^2 + 3) - 2) e^x + 6) / x^4, 1/4 at 0."""
    real = type(x)
    size = minimum(abs(x), real(3.5))
    power, power_low = power_within(x)
    near = near_moment(moment3_rising(size), moment3_falling(size), x, power, power_low)
    w, w_low = quotient_pair(real(1), real(0), x, real(0))
    v, v_low = product_pair(w, w_low, w, w_low)
    v, v_low = product_pair(w, w_low, v, v_low)
    shifted, shifted_low = two_sum(maximum(minimum(x, real(64)), real(-120)), real(-1))
    square, square_low = product_pair(shifted, shifted_low, shifted, shifted_low)
    square, dropped = two_sum(square, real(3))
    product, product_low = product_pair(shifted, shifted_low, square, square_low + dropped)
    factor, dropped = two_sum(product, real(-2))
    far = closed_moment(
        factor, product_low + dropped, real(6), power, power_low, w, w_low, v, v_low
    )
    y, y_low = quotient_pair(
        x, real(0), real(1) - w * (real(3) - w * (real(6) - real(6) * w)), real(0)
    )
    far = exp_over(x, real(0), y, y_low) if x > real(64) else far
    return near if abs(x + real(0.875)) < real(2.625) else ended_moment(x, far)
