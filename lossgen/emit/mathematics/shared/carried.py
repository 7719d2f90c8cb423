"""Pairs (hi, lo) as arguments: their arithmetic, and functions of hi + lo that carry lo.

An overflow leaves lo undefined where hi says all, so functions drop a lo that is NaN.
"""

import math

from ..cpu.elementary import (
    exp_sum,
    expm1,
    fused_multiply_add,
    inlined,
    log,
    log_pair,
    positive_part,
    power_of_two,
    sqrt,
    two_product,
    two_sum,
)
from ..cpu.error_function import erfc
from ..cpu.hyperbolic import cosh, sinh
from ..cpu.primitives import is_single
from .exponentials import expm1mx, log1p_unit_pair
from .logarithms import log1p_pair
from .normal import hazard_excess, log_ndtr, normal_hazard
from .pairs import exp_parts, quotient_pair, scaled_down
from .powers import expm1_over
from .roots import root_parts


@inlined
def pair(x):
    """The number x with nothing dropped."""
    return x, type(x)(0)


@inlined
def two_quotient(a, b):
    """(hi, lo) with hi = a / b rounded and hi + lo = a / b to twice the digits."""
    hi = a / b
    return hi, fused_multiply_add(-hi, b, a) / b


@inlined
def settled(hi, lo):
    """The pair with lo small against hi again, after a sum that cancelled."""
    lo = lo if lo == lo else type(hi)(0)
    total = hi + lo
    return total, lo - (total - hi)


@inlined
def pair_plus(p, x):
    """The sum of a pair and a number."""
    hi, lo = two_sum(p[0], x)
    return settled(hi, lo + p[1])


@inlined
def pair_sum(p, q):
    """The sum of two pairs."""
    hi, lo = two_sum(p[0], q[0])
    return settled(hi, lo + (p[1] + q[1]))


@inlined
def pair_times(p, x):
    """The product of a pair and a number."""
    hi, lo = two_product(p[0], x)
    return hi, lo + p[1] * x


@inlined
def product_as_pair(x, p):
    """The product of a number and a pair; 0 where the number is."""
    hi, lo = pair_times(p, x)
    zero = type(x)(0)
    return (zero if x == zero else hi), (zero if x == zero else lo)


@inlined
def pair_product(p, q):
    """The product of two pairs."""
    hi, lo = two_product(p[0], q[0])
    return hi, lo + (p[0] * q[1] + p[1] * q[0])


@inlined
def pair_square(p):
    """The square of a pair."""
    hi, lo = two_product(p[0], p[0])
    return hi, lo + (p[0] + p[0]) * p[1]


@inlined
def pair_quotient(p, q):
    """The quotient of two pairs."""
    hi = p[0] / q[0]
    return hi, ((fused_multiply_add(-hi, q[0], p[0]) + p[1]) - hi * q[1]) / q[0]


@inlined
def pair_negative(p):
    """Minus a pair."""
    return -p[0], -p[1]


@inlined
def pair_absolute(p):
    """The absolute value of a pair."""
    return abs(p[0]), (-p[1] if p[0] < type(p[0])(0) else p[1])


@inlined
def low_of(p):
    """What hi dropped, 0 where it is not known."""
    return p[1] if p[1] == p[1] else type(p[1])(0)


@inlined
def exp_of(p):
    """e^(hi + lo)."""
    return exp_sum(p[0], low_of(p))


@inlined
def expm1_of(p):
    """e^(hi + lo) - 1, with slope e^hi."""
    result = expm1(p[0])
    correction = low_of(p) * (result + type(result)(1))
    return result + correction if correction - correction == type(result)(0) else result


@inlined
def decay_of(p):
    """(z, z_low), e^-|hi + lo| as a pair; where it is subnormal, rounded with what dropped."""
    lo = low_of(p)
    zero = type(lo)(0)
    z, z_low, n = exp_parts(-abs(p[0]), lo if p[0] < zero else -lo)
    small = n < (type(lo)(-100) if is_single(lo) else type(lo)(-960))
    scale = power_of_two(type(lo)(-100) if small else n)
    below = scaled_down(z, z_low, n)
    return (below, zero) if small else (z * scale, z_low * scale)


@inlined
def sigmoid_as_pair(p):
    """1 / (1 + e^-(hi + lo)) as a pair: the quotient of z or 1 by 1 + z, with z = e^-|x|."""
    one = type(p[0])(1)
    z, z_low = decay_of(p)
    negative = p[0] < type(z)(0)
    numerator = z if negative else one
    numerator_low = z_low if negative else type(z)(0)
    total = one + z
    total_low = (z - (total - one)) + z_low
    quotient = numerator / total
    remainder = fused_multiply_add(-quotient, total, numerator) + numerator_low
    lo = (remainder - quotient * total_low) / total
    return settled(quotient, lo)


