"""Elementary functions, arithmetic of pairs, sums and extremes of fixed order, rows and weights."""

import math

import numpy as np
from numba import types
from numba.extending import intrinsic, overload, register_jitable

# Lengths that fix the order of a sum: see `block_sum`.
BLOCK = 256
LANES = 16
ROOM = BLOCK + LANES
SHORT = 32

# Added to x and taken away again, 1.5 * 2^p with p fraction bits leaves no room for a fraction;
# not taken away, it leaves the integer in the low bits.
ROUND_SINGLE = np.float32(1.5 * 2.0**23)
ROUND_DOUBLE = np.float64(1.5 * 2.0**52)

# log 2, cut after 16 or 33 bits so that its product with an exponent is exact, and the rest.
LOG2_SINGLE = np.float32(0.693145751953125)
LOG2_REST_SINGLE = np.float32(1.42860677e-06)
LOG2_DOUBLE = np.float64(0.6931471803691238)
LOG2_REST_DOUBLE = np.float64(1.9082149292705877e-10)

inlined = register_jitable(fastmath={"contract"}, error_model="numpy", forceinline=True)
exact = register_jitable(error_model="numpy", forceinline=True)


# Pairs: a rounded result and what the rounding dropped.


@exact
def two_sum(a, b):
    """(hi, lo) with hi = a + b rounded and hi + lo = a + b exactly (Knuth 1969)."""
    hi = a + b
    part = hi - a
    return hi, (a - (hi - part)) + (b - part)


@exact
def two_product(a, b):
    """(hi, lo) with hi = a * b rounded and hi + lo = a * b exactly, short of underflow."""
    hi = a * b
    return hi, fused_multiply_add(a, b, -hi)


def fused_multiply_add(a, b, c):
    """The sum a * b + c rounded once."""
    rounded = a * b + c
    if not np.isfinite(rounded):
        return rounded
    (p, q), (r, s), (t, u) = (float(x).as_integer_ratio() for x in (a, b, c))
    return type(rounded)((p * r * u + t * q * s) / (q * s * u))


@intrinsic
def _fused(typing_context, a, b, c):
    def generate(context, builder, signature, arguments):
        return builder.fma(*arguments)

    return a(a, a, a), generate


@overload(fused_multiply_add, jit_options={"forceinline": True})
def _fused_multiply_add(a, b, c):
    if isinstance(a, types.Float) and a == b == c:
        return lambda a, b, c: _fused(a, b, c)
    return None


# Parts of a number: nearest integer, power of two, exponent and fraction.


@inlined
def nearest(x):
    """The integer nearest to x as a float, ties to even; |x| below 2^22 or 2^51."""
    if isinstance(x, np.float32):
        return (x + ROUND_SINGLE) - ROUND_SINGLE
    return (x + ROUND_DOUBLE) - ROUND_DOUBLE


@inlined
def power_of_two(n):
    """2^n for an integer n, a float in the exponent range of normal numbers.

    The low bits of n + 1.5 * 2^p are n; shifted to the exponent field they are added to 1.
    """
    if isinstance(n, np.float32):
        word = np.float32(n + ROUND_SINGLE).view(np.int32)
        word = np.int32(np.int32(word << np.int32(23)) + np.int32(0x3F800000))
        return word.view(np.float32)
    word = np.float64(n + ROUND_DOUBLE).view(np.int64)
    word = np.int64((word << np.int64(52)) + np.int64(0x3FF0000000000000))
    return word.view(np.float64)


@inlined
def times_power_of_two(p, n):
    """The product p * 2^n rounded once, for p in [1/2, 2), n down to the subnormals.

    As p * 2^(n - 1) * 2, so that 2^n may overflow where the product does not; where the result
    may be subnormal, the first factor is 2^64 or 2^128 times larger and the second one rounds.
    """
    if isinstance(p, np.float32):
        small = n < np.float32(-124.0)
        up = np.float32(63.0) if small else np.float32(-1.0)
        return (p * power_of_two(n + up)) * (np.float32(2.0**-63) if small else np.float32(2.0))
    small = n < -1020.0
    up = 127.0 if small else -1.0
    return (p * power_of_two(n + up)) * (2.0**-127 if small else 2.0)


