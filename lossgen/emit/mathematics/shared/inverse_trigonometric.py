"""Inverse tangent, of one number and of a point, and inverse sine and cosine."""

import math

from ..cpu.elementary import (
    fused_multiply_add,
    inlined,
    sqrt,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single
from .pairs import quotient_pair


@inlined
def quarter_turn(x):
    """(hi, lo), pi / 2."""
    real = type(x)
    if is_single(x):
        return real(1.5707964), real(-4.371139e-08)
    return real(1.5707963267948966), real(6.123233995736766e-17)


@inlined
def arctangent_ratio(z):
    """(atan f / f - 1) / z at z = f^2, |f| up to sqrt(2) - 1."""
    real = type(z)
    if is_single(z):
        p = real(-0.06435401)
        p = p * z + real(0.1073753)
        p = p * z - real(0.14263186)
        p = p * z + real(0.19999506)
        return p * z - real(0.3333333)
    p = real(0.015482180347258599)
    p = p * z - real(0.03377657153939056)
    p = p * z + real(0.04517477537486361)
    p = p * z - real(0.0522209709844064)
    p = p * z + real(0.05877643258619593)
    p = p * z - real(0.06666295883840911)
    p = p * z + real(0.07692287888283197)
    p = p * z - real(0.09090908394805447)
    p = p * z + real(0.11111111095888784)
    p = p * z - real(0.14285714285526735)
    p = p * z + real(0.19999999999998921)
    return p * z - real(0.3333333333333333)


@inlined
def small_angle(y, x):
    """(share, f, f_low): the angle of (x, y), both at least 0, is share quarter turns and atan f.

    About 0, half a quarter turn or a quarter turn, of y / x, (y - x) / (y + x) or -x / y.
    """
    real = type(x)
    zero, one, half = real(0), real(1), real(0.5)
    middle, far = y > real(0.4142135623730950) * x, y > real(2.414213562373095) * x
    below, below_low = two_sum(y, -x)
    above, above_low = two_sum(y, x)
    top = -x if far else (below if middle else y)
    bottom = y if far else (above if middle else x)
    plain = far or not middle
    f, f_low = quotient_pair(
        top, zero if plain else below_low, bottom, zero if plain else above_low
    )
    return (one if far else (half if middle else zero)), f, f_low


@inlined
def turned(share, f, f_low):
    """An angle of so many quarter turns, and atan f."""
    quarter, quarter_low = quarter_turn(f)
    start, start_low = two_product(share, quarter)
    total, dropped = two_sum(start, f)
    z = f * f
    low = start_low + share * quarter_low
    return total + (dropped + (low + f_low + f * z * arctangent_ratio(z)))


@inlined
def atan(x):
    """Inverse tangent."""
    real = type(x)
    share, f, f_low = small_angle(abs(x), real(1))
    result = turned(share, f, f_low)
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def has_minus(x):
    """Whether a number is negative or -0."""
    return x < type(x)(0) or type(x)(1) / x < type(x)(0)


@inlined
def middle_scale(x):
    """A power of two that keeps sums of numbers up to |x| in range, and their quotients normal."""
    real = type(x)
    if is_single(x):
        large, small, up = real(2.0**125), real(2.0**-60), real(2.0**60)
    else:
        large, small, up = real(2.0**1021), real(2.0**-500), real(2.0**500)
    scale = real(0.25) if x > large else real(1)
    return up if x < small else scale


@inlined
def atan2(y, x):
    """Angle of the point (x, y), from -pi to pi; that of a zero by the signs of its zeros."""
    real = type(x)
    zero, one, two, infinity = real(0), real(1), real(2), real(math.inf)
    height, width = abs(y), abs(x)
    both = height == infinity and width == infinity
    height, width = (one if both else height), (one if both else width)
    scale = middle_scale(height if height > width else width)
    share, f, f_low = small_angle(height * scale, width * scale)
    nowhere = height == zero and width == zero
    f, f_low = (zero if nowhere else f), (zero if nowhere else f_low)
    back = has_minus(x)
    result = turned(
        (two - share if back else share), (-f if back else f), (-f_low if back else f_low)
    )
    result = y if height == zero and width == width and not back else result
    return -abs(result) if has_minus(y) else result


@inlined
def arcsine_ratio(z):
    """(asin r / r - 1) / z at z = r^2 up to 1/4."""
    real = type(z)
    if is_single(z):
        p = real(0.033700727)
        p = p * z + real(0.017143717)
        p = p * z + real(0.031101728)
        p = p * z + real(0.04459932)
        p = p * z + real(0.07500095)
        return p * z + real(0.16666666)
    p = real(0.02963502626354855)
    p = p * z - real(0.019277545928584557)
    p = p * z + real(0.019579201619744684)
    p = p * z + real(0.0030350071727267623)
    p = p * z + real(0.009322101501082774)
    p = p * z + real(0.00962140274734483)
    p = p * z + real(0.011566511821890942)
    p = p * z + real(0.013963775787848137)
    p = p * z + real(0.017352816768546473)
    p = p * z + real(0.022372157435623815)
    p = p * z + real(0.030381944475693704)
    p = p * z + real(0.04464285714255019)
    p = p * z + real(0.07500000000000119)
    return p * z + real(0.16666666666666666)


@inlined
def near_arcsine(size):
    """(r, r_low, tail): asin r is their sum; r = |x| up to 1/2, else sqrt((1 - |x|) / 2)."""
    real = type(size)
    half, zero = real(0.5), real(0)
    far = size > half
    z = half - half * size if far else size * size
    root = sqrt(z)
    rest = fused_multiply_add(-root, root, z) / (root + root)
    r = root if far else size
    r_low = rest if far and root > zero else zero
    return r, r_low, r * z * arcsine_ratio(z)


@inlined
def asin(x):
    """Inverse sine; NaN beyond 1."""
    real = type(x)
    two = real(2)
    r, r_low, tail = near_arcsine(abs(x))
    quarter, quarter_low = quarter_turn(x)
    hi, lo = two_sum(quarter, -two * r)
    far = hi + (lo + (quarter_low - two * (r_low + tail)))
    result = far if abs(x) > real(0.5) else r + tail
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def acos(x):
    """Inverse cosine; NaN beyond 1."""
    real = type(x)
    two, zero = real(2), real(0)
    r, r_low, tail = near_arcsine(abs(x))
    quarter, quarter_low = quarter_turn(x)
    minus = x < zero
    hi, lo = two_sum(quarter, (r if minus else -r))
    near = hi + (lo + (quarter_low + (tail if minus else -tail)))
    hi, lo = two_sum(two * quarter, -two * r)
    back = hi + (lo + two * (quarter_low - (r_low + tail)))
    ahead = two * (r + (r_low + tail))
    far = back if minus else ahead
    return far if abs(x) > real(0.5) else near
