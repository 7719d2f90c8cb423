"""Elementary functions for device code, and reductions over the threads that share a row.

The same names as the file for the CPU, from libdevice on a device. In the simulator, which runs
plain Python, the primitives are those of NumPy: there the structure of a kernel is tested, not
its digits. Everything stays in the width of its argument: a literal without a type would pull
float32 code into float64, 64 times slower on some devices. (Only sin, cos and tan of a large
float32 do that, within libdevice; and power is libdevice's, 4 ulp off in float32 by its
documentation.)

Device functions are inlined as source (`inline="always"`), because compiling a call of one
would ask for a device, and PTX is also built where there is none.
"""

import math
import threading

import numpy as np
from numba import cuda
from numba.cuda.core.config import ENABLE_CUDASIM

if ENABLE_CUDASIM:

    def device(function):
        """Leaves a function as it is: the simulator calls Python."""
        return function

    def barrier():
        """Waits for all threads of the block; `cuda.syncthreads` is known to kernels only."""
        threading.current_thread().syncthreads()

    def quiet(function):
        """A function of NumPy scalars that returns inf and NaN without a warning."""

        def call(*arguments):
            with np.errstate(all="ignore"):
                return function(*arguments)

        return call

    exp = quiet(np.exp)
    expm1 = quiet(np.expm1)
    log = quiet(np.log)
    log1p = quiet(np.log1p)
    sqrt = quiet(np.sqrt)
    tanh = quiet(np.tanh)
    sin = quiet(np.sin)
    cos = quiet(np.cos)
    tan = quiet(np.tan)
    sinh = quiet(np.sinh)
    cosh = quiet(np.cosh)
    erf = quiet(lambda x: type(x)(math.erf(x)))
    erfc = quiet(lambda x: type(x)(math.erfc(x)))
    hypot_of_numbers = quiet(np.hypot)
    power_of_positive = quiet(np.power)
    rounded_sum = quiet(np.add)
    rounded_product = quiet(np.multiply)

    def fused_multiply_add(a, b, c):
        """The sum a * b + c rounded once."""
        rounded = a * b + c
        if not np.isfinite(rounded):
            return rounded
        (p, q), (r, s), (t, u) = (float(x).as_integer_ratio() for x in (a, b, c))
        return type(a)((p * r * u + t * q * s) / (q * s * u))

    nearest = quiet(np.rint)
    log2_floor = quiet(lambda x: np.floor(np.log2(x)))
    times_whole_power = quiet(lambda p, n: np.ldexp(p, int(np.clip(np.nan_to_num(n), -4e3, 4e3))))

    def is_single(x):
        """Whether x is a float32."""
        return isinstance(x, np.float32)