@inlined
def exponent_and_fraction(x):
    """(k, m) with x = 2^k * m and m in [sqrt(1/2), sqrt(2)], for positive normal x.

    Adding the distance from sqrt(1/2) to 1 to the bits makes the exponent field round there;
    the field becomes a float as the low bits of 2^p.
    """
    if isinstance(x, np.float32):
        word = np.float32(x).view(np.uint32)
        field = np.uint32(np.uint32(word + np.uint32(0x004AFB0D)) >> np.uint32(23))
        k = np.uint32(field | np.uint32(0x4B000000)).view(np.float32) - np.float32(8388735.0)
        m = np.uint32(np.uint32(word + np.uint32(0x3F800000)) - np.uint32(field << np.uint32(23)))
        return k, m.view(np.float32)
    word = np.float64(x).view(np.uint64)
    field = (word + np.uint64(0x00095F619980C433)) >> np.uint64(52)
    k = np.uint64(field | np.uint64(0x4330000000000000)).view(np.float64) - 4503599627371519.0
    m = np.uint64((word + np.uint64(0x3FF0000000000000)) - (field << np.uint64(52)))
    return k, m.view(np.float64)


@inlined
def any_exponent_and_fraction(x):
    """The same for any positive finite x: subnormal numbers are scaled up first."""
    if isinstance(x, np.float32):
        small = x < np.float32(1.1754944e-38)
        k, m = exponent_and_fraction(x * np.float32(16777216.0) if small else x)
        return (k - np.float32(24.0) if small else k), m
    small = x < 2.2250738585072014e-308
    k, m = exponent_and_fraction(x * 18014398509481984.0 if small else x)
    return (k - 54.0 if small else k), m


# Exponentials: e^x = 2^n * e^r with n the integer nearest to x / log 2.


@inlined
def times_log2(n):
    """(hi, lo) with n * log 2 = hi + lo, hi exactly."""
    if isinstance(n, np.float32):
        return n * LOG2_SINGLE, n * LOG2_REST_SINGLE
    return n * LOG2_DOUBLE, n * LOG2_REST_DOUBLE


@inlined
def whole_and_rest(x, low):
    """(n, r, rest) with x + low = n * log 2 + r + rest, |r| about half of log 2 at most."""
    if isinstance(x, np.float32):
        n = nearest(x * np.float32(1.442695))
    else:
        n = nearest(x * 1.4426950408889634)
    hi, lo = times_log2(n)
    large, small = x - hi, lo - low
    r = large - small
    return n, r, (large - r) - small


@inlined
def exp_ratio(r):
    """(e^r - 1 - r) / r^2 for |r| up to half of log 2; e^r is then 2^-33 and 2^-64 off."""
    if isinstance(r, np.float32):
        p = np.float32(0.0001995337)
        p = p * r + np.float32(0.0013935457)
        p = p * r + np.float32(0.008333198)
        p = p * r + np.float32(0.04166646)
        p = p * r + np.float32(0.16666667)
        return p * r + np.float32(0.5)
    p = 2.092020112058942e-09
    p = p * r + 2.511283629467617e-08
    p = p * r + 2.7557257265356484e-07
    p = p * r + 2.7557232408618926e-06
    p = p * r + 2.4801587342359395e-05
    p = p * r + 0.00019841269899041614
    p = p * r + 0.0013888888888876942
    p = p * r + 0.008333333333315854
    p = p * r + 0.04166666666666668
    p = p * r + 0.16666666666666685
    return p * r + 0.5


@inlined
def exp_limits(x):
    """(lowest, highest) argument worth telling apart: e^x is 0 below and infinite above."""
    if isinstance(x, np.float32):
        return np.float32(-105.0), np.float32(89.0)
    return -746.0, 710.0


@inlined
def exp(x):
    """e^x."""
    return exp_sum(x, type(x)(0))


@inlined
def exp_sum(hi, lo):
    """e^(hi + lo) for an unevaluated sum with |lo| at most a few ulp of hi.

    Outside the limits lo does not matter; it is dropped, as it may be inf - inf there.
    """
    lowest, highest = exp_limits(hi)
    lo = type(hi)(0) if hi < lowest else lo
    lo = type(hi)(0) if hi > highest else lo
    hi = lowest if hi < lowest else hi
    hi = highest if hi > highest else hi
    n, r, _ = whole_and_rest(hi, lo)
    return times_power_of_two(type(hi)(1) + (r + exp_ratio(r) * (r * r)), n)


