"""Hyperbolic sine and cosine, from half of the exponential and its reciprocal."""

from ..shared.pairs import exp_parts
from .elementary import inlined, power_of_two, times_log2, times_power_of_two, two_sum
from .primitives import is_single


@inlined
def hyperbolic_sine_ratio(z):
    """(sinh x / x - 1) / z at z = x^2 up to 1."""
    real = type(z)
    if is_single(z):
        p = real(2.7589458e-06)
        p = p * z + real(0.00019846373)
        p = p * z + real(0.008333298)
        return p * z + real(0.16666667)
    p = real(1.3142014152163768e-14)
    p = p * z + real(7.26108109855435e-13)
    p = p * z + real(1.6064820941505768e-10)
    p = p * z + real(2.505206436306445e-08)
    p = p * z + real(2.7557319403586206e-06)
    p = p * z + real(0.00019841269840893872)
    p = p * z + real(0.00833333333333368)
    return p * z + real(0.16666666666666666)


@inlined
def half_exp(size):
    """(p, p_low, g, n): e^|x| / 2 = 2^n (p + p_low) and e^-|x| / 2 = 2^n g."""
    real = type(size)
    head, rest = times_log2(real(1))
    large, small = two_sum(size, -head)
    p, p_low, n = exp_parts(large, small - rest)
    lowest = real(-100)
    twice = real(-2) * n
    inverse = power_of_two(lowest if twice < lowest else twice)
    return p, p_low, real(0.25) * inverse / p, n


@inlined
def sinh(x):
    """Hyperbolic sine."""
    real = type(x)
    size = abs(x)
    p, p_low, g, n = half_exp(size)
    hi, lo = two_sum(p, -g)
    far = times_power_of_two(hi + (lo + p_low), n)
    z = x * x
    near = size + size * z * hyperbolic_sine_ratio(z)
    result = near if size < real(1) else far
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def cosh(x):
    """Hyperbolic cosine."""
    p, p_low, g, n = half_exp(abs(x))
    hi, lo = two_sum(p, g)
    return times_power_of_two(hi + (lo + p_low), n)