else:
    from llvmlite import ir
    from numba.cuda import cgutils, types
    from numba.cuda.extending import intrinsic

    device = cuda.jit(device=True, inline="always")
    barrier = cuda.syncthreads

    def libdevice(single, double, operands):
        """A function of libdevice that has one name for each width."""

        def generate(context, builder, signature, arguments):
            name = single if signature.return_type == types.float32 else double
            number = arguments[0].type
            kind = ir.FunctionType(number, [number] * operands)
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.call(function, arguments)

        of_one = lambda context, x: (x(x), generate)  # noqa: E731
        of_two = lambda context, x, y: (x(x, x), generate)  # noqa: E731
        of_three = lambda context, x, y, z: (x(x, x, x), generate)  # noqa: E731
        return intrinsic((of_one, of_two, of_three)[operands - 1])

    exp = libdevice("__nv_expf", "__nv_exp", 1)
    expm1 = libdevice("__nv_expm1f", "__nv_expm1", 1)
    log = libdevice("__nv_logf", "__nv_log", 1)
    log1p = libdevice("__nv_log1pf", "__nv_log1p", 1)
    sqrt = libdevice("__nv_sqrtf", "__nv_sqrt", 1)
    tanh = libdevice("__nv_tanhf", "__nv_tanh", 1)
    sin = libdevice("__nv_sinf", "__nv_sin", 1)
    cos = libdevice("__nv_cosf", "__nv_cos", 1)
    tan = libdevice("__nv_tanf", "__nv_tan", 1)
    sinh = libdevice("__nv_sinhf", "__nv_sinh", 1)
    cosh = libdevice("__nv_coshf", "__nv_cosh", 1)
    erf = libdevice("__nv_erff", "__nv_erf", 1)
    erfc = libdevice("__nv_erfcf", "__nv_erfc", 1)
    hypot_of_numbers = libdevice("__nv_hypotf", "__nv_hypot", 2)
    power_of_positive = libdevice("__nv_powf", "__nv_pow", 2)
    fused_multiply_add = libdevice("__nv_fmaf", "__nv_fma", 3)
    nearest = libdevice("__nv_rintf", "__nv_rint", 1)
    log2_floor = libdevice("__nv_logbf", "__nv_logb", 1)

    @intrinsic
    def is_single(context, x):
        """Whether x is a float32, known when the function is compiled."""

        def generate(context, builder, signature, arguments):
            return ir.Constant(ir.IntType(1), int(signature.args[0] == types.float32))

        return types.boolean(x), generate

    @intrinsic
    def times_whole_power(context, p, n):
        """The product p * 2^n for a float n that is whole, rounded once."""

        def generate(context, builder, signature, arguments):
            single = signature.return_type == types.float32
            number, whole = arguments[0].type, ir.IntType(32)
            kind = ir.FunctionType(number, [number, whole])
            name = "__nv_ldexpf" if single else "__nv_ldexp"
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.call(function, (arguments[0], builder.fptosi(arguments[1], whole)))

        return p(p, n), generate

    # Sums and products that the compiler may not fuse: the pairs below depend on their rounding.
    rounded_sum = libdevice("__nv_fadd_rn", "__nv_dadd_rn", 2)
    rounded_product = libdevice("__nv_fmul_rn", "__nv_dmul_rn", 2)


# Pairs: a rounded result and what the rounding dropped.


@device
def two_sum(a, b):
    """(hi, lo) with hi = a + b rounded and hi + lo = a + b exactly (Knuth 1969)."""
    hi = rounded_sum(a, b)
    part = rounded_sum(hi, -a)
    rest = rounded_sum(hi, -part)
    return hi, rounded_sum(rounded_sum(a, -rest), rounded_sum(b, -part))


@device
def two_product(a, b):
    """(hi, lo) with hi = a * b rounded and hi + lo = a * b exactly, short of underflow."""
    hi = rounded_product(a, b)
    return hi, fused_multiply_add(a, b, -hi)


# Selections that keep NaN: `max` of a device drops it.


@device
def absolute(x):
    """|x|."""
    return abs(x)


@device
def sign(x):
    """-1, 0 or 1; NaN for NaN."""
    result = type(x)(1) if x > type(x)(0) else x
    return type(x)(-1) if x < type(x)(0) else result


@device
def positive_part(x):
    """max(x, 0); NaN for NaN."""
    return type(x)(0) if x <= type(x)(0) else x


@device
def maximum(a, b):
    """The larger of two; NaN if either is."""
    larger = a if a > b else b
    return a if a != a else larger


@device
def minimum(a, b):
    """The smaller of two; NaN if either is."""
    smaller = a if a < b else b
    return a if a != a else smaller


# What losses are made of.


@device
def exp_sum(hi, lo):
    """e^(hi + lo) for an unevaluated sum with |lo| at most a few ulp of hi.

    Where e^hi is zero or infinite lo does not matter; it may be inf - inf there.
    """
    p = exp(hi)
    ended = p == type(hi)(0) or p == type(hi)(math.inf)
    return p if ended else p + p * lo


@device
def log1p_sum(hi, lo):
    """log(1 + hi + lo) for an unevaluated sum with |lo| at most an ulp of hi."""
    result = log1p(hi)
    return result + lo / (type(hi)(1) + hi) if hi < type(hi)(math.inf) else result


@device
def sigmoid(x):
    """1 / (1 + e^-x), as e^x / (1 + e^x) below zero: no overflow, and no cancellation."""
    one = type(x)(1)
    z = exp(-abs(x))
    numerator = z if x < type(x)(0) else one
    return numerator / (one + z)