@inlined
def expm1(x):
    """e^x - 1 = (2^n - 1) + 2^n * r + 2^n * (e^r - 1 - r), halved so that 2^n cannot overflow.

    Near n = 0 the three cancel, so what the first two, r and r^2 drop in rounding is put back.
    """
    half, zero = type(x)(0.5), type(x)(0)
    lowest, highest = exp_limits(x)
    lowest = half * lowest
    y = lowest if x < lowest else x
    y = highest if y > highest else y
    n, r, rest = whole_and_rest(y, zero)
    scale = power_of_two(n - type(x)(1))
    head = scale - half
    shift = scale * r
    hi = head + shift
    dropped = (shift - (hi - head)) + ((scale - head) - half)
    square, square_rest = two_product(r, r)
    tail = exp_ratio(r) * square + (half * square_rest + rest)
    result = (hi + (dropped + scale * tail)) * type(x)(2)
    return x if abs(x) < smallest_squared(x) else result


@inlined
def smallest_squared(x):
    """Below this (2^-26, 2^-55) x * x is less than a quarter ulp of x."""
    if isinstance(x, np.float32):
        return np.float32(1.4901161193847656e-08)
    return 2.7755575615628914e-17


# Logarithms: log x = k * log 2 + log(1 + f) with x = 2^k * (1 + f).


@inlined
def log_tail(f):
    """log(1 + f) - f for 1 + f from sqrt(1/2) to 3/2, 2^-31 and 2^-62 of log(1 + f) off.

    float32: polynomial in f. float64: in s = f / (2 + f), as log(1 + f) = 2 artanh(s).
    """
    if isinstance(f, np.float32):
        p = np.float32(-0.040887076)
        p = p * f + np.float32(0.09365788)
        p = p * f - np.float32(0.11089409)
        p = p * f + np.float32(0.113194376)
        p = p * f - np.float32(0.12418597)
        p = p * f + np.float32(0.14262784)
        p = p * f - np.float32(0.16668972)
        p = p * f + np.float32(0.20000799)
        p = p * f - np.float32(0.24999979)
        p = p * f + np.float32(0.33333325)
        return (f * f) * (p * f - np.float32(0.5))
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    return s * (half_square + artanh_tail(s * s)) - half_square


@inlined
def artanh_tail(z):
    """2 artanh(s) / s - 2 = z * (2/3 + 2/5 z + ...) at z = s * s up to 0.04."""
    p = 0.13839619551140087
    p = p * z + 0.13174087233361176
    p = p * z + 0.15391084299553418
    p = p * z + 0.1818166666383923
    p = p * z + 0.2222222428472049
    p = p * z + 0.28571428555913286
    p = p * z + 0.4000000000005645
    p = p * z + 0.666666666666666
    return p * z


@inlined
def log_parts(k, f):
    """(hi, lo), k * log 2 + log(1 + f); hi + lo loses nothing but the tail's own rounding."""
    head, rest = times_log2(k)
    hi = head + f
    lo = f - (hi - head)
    return hi, lo + (log_tail(f) + rest)


@inlined
def log_ends(x, result):
    """The result, or what log x is for x zero, negative, infinite and NaN."""
    result = x if x == type(x)(math.inf) else result
    other = type(x)(-math.inf) if x == type(x)(0) else type(x)(math.nan)
    return result if x > type(x)(0) else other


@inlined
def log(x):
    """Natural logarithm; -inf at 0, NaN below."""
    k, m = any_exponent_and_fraction(x)
    hi, lo = log_parts(k, m - type(x)(1))
    return log_ends(x, hi + lo)


@inlined
def log_of_sum(k, m, dropped):
    """log(2^k * m + dropped) where dropped is what rounding to 2^k * m lost.

    A relative error e of the argument moves the logarithm by e = dropped * 2^-k / (1 + f),
    for which dropped * 2^-k * (1 - f + f^2) is near enough, and nothing beyond k = 64.
    """
    one, zero = type(m)(1), type(m)(0)
    f = m - one
    near = abs(k) < type(m)(64)
    scale = power_of_two(-k if near else zero)
    relative = (dropped if near else zero) * scale
    hi, lo = log_parts(k, f)
    return hi + (lo + relative * (one - f * (one - f)))


