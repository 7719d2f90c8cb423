"""sqrt(1 + x^2) less one, its logarithm, and their derivatives: no overflow, no cancellation."""

from ..cpu.elementary import (
    fused_multiply_add,
    inlined,
    log,
    log1p_sum,
    sign,
    sqrt,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single
from .pairs import quotient, quotient_pair


@inlined
def root_parts(x):
    """(s, s_low, square, square_low): sqrt(1 + x^2) and x^2, for |x| held below 2^62 (2^500)."""
    real = type(x)
    limit = real(4.611686018427388e18) if is_single(x) else real(3.273390607896142e150)
    size = limit if abs(x) > limit else abs(x)
    square, square_low = two_product(size, size)
    total, dropped = two_sum(real(1), square)
    s = sqrt(total)
    s_low = (fused_multiply_add(-s, s, total) + (dropped + square_low)) / (s + s)
    return s, s_low, square, square_low


@inlined
def hypot1m1(x):
    """sqrt(1 + x^2) - 1 = x^2 / (1 + sqrt(1 + x^2)); |x| - 1 beyond 2^30."""
    real = type(x)
    s, s_low, square, square_low = root_parts(x)
    total, dropped = two_sum(real(1), s)
    near = quotient(square, square_low, total, dropped + s_low)
    return abs(x) - real(1) if abs(x) > real(1073741824.0) else near


@inlined
def over_hypot(x):
    """The ratio x / sqrt(1 + x^2); the sign of x beyond 2^30."""
    real = type(x)
    s, s_low, _, _ = root_parts(x)
    result = sign(x) if abs(x) > real(1073741824.0) else quotient(x, real(0), s, s_low)
    return x if x == real(0) else result


@inlined
def inverse_hypot_cubed(x):
    """(1 + x^2)^(-3/2), the cube of a quotient carried as a pair."""
    real = type(x)
    s, s_low, _, _ = root_parts(x)
    q, q_low = quotient_pair(real(1), real(0), s, s_low)
    square, square_low = two_product(q, q)
    hi, lo = two_product(square, q)
    return hi + (lo + (square_low * q + real(3) * square * q_low))


@inlined
def square_parts(x):
    """(total, total_low, square, square_low): 1 + x^2 and x^2, for |x| held below 2^30."""
    real = type(x)
    size = real(1073741824.0) if abs(x) > real(1073741824.0) else abs(x)
    square, square_low = two_product(size, size)
    total, dropped = two_sum(real(1), square)
    return total, dropped + square_low, square, square_low


@inlined
def log_hypot1(x):
    """Log sqrt(1 + x^2); log |x| beyond 2^30."""
    real = type(x)
    _, _, square, square_low = square_parts(x)
    near = real(0.5) * log1p_sum(square, square_low)
    return log(abs(x)) if abs(x) > real(1073741824.0) else near


@inlined
def over_one_plus_square(x):
    """The ratio x / (1 + x^2); 1 / x beyond 2^30."""
    real = type(x)
    total, total_low, _, _ = square_parts(x)
    near = quotient(x, real(0), total, total_low)
    result = real(1) / x if abs(x) > real(1073741824.0) else near
    return x if x == real(0) else result


@inlined
def over_one_plus_square_slope(x):
    """(1 - x^2) / (1 + x^2)^2, divided in turn; -1 / x^2 beyond 2^30."""
    real = type(x)
    total, total_low, square, square_low = square_parts(x)
    less, dropped = two_sum(real(1), -square)
    once, once_low = quotient_pair(less, dropped - square_low, total, total_low)
    near = quotient(once, once_low, total, total_low)
    return real(-1) / x / x if abs(x) > real(1073741824.0) else near


@inlined
def outer_product(x, y, s, z):
    """X y s z with the larger of x and y multiplied by s, by z, and by the smaller at last."""
    larger, smaller = (x, y) if abs(x) > abs(y) else (y, x)
    return larger * s * z * smaller


@inlined
def square_scale(total):
    """A power of two: numbers with this sum of squares, times it, have squares of normal size.

    1 in the middle of the range; a sum that has become 0 or infinite is at an end of it. The square
    of the scale, times such a number or by one, is a number too.
    """
    if is_single(total):
        large, small = type(total)(2.0**100), type(total)(2.0**-100)
        down, up = type(total)(2.0**-80), type(total)(2.0**88)
    else:
        large, small = type(total)(2.0**700), type(total)(2.0**-700)
        down, up = type(total)(2.0**-600), type(total)(2.0**600)
    scale = down if total > large else type(total)(1)
    return up if total < small else scale