@device
def softplus(x):
    """log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)."""
    return positive_part(x) + log1p(exp(-abs(x)))


@device
def log_sigmoid(x):
    """log(1 / (1 + e^-x)) = -softplus(-x)."""
    return -softplus(-x)


@device
def log_cosh(x):
    """Log cosh x = log(1 + w^2 / (2 (1 + w))) with w = e^-|x| - 1.

    For |x| above 1 it is (|x| - log 2) + log(1 + (1 + w)^2), which the same logarithm serves.
    """
    one, two = type(x)(1), type(x)(2)
    size = abs(x)
    w = expm1(-size)
    z = one + w
    near = size < one
    inner = log1p(w * w / (two * z) if near else z * z)
    outer = type(x)(0) if near else size - type(x)(0.6931471805599453)
    return outer + inner


@device
def sech2(x):
    """1 / cosh(x)^2 = 4 z / (1 + z (2 + z)) with z = e^(-2|x|): the derivative of tanh."""
    one, two = type(x)(1), type(x)(2)
    z = exp(-two * abs(x))
    return (type(x)(4) * z) / (one + z * (two + z))


@device
def hypot(x, y):
    """sqrt(x^2 + y^2) without overflow; NaN if either is, also beside an infinity."""
    length = hypot_of_numbers(x, y)
    length = x if x != x else length
    return y if y != y else length


@device
def xlogy(x, y):
    """Product x * log y; 0 at x = 0 for any y but NaN."""
    product = x * log(y)
    return type(x)(0) if x == type(x)(0) and y == y else product


@device
def xlog1py(x, y):
    """Product x * log(1 + y); 0 at x = 0 for any y but NaN."""
    product = x * log1p(y)
    return type(x)(0) if x == type(x)(0) and y == y else product


@device
def log1mexp(x):
    """log(1 - e^-x) for x > 0: through expm1 below log 2, through log1p above (Maechler 2012)."""
    small = log(-expm1(-x))
    large = log1p(-exp(-x))
    return small if x < type(x)(0.6931471805599453) else large


@device
def power(x, y):
    """x^y for x >= 0; NaN below, also for whole y."""
    result = power_of_positive(x, y)
    return type(x)(math.nan) if x < type(x)(0) else result


# Parts of numbers, by the names that the functions written once for both targets call.


@device
def quick_sum(a, b):
    """(hi, lo) with hi + lo = a + b exactly, for |a| >= |b| or a = 0 (Dekker 1971)."""
    hi = rounded_sum(a, b)
    return hi, rounded_sum(b, -rounded_sum(hi, -a))


@device
def power_of_two(n):
    """2^n for an integer n, a float."""
    return times_whole_power(type(n)(1), n)


@device
def times_power_of_two(p, n):
    """The product p * 2^n rounded once."""
    return times_whole_power(p, n)


@device
def exponent_and_fraction(x):
    """(k, m) with x = 2^k * m and m in [sqrt(1/2), sqrt(2)], for positive finite x."""
    one = type(x)(1)
    k = log2_floor(x)
    m = times_whole_power(x, -k)
    above = m > type(x)(1.4142135623730951)
    return (k + one if above else k), (type(x)(0.5) * m if above else m)


@device
def any_exponent_and_fraction(x):
    """The same: the primitives take subnormal numbers as well."""
    return exponent_and_fraction(x)


@device
def times_log2(n):
    """(hi, lo) with n * log 2 = hi + lo, hi exactly: log 2 is cut after 16 or 33 bits."""
    real = type(n)
    if is_single(n):
        return n * real(0.693145751953125), n * real(1.42860677e-06)
    return n * real(0.6931471803691238), n * real(1.9082149292705877e-10)


@device
def whole_and_rest(x, low):
    """(n, r, rest) with x + low = n * log 2 + r + rest, |r| about half of log 2 at most."""
    n = nearest(x * type(x)(1.4426950408889634))
    hi, lo = times_log2(n)
    large, small = x - hi, lo - low
    r = large - small
    return n, r, (large - r) - small


@device
def exp_limits(x):
    """(lowest, highest) argument worth telling apart: e^x is 0 below and infinite above."""
    real = type(x)
    return (real(-105), real(89)) if is_single(x) else (real(-746), real(710))