@inlined
def log1p(x):
    """log(1 + x): the logarithm of the rounded sum, with the rounding error put back."""
    result = log1p_sum(x, type(x)(0))
    return x if x == type(x)(0) else result


@inlined
def log1p_sum(hi, lo):
    """log(1 + hi + lo) for an unevaluated sum with |lo| at most an ulp of hi."""
    total, dropped = two_sum(type(hi)(1), hi)
    k, m = exponent_and_fraction(total)
    return log_ends(total, log_of_sum(k, m, dropped + lo))


@inlined
def log1p_unit(z):
    """log(1 + z) for z in [0, 1], at half the cost: 1 + z is halved above z = 1/2, exactly."""
    upper = z > type(z)(0.5)
    f = type(z)(0.5) * z - type(z)(0.5) if upper else z
    log2, rest = times_log2(type(z)(1))
    head = log2 if upper else type(z)(0)
    hi = head + f
    lo = (f - (hi - head)) + (rest if upper else type(z)(0))
    return hi + (lo + log_tail(f))


# What losses are made of.


@inlined
def absolute(x):
    """|x|."""
    return abs(x)


@inlined
def sqrt(x):
    """Square root, correctly rounded; NaN below zero."""
    return np.sqrt(x)


@inlined
def sign(x):
    """-1, 0 or 1; NaN for NaN."""
    result = type(x)(1) if x > type(x)(0) else x
    return type(x)(-1) if x < type(x)(0) else result


@inlined
def positive_part(x):
    """max(x, 0); NaN for NaN, which `max` drops on one side."""
    return type(x)(0) if x <= type(x)(0) else x


@inlined
def maximum(a, b):
    """The larger of two; NaN if either is."""
    larger = a if a > b else b
    return a if a != a else larger


@inlined
def minimum(a, b):
    """The smaller of two; NaN if either is."""
    smaller = a if a < b else b
    return a if a != a else smaller


@inlined
def sigmoid(x):
    """1 / (1 + e^-x), as e^x / (1 + e^x) below zero: no overflow, and no cancellation.

    The rounding errors of 1 + z and of the quotient are put back, with 1 / (1 + z) known
    from the quotient itself.
    """
    one = type(x)(1)
    z = exp(-abs(x))
    numerator = z if x < type(x)(0) else one
    total = one + z
    dropped = z - (total - one)
    quotient = numerator / total
    inverse = one - quotient if x < type(x)(0) else quotient
    remainder = fused_multiply_add(-quotient, total, numerator) - quotient * dropped
    return quotient + remainder * inverse


@inlined
def softplus(x):
    """log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)."""
    return positive_part(x) + log1p_unit(exp(-abs(x)))


@inlined
def log_sigmoid(x):
    """log(1 / (1 + e^-x)) = -softplus(-x)."""
    return -softplus(-x)


@inlined
def tanh(x):
    """Hyperbolic tangent from t = e^(-2|x|) - 1, as -t / (2 + t) with the sign of x.

    The rounding errors of 2 + t and of the quotient are put back; 1 / (2 + t) is half of
    one plus the quotient.
    """
    two = type(x)(2)
    t = expm1(-two * abs(x))
    total = two + t
    dropped = t - (total - two)
    quotient = -t / total
    inverse = type(x)(0.5) * quotient + type(x)(0.5)
    remainder = fused_multiply_add(-quotient, total, -t) - quotient * dropped
    result = quotient + remainder * inverse
    return -result if x < type(x)(0) else (x if x == type(x)(0) else result)


@inlined
def log_cosh(x):
    """(|x| - log 2) + log(1 + e^(-2|x|)), which is log cosh x; x^2 times a polynomial below 1."""
    size = abs(x)
    log2, rest = times_log2(type(x)(1))
    far = (size - log2) + (log1p_unit(exp(type(x)(-2) * size)) - rest)
    square = x * x
    return square * log_cosh_ratio(square) if size < type(x)(1) else far


