"""Sine, cosine and tangent, for every finite argument without a branch.

x in quarter turns is X T with X = x / 2^s and T = 2^s 2 / pi, from a table by s, a multiple of 32
(float32: 16) that brings X below 2^48 (2^20). As X is a multiple of 2^-36 (2^-19), T counts modulo
2^38 (2^21), and of the products, kept as pairs, whole turns are taken away (Payne and Hanek 1983).
"""

import numpy as np

from ..shared.inverse_trigonometric import quarter_turn
from ..shared.pairs import product_pair, quotient
from .elementary import inlined, nearest, two_product, two_sum
from .primitives import is_single, quick_sum

# The first 1216 bits of 2 / pi behind the point.
TWO_OVER_PI = int(
    "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e0"
    "06492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f4"
    "9c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d"
    "7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6bab",
    16,
)


def turns_table(real, rows, step, modulus):
    """(rows, 4): (2^(step row) 2 / pi) mod `modulus` as a sum of four numbers of the dtype."""
    table = np.empty((rows, 4), real)
    for row in range(rows):
        rest = (TWO_OVER_PI << (step * row)) % (modulus << 1216)
        for column in range(4):
            table[row, column] = real(float_of(rest, 1216))
            top, bottom = float(table[row, column]).as_integer_ratio()
            rest -= (top << 1216) // bottom
    return table


def float_of(whole, bits):
    """A whole number over 2^bits, near enough: what it lacks is left to the next column."""
    shift = max(abs(whole).bit_length() - 60, 0)
    return float(whole >> shift) * 2.0 ** (shift - bits)


TURNS_SINGLE = turns_table(np.float32, 8, 16, 1 << 21).ravel()
TURNS_DOUBLE = turns_table(np.float64, 32, 32, 1 << 38).ravel()


@inlined
def scaled_turns(x):
    """(X, t1, t2, t3, t4): x = X 2^s and the row of the table for s."""
    if isinstance(x, np.float32):
        field = np.uint32(
            np.uint32(np.float32(x).view(np.uint32) >> np.uint32(23)) & np.uint32(255)
        )
        field = np.uint32(131) if field < np.uint32(131) else field
        row = np.uint32(np.uint32(field - np.uint32(131)) >> np.uint32(4))
        scale = np.uint32(np.uint32(127) - np.uint32(row << np.uint32(4))) << np.uint32(23)
        place = np.uint32(row << np.uint32(2))
        first, second = TURNS_SINGLE[place], TURNS_SINGLE[place + np.uint32(1)]
        third, fourth = TURNS_SINGLE[place + np.uint32(2)], TURNS_SINGLE[place + np.uint32(3)]
        return x * np.uint32(scale).view(np.float32), first, second, third, fourth
    field = (np.float64(x).view(np.uint64) >> np.uint64(52)) & np.uint64(2047)
    field = np.uint64(1039) if field < np.uint64(1039) else field
    row = (field - np.uint64(1039)) >> np.uint64(5)
    scale = (np.uint64(1023) - (row << np.uint64(5))) << np.uint64(52)
    place = row << np.uint64(2)
    first, second = TURNS_DOUBLE[place], TURNS_DOUBLE[place + np.uint64(1)]
    third, fourth = TURNS_DOUBLE[place + np.uint64(2)], TURNS_DOUBLE[place + np.uint64(3)]
    return x * np.uint64(scale).view(np.float64), first, second, third, fourth


@inlined
def within_turn(p):
    """What p is beyond the nearest multiple of 4, exactly."""
    return p - type(p)(4) * np.rint(type(p)(0.25) * p)


@inlined
def quarter_turns(x):
    """(q, r, r_low) with x = q pi / 2 + r + r_low up to whole turns: |r| <= pi / 4, |q| <= 2."""
    real = type(x)
    zero = real(0)
    scaled, t1, t2, t3, t4 = scaled_turns(x)
    p1, p1_low = two_product(scaled, t1)
    p2, p2_low = two_product(scaled, t2)
    p3, p3_low = two_product(scaled, t3)
    part, first = two_sum(within_turn(p1), within_turn(p1_low))
    part, second = two_sum(part, within_turn(p2))
    low, third = two_sum(first, second)
    low, fourth = two_sum(low, p2_low)
    low, fifth = two_sum(low, p3)
    whole = nearest(part)
    part, low = two_sum(part - whole, low)
    low = low + (third + fourth + fifth + p3_low + scaled * t4)
    quarter, quarter_low = quarter_turn(x)
    r, r_low = product_pair(part, low, quarter, quarter_low)
    r, r_low = quick_sum(r, r_low)
    small = abs(x) < real(0.78)
    q = whole - real(4) * nearest(real(0.25) * whole)
    return (zero if small else q), (x if small else r), (zero if small else r_low)