@device
def smallest_squared(x):
    """Below this (2^-26, 2^-55) x * x is less than a quarter ulp of x."""
    return type(x)(1.4901161193847656e-08 if is_single(x) else 2.7755575615628914e-17)


@device
def log_parts(k, f):
    """(hi, lo), k * log 2 + log(1 + f)."""
    head, rest = times_log2(k)
    hi, lo = two_sum(head, f)
    tail = log_rest(f) - type(f)(0.5) * f * f  # noqa: F821 (a theme that follows)
    return hi, lo + (tail + rest)


@device
def log_ends(x, result):
    """The result, or what log x is for x zero, negative, infinite and NaN."""
    result = x if x == type(x)(math.inf) else result
    other = type(x)(-math.inf) if x == type(x)(0) else type(x)(math.nan)
    return result if x > type(x)(0) else other


@device
def log_pair(x):
    """(hi, lo), log x with about twelve more bits than one float; x positive."""
    k, m = exponent_and_fraction(x)
    return log_pair_of(k, m - type(x)(1), type(x)(0))  # noqa: F821 (a theme that follows)


@device
def artanh_factor(z):
    """(hi, lo), 2/3 + 2/5 z + 2/7 z^2 + ... for z up to 0.0295."""
    real = type(z)
    if is_single(z):
        p = real(0.23426841)
        p = p * z + real(0.2854679)
        p = p * z + real(0.40000156)
        hi, lo = two_sum(real(0.6666667), p * z)
        return hi, lo + real(-1.9868216e-08)
    p = real(0.12005883395735682)
    p = p * z + real(0.11672708244678559)
    p = p * z + real(0.133364262449743)
    p = p * z + real(0.15384553892785888)
    p = p * z + real(0.18181818916592185)
    p = p * z + real(0.22222222217133403)
    p = p * z + real(0.285714285714469)
    p = p * z + real(0.39999999999999974)
    hi, lo = two_sum(real(0.6666666666666666), p * z)
    return hi, lo + real(3.700743415417188e-17)


@device
def versine(x):
    """1 - cos x, through the sine of half of x."""
    half = sin(type(x)(0.5) * x)
    return type(x)(2) * half * half


# Reductions over the threads that share a row: a fixed tree, so that results repeat bit for bit.
# `lanes` is a power of two and `shared` has as many places, one group's own; every thread of the
# block calls, every thread of the group gets the result, and `shared` is free again afterwards.


@device
def group_sum(value, lane, lanes, shared):
    """Sum of one value per lane."""
    result = value
    if lanes > 1:
        shared[lane] = value
        barrier()
        step = lanes // 2
        while step > 0:
            if lane < step:
                shared[lane] = shared[lane] + shared[lane + step]
            barrier()
            step = step // 2
        result = shared[0]
        barrier()
    return result


@device
def group_max(value, lane, lanes, shared):
    """Largest of one value per lane; NaN if one is."""
    result = value
    if lanes > 1:
        shared[lane] = value
        barrier()
        step = lanes // 2
        while step > 0:
            if lane < step:
                shared[lane] = maximum(shared[lane], shared[lane + step])
            barrier()
            step = step // 2
        result = shared[0]
        barrier()
    return result


@device
def group_min(value, lane, lanes, shared):
    """Smallest of one value per lane; NaN if one is."""
    return -group_max(-value, lane, lanes, shared)


@device
def wait(lanes):
    """Wait for the other lanes of the row, and see what they have written."""
    if lanes > 1:
        barrier()


# Short cuts of the scalar printer.


@device
def square(x):
    """x^2."""
    return x * x


@device
def cube(x):
    """x^3."""
    return x * x * x


@device
def product(x, y):
    """X * y, and 0 where x is 0 whatever y is but NaN."""
    return type(x)(0) if x == type(x)(0) and y == y else x * y


@device
def ratio(x, y):
    """X / y, and 0 where x is 0 whatever y is but NaN: the slope of x log y."""
    return type(x)(0) if x == type(x)(0) and y == y else x / y