@inlined
def log_cosh_ratio(u):
    """The ratio log cosh(sqrt u) / u for u in [0, 1], 2^-27 and 2^-60 off."""
    if isinstance(u, np.float32):
        p = np.float32(8.786524e-05)
        p = p * u - np.float32(0.00056040374)
        p = p * u + np.float32(0.002082521)
        p = p * u - np.float32(0.0067135002)
        p = p * u + np.float32(0.022217449)
        p = p * u - np.float32(0.0833331)
        return p * u + np.float32(0.5)
    p = -2.303410732573717e-09
    p = p * u + 2.4474375642699945e-08
    p = p * u - 1.3139295664753945e-07
    p = p * u + 4.939160338084353e-07
    p = p * u - 1.5301789976353335e-06
    p = p * u + 4.3333045261629244e-06
    p = p * u - 1.1919989556490698e-05
    p = p * u + 3.276554557595999e-05
    p = p * u - 9.098584175156291e-05
    p = p * u + 0.00025657981877349697
    p = p * u - 0.0007386028572566404
    p = p * u + 0.002186948844330862
    p = p * u - 0.006746031745534522
    p = p * u + 0.02222222222220869
    p = p * u - 0.0833333333333332
    return p * u + 0.5


@inlined
def sech2(x):
    """1 / cosh(x)^2 = 4 z / (1 + z (2 + z)) with z = e^(-2|x|): the derivative of tanh."""
    one, two = type(x)(1), type(x)(2)
    z = exp(-two * abs(x))
    return (type(x)(4) * z) / (one + z * (two + z))


@inlined
def hypot(x, y):
    """sqrt(x^2 + y^2), scaled by a power of two so that no square leaves the range; NaN wins."""
    size = maximum(abs(x), abs(y))
    if isinstance(x, np.float32):
        limit, up, down = np.float32(1e18), np.float32(2.0**64), np.float32(2.0**-64)
    else:
        limit, up, down = 1e150, 2.0**600, 2.0**-600
    scale = down if size > limit else type(x)(1)
    back = up if size > limit else type(x)(1)
    scale = up if size < type(x)(1) / limit else scale
    back = down if size < type(x)(1) / limit else back
    a = x * scale
    b = y * scale
    return np.sqrt(a * a + b * b) * back


@inlined
def xlogy(x, y):
    """Product x * log y; 0 at x = 0 for any y but NaN."""
    product = x * log(y)
    return type(x)(0) if x == type(x)(0) and y == y else product


@inlined
def xlog1py(x, y):
    """Product x * log(1 + y); 0 at x = 0 for any y but NaN."""
    product = x * log1p(y)
    return type(x)(0) if x == type(x)(0) and y == y else product


@inlined
def log1mexp(x):
    """log(1 - e^-x) for x > 0 (Maechler 2012).

    Below log 2 the argument comes from expm1, above it is carried as a pair.
    """
    total, dropped = two_sum(type(x)(1), -exp(-x))
    small = x < type(x)(0.6931471805599453)
    total = -expm1(-x) if small else total
    k, m = any_exponent_and_fraction(total)
    return log_ends(total, log_of_sum(k, m, type(x)(0) if small else dropped))


@inlined
def log_pair(x):
    """(hi, lo), log x with about twelve more bits than one float; x positive.

    2 artanh(s) = 2 s + (2/3) s^3 + ...: s and the cubic term are carried as pairs.
    """
    one = type(x)(1)
    k, m = any_exponent_and_fraction(x)
    f = m - one
    total = m + one
    dropped = m - (total - one)
    inverse = one / total
    s = f * inverse
    s_low = (fused_multiply_add(-s, total, f) - s * dropped) * inverse
    z, z_low = two_product(s, s)
    z_low = z_low + type(x)(2) * s * s_low
    cube, cube_low = two_product(s, z)
    cube_low = cube_low + (s * z_low + s_low * z)
    factor, factor_low = artanh_factor(z)
    tail, tail_low = two_product(cube, factor)
    tail_low = tail_low + (cube * factor_low + cube_low * factor)
    head, rest = times_log2(k)
    hi, first = two_sum(head, type(x)(2) * s)
    hi, second = two_sum(hi, tail)
    lo = (first + second) + ((rest + type(x)(2) * s_low) + tail_low)
    return two_sum(hi, lo)


