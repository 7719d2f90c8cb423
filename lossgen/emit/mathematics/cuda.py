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
    asin = quiet(np.arcsin)
    acos = quiet(np.arccos)
    tan = quiet(np.tan)
    asin = quiet(np.arcsin)
    acos = quiet(np.arccos)
    atan = quiet(np.arctan)
    atan2 = quiet(np.arctan2)
    sinh = quiet(np.sinh)
    cosh = quiet(np.cosh)
    atan2 = quiet(np.arctan2)
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
    asin = libdevice("__nv_asinf", "__nv_asin", 1)
    acos = libdevice("__nv_acosf", "__nv_acos", 1)
    tan = libdevice("__nv_tanf", "__nv_tan", 1)
    asin = libdevice("__nv_asinf", "__nv_asin", 1)
    acos = libdevice("__nv_acosf", "__nv_acos", 1)
    atan = libdevice("__nv_atanf", "__nv_atan", 1)
    atan2 = libdevice("__nv_atan2f", "__nv_atan2", 2)
    sinh = libdevice("__nv_sinhf", "__nv_sinh", 1)
    cosh = libdevice("__nv_coshf", "__nv_cosh", 1)
    atan2 = libdevice("__nv_atan2f", "__nv_atan2", 2)
    sinh = libdevice("__nv_sinhf", "__nv_sinh", 1)
    cosh = libdevice("__nv_coshf", "__nv_cosh", 1)
    erf = libdevice("__nv_erff", "__nv_erf", 1)
    erfc = libdevice("__nv_erfcf", "__nv_erfc", 1)
    hypot_of_numbers = libdevice("__nv_hypotf", "__nv_hypot", 2)
    power_of_positive = libdevice("__nv_powf", "__nv_pow", 2)
    fused_multiply_add = libdevice("__nv_fmaf", "__nv_fma", 3)
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
    near = y < x + x and x < y + y
    difference = (x - y) / y if near else real(0)
    if is_single(x):
        step, limit, shift = real(2.0**75), real(2.0**120), real(103.97207708399179)
    else:
        step, limit, shift = real(2.0**540), real(2.0**1000), real(748.5989550047409)
    quotient = x / y
    small, large = quotient * limit < real(1), quotient > limit
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