@inlined
def sigmoid_of(p):
    """1 / (1 + e^-(hi + lo))."""
    hi, lo = sigmoid_as_pair(p)
    return hi + lo


@inlined
def softplus_as_pair(p):
    """log(1 + e^(hi + lo)) as a pair."""
    z, z_low = decay_of(p)
    tail, tail_low = log1p_unit_pair(z if z < type(z)(1) else type(z)(1))
    positive = p[0] > type(z)(0)
    lo = tail_low + (z_low / (type(z)(1) + z) + (low_of(p) if positive else type(z)(0)))
    hi, dropped = two_sum(positive_part(p[0]), tail)
    large = hi + lo if hi == type(hi)(math.inf) else hi
    hi, lo = settled(hi, dropped + lo)
    return (hi, lo) if large == large and lo == lo else (positive_part(p[0]), type(hi)(0))


@inlined
def softplus_of(p):
    """log(1 + e^(hi + lo))."""
    return softplus_as_pair(p)[0]


@inlined
def sech2_of(p):
    """1 / cosh(hi + lo)^2."""
    one, two = type(p[0])(1), type(p[0])(2)
    lo = low_of(p)
    z = exp_sum(-two * abs(p[0]), two * (lo if p[0] < type(lo)(0) else -lo))
    return (type(z)(4) * z) / (one + z * (two + z))


@inlined
def log_of(p):
    """log(hi + lo), which knows more than log hi where hi is near 1."""
    result = log(p[0])
    more = low_of(p) / p[0]
    return result + more if more - more == type(more)(0) else result


@inlined
def log_as_pair(p):
    """log(hi + lo) as a pair; hi is log's own at 0, below 0 and at infinity."""
    hi, lo = log_pair(p[0])
    more = lo + low_of(p) / p[0]
    plain = log(p[0])
    known = more - more == type(more)(0) and plain - plain == type(plain)(0)
    return (hi, more) if known else (plain, type(plain)(0))


@inlined
def sqrt_as_pair(p):
    """sqrt(hi + lo) as a pair."""
    s = sqrt(p[0])
    lo = (fused_multiply_add(-s, s, p[0]) + low_of(p)) / (s + s)
    return s, (lo if abs(lo) <= s else type(s)(0))


@inlined
def hypot1m1_as_pair(p):
    """sqrt(1 + (hi + lo)^2) - 1 as a pair, |hi + lo| - 1 beyond 2^30."""
    real = type(p[0])
    s, s_low, square, square_low = root_parts(p[0])
    total, dropped = two_sum(real(1), s)
    hi, lo = quotient_pair(square, square_low, total, dropped + s_low)
    near = settled(hi, lo + p[0] / s * low_of(p))
    size = pair_absolute(p)
    far = two_sum(size[0], real(-1))
    return (far[0], far[1] + low_of(size)) if size[0] > real(1073741824.0) else near


@inlined
def boxcox1p_of(p, a):
    """((1 + hi + lo)^a - 1) / a for hi >= -1."""
    hi, lo = log1p_pair(p[0])
    more = lo + low_of(p) / (type(hi)(1) + p[0])
    return expm1_over(hi, more if more - more == type(hi)(0) else lo, a)


@inlined
def moved(result, step):
    """The result and a step beside it, where the step is a number."""
    return result + step if step - step == type(step)(0) else result


@inlined
def cosh_of(p):
    """cosh(hi + lo), with slope sinh hi."""
    return moved(cosh(p[0]), low_of(p) * sinh(p[0]))


@inlined
def sinh_of(p):
    """sinh(hi + lo), with slope cosh hi."""
    return moved(sinh(p[0]), low_of(p) * cosh(p[0]))


@inlined
def log_ndtr_of(p):
    """Log Phi(hi + lo), with slope phi / Phi."""
    return moved(log_ndtr(p[0]), low_of(p) * normal_hazard(p[0]))


@inlined
def normal_hazard_of(p):
    """Phi / Phi at hi + lo, with slope -hazard * (x + hazard)."""
    hazard = normal_hazard(p[0])
    return moved(hazard, -low_of(p) * hazard * hazard_excess(p[0]))


@inlined
def erfc_of(p):
    """erfc(hi + lo), with slope -2 / sqrt(pi) e^-x^2."""
    slope = exp_of(pair_negative(two_product(p[0], p[0]))) * type(p[0])(1.1283791670955126)
    return moved(erfc(p[0]), -low_of(p) * slope)


@inlined
def expm1mx_of(p):
    """e^x - 1 - x at hi + lo, with slope e^x - 1."""
    return moved(expm1mx(p[0]), low_of(p) * expm1(p[0]))