@inlined
def artanh_factor(z):
    """(hi, lo), 2/3 + 2/5 z + 2/7 z^2 + ... for z up to 0.0295."""
    if isinstance(z, np.float32):
        p = np.float32(0.23426841)
        p = p * z + np.float32(0.2854679)
        p = p * z + np.float32(0.40000156)
        third, third_low = np.float32(0.6666667), np.float32(-1.9868216e-08)
    else:
        p = 0.12005883395735682
        p = p * z + 0.11672708244678559
        p = p * z + 0.133364262449743
        p = p * z + 0.15384553892785888
        p = p * z + 0.18181818916592185
        p = p * z + 0.22222222217133403
        p = p * z + 0.285714285714469
        p = p * z + 0.39999999999999974
        third, third_low = 0.6666666666666666, 3.700743415417188e-17
    term = p * z
    hi, lo = two_sum(third, term)
    return hi, lo + third_low


@inlined
def power(x, y):
    """x^y for x >= 0 (NaN below), as e^(y log x) with the exponent carried as a pair."""
    one = type(x)(1)
    hi, lo = log_pair(x)
    hi = log_ends(x, hi)
    exponent, low = two_product(y, hi)
    result = exp_sum(exponent, low + y * lo)
    return one if y == type(x)(0) or x == one else result


# Reductions over contiguous arrays.


@exact
def block_sum(values, count):
    """Sum of the first `count` values of a block as a float64.

    The array has room for 16 more after the 256 values. The order depends on `count` only. Up to
    32 values: from left to right. More: value i goes to lane i mod 16, each lane is summed from
    left to right in the width of the values, and the lanes by a tree in float64. A sum that leaves
    the range of float32 is taken again in float64: the mean of two values of 3e38 is 3e38.
    """
    total = narrow_sum(values, count)
    return total if np.isfinite(total) else wide_sum(values, count)


@exact
def wide_sum(values, count):
    """Sum from left to right in float64."""
    total = 0.0
    for i in range(count):
        total += np.float64(values[i])
    return total


@exact
def narrow_sum(values, count):
    """Sum in the width of the values, see `block_sum`; the lanes are left behind the block."""
    if count <= SHORT:
        total = values.dtype.type(0)
        for i in range(count):
            total += values[i]
        return np.float64(total)
    lanes = values[BLOCK:]
    if count == BLOCK:
        for lane in range(LANES):
            total = values[lane]
            for row in range(1, BLOCK // LANES):
                total += values[lane + LANES * row]
            lanes[lane] = total
    else:
        rows = count // LANES
        for lane in range(LANES):
            lanes[lane] = values[lane]
        for row in range(1, rows):
            for lane in range(LANES):
                lanes[lane] += values[lane + LANES * row]
        for lane in range(count - LANES * rows):
            lanes[lane] += values[lane + LANES * rows]
    return lane_sum(lanes)


@exact
def lane_sum(values):
    """Tree sum of the first 16 values as a float64: i with i + 8, then 4, 2, 1 apart."""
    a0 = np.float64(values[0]) + np.float64(values[8])
    a1 = np.float64(values[1]) + np.float64(values[9])
    a2 = np.float64(values[2]) + np.float64(values[10])
    a3 = np.float64(values[3]) + np.float64(values[11])
    a4 = np.float64(values[4]) + np.float64(values[12])
    a5 = np.float64(values[5]) + np.float64(values[13])
    a6 = np.float64(values[6]) + np.float64(values[14])
    a7 = np.float64(values[7]) + np.float64(values[15])
    return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7))


@inlined
def counted(count, condition):
    """The count, an int32, one larger where the condition holds."""
    return np.int32(count + np.int32(condition))


@inlined
def ordered(x):
    """The bits of x as an integer that sorts as x does; NaN above infinity.

    Negative numbers sort backwards by their bits, so all but the sign is inverted.
    """
    if isinstance(x, np.float32):
        word = sortable_single(np.float32(x).view(np.int32))
        return np.int32(0x7FFFFFFF) if x != x else word
    word = sortable_double(np.float64(x).view(np.int64))
    return np.int64(0x7FFFFFFFFFFFFFFF) if x != x else word


