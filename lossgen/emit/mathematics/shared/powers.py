"""Powers less one, divided by the exponent (Box and Cox 1964)."""

from ..cpu.elementary import inlined, log_ends, log_pair, smallest_squared, two_product
from .logarithms import log1p_pair
from .pairs import exp_over, expm1_pair, quotient


@inlined
def boxcox(x, a):
    """(x^a - 1) / a for x >= 0 (NaN below), log x at a = 0; a log x is carried as a pair."""
    hi, lo = log_pair(x)
    return expm1_over(log_ends(x, hi), lo, a)


@inlined
def boxcox1p(x, a):
    """((1 + x)^a - 1) / a for x >= -1, log(1 + x) at a = 0."""
    hi, lo = log1p_pair(x)
    return expm1_over(hi, lo, a)


@inlined
def expm1_over(log, low, a):
    """(e^(a (log + low)) - 1) / a, whose limit at a = 0 is the logarithm."""
    real = type(log)
    u, u_low = two_product(a, log)
    u_low = u_low + a * low
    hi, lo = expm1_pair(u, u_low)
    result = exp_over(u, u_low, a, real(0)) if u > real(64) else quotient(hi, lo, a, real(0))
    small = log + (low + real(0.5) * u * log)
    result = small if abs(u) < smallest_squared(log) else result
    return log + low if a == real(0) else result
