"""Divergences of two numbers: of second order in their difference, whatever the power."""

import math

from ..cpu.elementary import inlined, log_pair, power, two_product, two_sum
from ..cpu.primitives import is_single
from .logarithms import log1p_pair
from .pairs import expm1_pair, product_pair, quotient, quotient_pair
from .powers import expm1_over


@inlined
def beta_divergence(x, y, b):
    """(x^b - b x y^(b-1) + (b-1) y^b) / (b (b-1)) for x >= 0, y > 0, with its limits at 0 and 1.

    y^b times a function of x / y where these are near, the powers themselves elsewhere.
    """
    real = type(x)
    difference, dropped = two_sum(x, -y)
    t, t_low = quotient_pair(difference, dropped, y, real(0))
    log_x, low_x = log_pair(x)
    log_y, low_y = log_pair(y)
    log, dropped = two_sum(log_x, -log_y)
    far = abs(log) > real(2.5)
    # Half the power twice: the divergence may be finite where y^b is not.
    root = power(y, real(0.5) * b)
    near = unit_divergence(real(0) if far else t, real(0) if far else t_low, b) * root * root
    result = far_divergence(x, y, b, log, dropped + (low_x - low_y)) if far else near
    result = real(0) if x == y else result
    # inf - inf of an infinite divergence
    return real(math.inf) if result != result and x >= real(0) and y > real(0) else result


@inlined
def unit_divergence(t, t_low, b):
    """The divergence of 1 + t and 1, for 1 + t from 1 / 12 to 12."""
    real = type(t)
    series = abs(t) * (real(2) + abs(b)) < real(0.25)
    p = binomial_rest(t if series else real(0), b)
    return p * t * (t + real(2) * t_low) if series else from_pairs(t, t_low, b)


@inlined
def binomial_rest(t, b):
    """((1 + t)^b - 1 - b t) / (b (b-1) t^2) for small |t| (2 + |b|): the binomial series."""
    real = type(t)
    p = real(1)
    for k in range(8 if is_single(t) else 18, -1, -1):
        p = real(1) + (b - real(2 + k)) * (t * (real(1) / real(3 + k))) * p
    return real(0.5) * p


@inlined
def from_pairs(t, t_low, b):
    """The divergence of 1 + t and 1 from pairs that have enough bits for what cancels.

    ((1 + t) ((1 + t)^(b-1) - 1) - (b-1) t) / (b (b-1)) has no singularity at 1 but for 0 / 0,
    ((1 + t)^b - 1 - b t) / (b (b-1)) none at 0.
    """
    real = type(t)
    zero = real(0)
    less = b - real(1)
    log, low = log1p_pair(t)
    low = low + t_low / (real(1) + t)
    x, x_low = two_sum(real(1), t)
    x_low = x_low + t_low
    upper = b > real(0.5)
    factor = less if upper else b
    u, u_low = two_product(factor, log)
    hi, lo = expm1_pair(u, u_low + factor * low)
    # At the limits the power less one, over the exponent, is the logarithm.
    limit = factor == zero
    hi = log if limit else hi
    lo = low if limit else lo
    grown, grown_low = product_pair(x, x_low, hi, lo)
    hi = grown if upper else hi
    lo = grown_low if upper else lo
    factor = real(1) if limit else factor
    v, v_low = two_product(factor, t)
    total, dropped = two_sum(hi, -v)
    other = b if upper else less
    w, w_low = two_product(factor, other)
    return quotient(total, dropped + (lo - (v_low + factor * t_low)), w, w_low)


@inlined
def far_divergence(x, y, b, log, low):
    """The divergence of x and y whose ratio is above 12 or below 1 / 12."""
    real = type(x)
    less = b - real(1)
    scale = power(y, b)
    ratio = x / y
    ordinary = ratio < real(math.inf) and ratio > real(0)
    z = scale * ratio if ordinary else x * power(y, less)
    upper = (z * expm1_over(log, low, less) - (z - scale)) / b
    lower = ((z - scale) - scale * expm1_over(log, low, b)) / -less
    result = upper if b > real(0.5) else lower
    powers = (power(x, b) / b - z) / less + scale / b
    result = powers if b * log > real(1) and less * log > real(1) else result
    at_zero = scale / b if b > real(0) else real(math.inf)
    return at_zero if x == real(0) else result
