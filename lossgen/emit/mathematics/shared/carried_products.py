"""Powers of pairs, and products of which a power or another vanishing factor leaves the range."""

from ..cpu.elementary import (
    exp,
    exp_limits,
    inlined,
    power_of_two,
    smallest_squared,
    whole_and_rest,
)
from ..cpu.primitives import is_single
from .carried import (
    exp_of,
    log_as_pair,
    low_of,
    pair_negative,
    pair_product,
    pair_times,
    softplus_as_pair,
)
from .pairs import exp_cubic


@inlined
def exp_times(p, x):
    """X e^(hi + lo), within 1.5 ulp; 0 where the exponential is, for an infinite x too.

    e^-100 has three bits in float32, and 1e10 e^-100 has all. The power of two is taken in three
    parts, none of which leaves the range where the product does not.
    """
    real = type(x)
    one, half, zero = real(1), real(0.5), real(0)
    lowest, _ = exp_limits(x)
    far = lowest + lowest
    beyond = not abs(p[0]) <= -far
    lo = zero if beyond else low_of(p)
    hi = far if p[0] < far else (-far if p[0] > -far else p[0])
    n, r, _ = whole_and_rest(hi, lo)
    most = real(120) if is_single(x) else real(1000)
    n = n - one
    first = most if n > most else (-most if n < -most else n)
    rest = n - first
    second = most if rest > most else (-most if rest < -most else rest)
    scaled = x * power_of_two(first)
    more = scaled * (r + r * r * (half + r * exp_cubic(r)))
    result = scaled + (more if scaled - scaled == zero else r - r)
    result = result * power_of_two(second) * power_of_two(rest - second)
    nothing = p[0] < lowest and x - x != zero and x == x
    return zero if nothing else result + result


@inlined
def power_of(p, q):
    """(hi + lo)^(y + y_low) for a base of 0 or more, as e^(y log x)."""
    one, zero = type(p[0])(1), type(p[0])(0)
    result = exp_of(pair_product(log_as_pair(p), q))
    plain = q[0] == zero or (p[0] == one and p[1] == zero)
    return one if plain else result


@inlined
def power_product(p, q, x):
    """X (hi + lo)^(y + y_low), 0 where either is 0 and the other no NaN.

    Half of the power stands on each side of x: where 1e-30^2 * 1e30 is asked for, the square is 0.
    """
    half, zero = type(x)(0.5), type(x)(0)
    root = power_of(p, (half * q[0], half * q[1]))
    nothing = (x == zero and root == root) or (root == zero and x == x)
    return zero if nothing else root * x * root


@inlined
def power_quotient(p, q, x, y):
    """X / y (hi + lo)^(y + y_low), for an x / y beyond the largest number too."""
    half = type(x)(0.5)
    root = power_of(p, (half * q[0], half * q[1]))
    return type(x)(0) if x == type(x)(0) and root == root and y == y else root * x / y * root


@inlined
def slope_product(x, y):
    """Y / (4 cosh(x / 2)^2), y times the slope of a sigmoid; 0 where that is 0 and y is no NaN.

    Half of the exponential stands on each side of y: e^-744 has one digit, and 744 e^-744 three.
    """
    real = type(x)
    decay = exp(real(-0.5) * abs(x))
    half = decay / (real(1) + decay * decay)
    return real(0) if half == real(0) and y == y else half * y * half


@inlined
def square_times(found, x, leading, factor):
    """The product factor * found, of a function of x that is leading * x^2 near 0.

    There it is taken from x itself: x^2 may be subnormal, and keep few digits, where factor x^2 is
    not.
    """
    tiny = abs(x) < smallest_squared(x)
    return leading * factor * x * x if tiny else factor * found


@inlined
def sigmoid_power_of(p, a):
    """sigmoid(hi + lo)^a = e^(-a log(1 + e^-x))."""
    return exp_of(pair_times(softplus_as_pair(pair_negative(p)), -a))