@inlined
def from_ordered(word):
    """The inverse of `ordered`."""
    if isinstance(word, np.int32):
        return np.int32(sortable_single(word)).view(np.float32)
    return np.int64(sortable_double(word)).view(np.float64)


@inlined
def sortable_single(word):
    """All bits but the sign inverted where the sign is set; its own inverse."""
    negative = np.int32(word >> np.int32(31))
    return np.int32(word ^ np.int32(negative & np.int32(0x7FFFFFFF)))


@inlined
def sortable_double(word):
    """The same for 64 bits."""
    negative = np.int64(word >> np.int64(63))
    return np.int64(word ^ np.int64(negative & np.int64(0x7FFFFFFFFFFFFFFF)))


@inlined
def maximum_of(values):
    """Largest of a contiguous vector; NaN if one is, -inf if empty.

    Taken over integers, as a maximum of floats that keeps NaN is not vectorised.
    """
    best = ordered(values.dtype.type(-math.inf))
    for i in range(values.size):
        word = ordered(values[i])
        best = word if word > best else best
    return from_ordered(best)


@inlined
def minimum_of(values):
    """Smallest of a contiguous vector; NaN if one is, inf if empty."""
    best = ordered(values.dtype.type(-math.inf))
    for i in range(values.size):
        word = ordered(-values[i])
        best = word if word > best else best
    return -from_ordered(best)


# Short forms that formulas use.


@inlined
def square(x):
    """x^2."""
    return x * x


@inlined
def cube(x):
    """x^3."""
    return x * x * x


@inlined
def product(x, y):
    """X * y, and 0 where x is 0 whatever y is but NaN."""
    return type(x)(0) if x == type(x)(0) and y == y else x * y


@inlined
def ratio(x, y):
    """X / y, and 0 where x is 0 whatever y is: the slope of x log y."""
    return x * type(y)(0) if x == 0 and y == y else x / y


@inlined
def log_ratio(x, y):
    """log(x / y) for x, y >= 0, without cancellation near x = y, where x - y is exact.

    Where the quotient nears an end of the range it is taken 2^150 or 2^1080 nearer to 1.
    """
    real = type(x)
    y = y + real(0)  # which takes the sign off -0
    near = y < x + x and x < y + y
    difference = (x - y) / y if near else real(0)
    if isinstance(x, np.float32):
        step, limit, shift = real(2.0**75), real(2.0**120), real(103.97207708399179)
    else:
        step, limit, shift = real(2.0**540), real(2.0**1000), real(748.5989550047409)
    quotient = x / y
    small = quotient * limit < real(1) and x > real(0)
    large = quotient > limit and y > real(0)
    a = x * step if small else (x / step if large else x)
    b = y / step if small else (y * step if large else y)
    moved = -shift if small else (shift if large else real(0))
    return log1p(difference) if near else log(a / b) + moved


@inlined
def relative_entropy(x, y):
    """X log(x / y), and 0 where x is 0 whatever y is."""
    return x * type(y)(0) if x == 0 and y == y else x * log_ratio(x, y)


@inlined
def exp_difference(a, b):
    """e^(a - b); the rounding error of a - b, which exp would multiply by |a - b|, is carried."""
    hi, lo = two_sum(a, -b)
    return exp_sum(hi, lo)


@inlined
def exp_product(a, b):
    """e^(a b), with the rounding error of the product carried."""
    hi, lo = two_product(a, b)
    return exp_sum(hi, lo)


# Rows, weights and outputs of the batch functions; None is an array that is not wanted.


@inlined
def part_of(array, first, last):
    """array[first:last], or None."""
    if array is None:
        return None
    return array[first:last]


@inlined
def row_of(array, row):
    """array[row], or None."""
    if array is None:
        return None
    return array[row]


@inlined
def weight_at(weight, row, real):
    """The weight of a row, 1 where there are no weights."""
    if weight is None:
        return real(1)
    return weight[row]


@inlined
def weighted(result, weight, scale):
    """Result * weight * scale, and 0 for a row of weight 0, even if its result is not finite."""
    return type(result)(0) if weight == 0 else result * (weight * scale)


@inlined
def clear(array, row):
    """Set a row of an output, or one number of it, to 0."""
    if array is not None:
        array[row] = 0
