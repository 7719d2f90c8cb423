"""Pairs: sums, products, quotients, exponentials and logarithms that keep what rounding drops."""

from ..cpu.elementary import (
    exp_limits,
    fused_multiply_add,
    inlined,
    power_of_two,
    times_log2,
    times_power_of_two,
    two_product,
    two_sum,
    whole_and_rest,
)
from ..cpu.primitives import is_single, quick_sum


@inlined
def product_pair(a, a_low, b, b_low):
    """(hi, lo), the product of two pairs."""
    hi, lo = two_product(a, b)
    return hi, lo + (a * b_low + a_low * b)


@inlined
def quotient_pair(a, a_low, b, b_low):
    """(hi, lo), the quotient of two pairs; lo is 0 where hi is not an ordinary number."""
    hi = a / b
    lo = (fused_multiply_add(-hi, b, a) + (a_low - hi * b_low)) / b
    return hi, (lo if abs(lo) <= abs(hi) else type(a)(0))


@inlined
def quotient(a, a_low, b, b_low):
    """The quotient of two pairs, rounded."""
    hi, lo = quotient_pair(a, a_low, b, b_low)
    return hi + lo


@inlined
def exp_cubic(r):
    """(e^r - 1 - r - r^2 / 2) / r^3 for |r| up to half of log 2."""
    real = type(r)
    if is_single(r):
        p = real(0.00019972521)
        p = p * r + real(0.0013927062)
        p = p * r + real(0.008333175)
        p = p * r + real(0.04166655)
        return p * r + real(0.16666667)
    p = real(2.0898197342590107e-09)
    p = p * r + real(2.5102572328031524e-08)
    p = p * r + real(2.7557319054880504e-07)
    p = p * r + real(2.7557263034631487e-06)
    p = p * r + real(2.4801587284017748e-05)
    p = p * r + real(0.0001984126986749731)
    p = p * r + real(0.00138888888888977)
    p = p * r + real(0.00833333333332873)
    p = p * r + real(0.04166666666666666)
    return p * r + real(0.16666666666666669)


@inlined
def exp_parts(hi, lo):
    """(p, p_low, n) with e^(hi + lo) = 2^n * (p + p_low), about 2^-29 and 2^-58 off.

    p lies in [0.7, 1.42]; the exponent is held within what the dtype can tell from 0 and
    infinity, and there lo, which may be inf - inf, is dropped.
    """
    one, half, zero = type(hi)(1), type(hi)(0.5), type(hi)(0)
    lowest, highest = exp_limits(hi)
    lo = zero if hi < lowest or hi > highest else lo
    hi = lowest if hi < lowest else hi
    hi = highest if hi > highest else hi
    n, r, rest = whole_and_rest(hi, lo)
    square, square_low = two_product(r, r)
    total, first = two_sum(one, r)
    total, second = quick_sum(total, half * square)
    tail = r * square * exp_cubic(r)
    p, p_low = quick_sum(total, first + second + (tail + (half * square_low + rest)))
    return p, p_low, n


@inlined
def expm1_pair(hi, lo):
    """(hi, lo), e^(hi + lo) - 1; hi is infinite where e^hi overflows, -1 far below zero.

    From parts with half the power of two, which cannot overflow. Below 2^-14 (2^-30) the parts
    hold too few bits beside the 1 that is taken away: x + x^2 / 2 is exact enough there.
    """
    half, two = type(hi)(0.5), type(hi)(2)
    limit = type(hi)(6.103515625e-05) if is_single(hi) else type(hi)(9.313225746154785e-10)
    p, p_low, n = exp_parts(hi, lo)
    lowest = type(hi)(-100)
    scale = power_of_two((lowest if n < lowest else n) - type(hi)(1))
    large, small = two_sum(scale * p, -half)
    large, small = quick_sum(large, small + scale * p_low)
    near = abs(hi) < limit
    return (hi if near else two * large), (lo + half * hi * hi if near else two * small)


@inlined
def exp_over(hi, lo, y, y_low):
    """e^(hi + lo) / (y + y_low) for hi above 64, where the power may overflow and this not."""
    head, rest = times_log2(type(hi)(64))
    large, small = two_sum(hi, -head)
    p, p_low, n = exp_parts(large, small + (lo - rest))
    return quotient(p, p_low, y, y_low) * power_of_two(n) * type(hi)(18446744073709551616.0)


@inlined
def scaled_down(hi, lo, n):
    """(hi + lo) * 2^n rounded once, for hi from 2^-7 to 2, n down to the subnormals."""
    return times_power_of_two((hi + lo) * type(hi)(64), n - type(hi)(6))