@device
def log_ratio(x, y):
    """log(x / y) for x, y >= 0, without cancellation near x = y, where x - y is exact.

    Where the quotient nears an end of the range it is taken 2^150 or 2^1080 nearer to 1.
    """
    real = type(x)
    y = y + real(0)  # which takes the sign off -0
    near = y < x + x and x < y + y
    difference = (x - y) / y if near else real(0)
    if is_single(x):
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


@device
def relative_entropy(x, y):
    """X log(x / y), and 0 where x is 0 whatever y is but NaN."""
    return type(x)(0) if x == type(x)(0) and y == y else x * log_ratio(x, y)


@device
def exp_difference(a, b):
    """e^(a - b); the rounding error of a - b, which exp would multiply by |a - b|, is carried."""
    hi, lo = two_sum(a, -b)
    return exp_sum(hi, lo)


@device
def exp_product(a, b):
    """e^(a b), with the rounding error of the product carried."""
    hi, lo = two_product(a, b)
    return exp_sum(hi, lo)


# Rows, weights and outputs of the kernels; an empty array is one that is not there.

LANES = 256  # most threads that share a row: more would leave each of them fewer than 128 registers
EACH = 4  # rows that a thread of an elementwise kernel reads before it writes one


@device
def row_of(array, row):
    """array[row]; of an empty array, its first row, which has no elements."""
    return array[row if array.size > 0 else 0]


@device
def weight_at(weight, row, real):
    """The weight of a row, 1 where there are no weights."""
    return weight[row] if weight.size > 0 else real(1)


@device
def weighted(result, weight, scale):
    """Result * weight * scale, and 0 for a row of weight 0, even if its result is not finite."""
    return type(result)(0) if weight == type(result)(0) else result * (weight * scale)


@device
def clear_number(array, row):
    """Set the number of a row to 0."""
    if array.size > 0:
        array[row] = 0


@device
def clear_vector(array, lane, lanes):
    """Set all elements to 0, each by its lane."""
    for k in range(lane, array.size, lanes):
        array[k] = 0


@device
def clear_matrix(array, lane, lanes):
    """Set all elements to 0, each by its lane."""
    for k in range(lane, array.size, lanes):
        array[k // array.shape[1], k % array.shape[1]] = 0


# Kernels that every loss uses. The order of each sum depends on the number of its terms alone, not
# on the launch.

CHUNK = 4096  # terms of one partial sum
PLACES = 256  # terms that lie this far apart are added first, then a tree adds the places


@cuda.jit
def sum_chunks(values, sums):
    """Sum of each chunk of CHUNK values."""
    places = cuda.shared.array(PLACES, values.dtype)
    lane, lanes = cuda.threadIdx.x, cuda.blockDim.x
    for chunk in range(cuda.blockIdx.x, sums.size, cuda.gridDim.x):
        last = min((chunk + 1) * CHUNK, values.size)
        for place in range(lane, PLACES, lanes):
            total = values.dtype.type(0)
            for k in range(chunk * CHUNK + place, last, PLACES):
                total += values[k]
            places[place] = total
        cuda.syncthreads()
        step = PLACES // 2
        while step > 0:
            for place in range(lane, step, lanes):
                places[place] = places[place] + places[place + step]
            cuda.syncthreads()
            step = step // 2
        if lane == 0:
            sums[chunk] = places[0]
        cuda.syncthreads()


@cuda.jit
def sum_parts(parts, total):
    """Sum of the rows of `parts`, in order: parts (p, m), total (m)."""
    for k in range(cuda.grid(1), total.size, cuda.gridsize(1)):
        result = parts.dtype.type(0)
        for part in range(parts.shape[0]):
            result += parts[part, k]
        total[k] = result


@cuda.jit
def convert(values, result):
    """Write values in the dtype of the result."""
    for k in range(cuda.grid(1), values.size, cuda.gridsize(1)):
        result[k] = result.dtype.type(values[k])


@cuda.jit
def find_outside(labels, extent, found):
    """Lower found[0] to the first place of a label that is not in 0 .. extent - 1."""
    for k in range(cuda.grid(1), labels.size, cuda.gridsize(1)):
        if labels[k] < 0 or labels[k] >= extent:
            cuda.atomic.min(found, 0, k)
