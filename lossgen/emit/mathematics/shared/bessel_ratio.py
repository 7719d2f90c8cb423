"""The ratio of the modified Bessel functions of order 1 and 0, and its slope.

Polynomials in x^2 / 4 up to 2, in a quotient up to 12, in 1 / x beyond.
"""

from ..cpu.elementary import (
    inlined,
    two_sum,
)
from .bessel import far_argument, quarter_square
from .bessel_ratio_polynomials import (
    ratio_far,
    ratio_mid,
    ratio_near,
    slope_far,
    slope_mid,
    slope_near,
)
from .pairs import product_pair, quotient, quotient_pair


@inlined
def middle_argument(size):
    """The argument (x - 5) / (x + 5) for x from 2 to 12."""
    real = type(size)
    x = real(2) if size < real(2) else size
    x = real(12) if x > real(12) else x
    return (x - real(5)) / (x + real(5))


@inlined
def bessel_ratio(x):
    """I1(x) / I0(x), the mean length of a von Mises direction; 1 less a small part above 2."""
    real = type(x)
    one, two, last = real(1), real(2), real(12)
    size = abs(x)
    z, _ = quarter_square(size, two)
    hi, lo = ratio_near(z - real(0.5))
    near = size * (hi + lo)
    middle = ratio_mid(middle_argument(size)) / (one + two * size)
    far = ratio_far(far_argument(size, last)) / size
    result = one - (middle if size < last else far) if size > two else near
    return -result if x < real(0) else (x if x == real(0) else result)


@inlined
def bessel_ratio_slope(x):
    """The derivative of I1 / I0: 1 - A / x - A^2 with A = I1 / I0, and 1/2 at 0."""
    real = type(x)
    two, last = real(2), real(12)
    size = abs(x)
    z, _ = quarter_square(size, two)
    hi, lo = slope_near(z - real(0.5))
    near = hi + lo
    hi, lo = slope_mid(middle_argument(size))
    total, dropped = two_sum(real(1), last if size > last else size)
    square, square_low = product_pair(total, dropped, total, dropped)
    middle = quotient(hi, lo, square, square_low)
    hi, lo = slope_far(far_argument(size, last))
    hi, lo = quotient_pair(hi, lo, size, real(0))
    far = quotient(hi, lo, size, real(0))
    return (middle if size < last else far) if size > two else near