@inlined
def sine_ratio(z):
    """(sin r / r - 1) / z at z = r^2 up to (pi / 4)^2."""
    real = type(z)
    if is_single(z):
        p = real(2.9070054e-06)
        p = p * z - real(0.00019860175)
        p = p * z + real(0.008333395)
        return p * z - real(0.16666667)
    p = real(-7.123573286251741e-13)
    p = p * z + real(1.604905247458149e-10)
    p = p * z - real(2.505203158984368e-08)
    p = p * z + real(2.755731893710682e-06)
    p = p * z - real(0.00019841269840746036)
    p = p * z + real(0.008333333333332922)
    return p * z - real(0.16666666666666666)


@inlined
def cosine_ratio(z):
    """(cos r - 1 + z / 2) / z^2 at z = r^2 up to (pi / 4)^2."""
    real = type(z)
    if is_single(z):
        p = real(-3.182868e-07)
        p = p * z + real(2.485055e-05)
        p = p * z - real(0.0013889045)
        return p * z + real(0.041666668)
    p = real(3.582288556888035e-14)
    p = p * z - real(1.1446647752836e-11)
    p = p * z + real(2.087656831981698e-09)
    p = p * z - real(2.75573185128195e-07)
    p = p * z + real(2.480158730028233e-05)
    p = p * z - real(0.0013888888888887862)
    return p * z + real(0.041666666666666664)


@inlined
def small_sine(r, r_low):
    """(hi, lo), the sine of r + r_low."""
    z = r * r
    return quick_sum(r, (r_low - type(r)(0.5) * z * r_low) + r * z * sine_ratio(z))


@inlined
def small_versine(r, r_low):
    """(hi, lo), 1 less the cosine of r + r_low."""
    z, z_low = two_product(r, r)
    half = type(r)(0.5)
    return quick_sum(half * z, (half * z_low + r * r_low) - z * z * cosine_ratio(z))


@inlined
def sin(x):
    """Sine; NaN at the infinities."""
    real = type(x)
    one, two = real(1), real(2)
    q, r, r_low = quarter_turns(x)
    s, s_low = small_sine(r, r_low)
    v, v_low = small_versine(r, r_low)
    c, c_low = quick_sum(one, -v)
    odd = abs(q) == one
    result = c + (c_low - v_low) if odd else s + s_low
    result = -result if q == -one or abs(q) == two else result
    return x if x == real(0) else result


@inlined
def cos(x):
    """Cosine; NaN at the infinities."""
    real = type(x)
    one, two = real(1), real(2)
    q, r, r_low = quarter_turns(x)
    s, s_low = small_sine(r, r_low)
    v, v_low = small_versine(r, r_low)
    c, c_low = quick_sum(one, -v)
    odd = abs(q) == one
    result = s + s_low if odd else c + (c_low - v_low)
    return -result if q == one or abs(q) == two else result


@inlined
def versine(x):
    """1 - cos x without cancellation, near every multiple of a turn."""
    real = type(x)
    zero, one, two = real(0), real(1), real(2)
    q, r, r_low = quarter_turns(x)
    s, s_low = small_sine(r, r_low)
    v, v_low = small_versine(r, r_low)
    odd, half = abs(q) == one, abs(q) == two
    part, low = (s if odd else v), (s_low if odd else v_low)
    negative = half or q == -one
    hi, lo = two_sum((one if odd else (two if half else zero)), (-part if negative else part))
    return hi + (lo + (-low if negative else low))


@inlined
def tan(x):
    """Tangent: the sine over the cosine, as pairs; NaN at the infinities."""
    real = type(x)
    q, r, r_low = quarter_turns(x)
    s, s_low = small_sine(r, r_low)
    v, v_low = small_versine(r, r_low)
    c, c_low = quick_sum(real(1), -v)
    c_low = c_low - v_low
    odd = abs(q) == real(1)
    result = quotient(
        (-c if odd else s), (-c_low if odd else s_low), (s if odd else c), (s_low if odd else c_low)
    )
    return x if x == real(0) else result
