"""The normal distribution function Phi in the tail, its logarithm and the hazard phi / Phi.

e^(y^2 / 2) Phi(-y) falls like 1 / y: (1 + y) times it is nearly constant, and a polynomial in
t = (y - 4) / (y + 4), which takes all y >= 0 into [-1, 1).
"""

import math

from ..cpu.elementary import (
    any_exponent_and_fraction,
    inlined,
    log_ends,
    log_parts,
    power_of_two,
    two_product,
    two_sum,
)
from ..cpu.primitives import is_single, quick_sum
from .logarithms import relative_of
from .pairs import exp_parts, product_pair, quotient, quotient_pair, scaled_down


@inlined
def normal_tail_ratio(t):
    """(hi, lo), (1 + y) e^(y^2 / 2) Phi(-y) at t = (y - 4) / (y + 4)."""
    real = type(t)
    if is_single(t):
        p = real(1.3098214e-05)
        p = p * t - real(5.805869e-05)
        p = p * t - real(8.604054e-05)
        p = p * t + real(0.0006649126)
        p = p * t - real(0.00028974368)
        p = p * t - real(0.0049876533)
        p = p * t + real(0.017937008)
        p = p * t - real(0.032201182)
        p = p * t + real(0.028600296)
        p = p * t + real(0.013999916)
        p = p * t - real(0.09670348)
        hi, lo = quick_sum(real(0.4720532), p * t)
        return hi, lo + real(2.6555467e-09)
    p = real(1.972253653543834e-10)
    p = p * t + real(1.789081737730569e-10)
    p = p * t - real(1.9090114210708857e-09)
    p = p * t - real(2.619059489466443e-09)
    p = p * t + real(8.864660606458652e-09)
    p = p * t + real(2.026032283598232e-08)
    p = p * t - real(2.3325327536159465e-08)
    p = p * t - real(1.1447245501645259e-07)
    p = p * t + real(4.252443616938017e-09)
    p = p * t + real(5.548377608275344e-07)
    p = p * t + real(4.029843390702131e-07)
    p = p * t - real(2.6144124737226933e-06)
    p = p * t - real(3.431653089233121e-06)
    p = p * t + real(1.362739623508491e-05)
    p = p * t + real(2.1249914753853658e-05)
    p = p * t - real(8.785330420482867e-05)
    p = p * t - real(9.443023185211176e-05)
    p = p * t + real(0.0006948971219511399)
    p = p * t - real(0.0002856231002567544)
    p = p * t - real(0.005002378592515878)
    p = p * t + real(0.01793609747980971)
    p = p * t - real(0.0321978374280218)
    p = p * t + real(0.028600364053546948)
    p = p * t + real(0.013999634724424328)
    p = p * t - real(0.09670347732652577)
    hi, lo = quick_sum(real(0.47205320650984467), p * t)
    return hi, lo + real(1.4403166847031572e-17)


@inlined
def hazard_excess_ratio(t):
    """(hi, lo), (1 + y) (phi(y) / Phi(-y) - y) at t = (y - 3) / (y + 3)."""
    real = type(t)
    if is_single(t):
        p = real(-0.00013677558)
        p = p * t + real(0.00030593196)
        p = p * t + real(0.0010520932)
        p = p * t - real(0.0016921177)
        p = p * t - real(0.004462541)
        p = p * t + real(0.0049963016)
        p = p * t + real(0.014806609)
        p = p * t - real(0.012909142)
        p = p * t - real(0.044892758)
        p = p * t + real(0.04491585)
        p = p * t + real(0.12951961)
        p = p * t - real(0.26906914)
        p = p * t + real(0.005171481)
        hi, lo = quick_sum(real(1.1323946), p * t)
        return hi, lo + real(5.0135345e-08)
    p = real(-4.747396403504558e-09)
    p = p * t + real(1.1824845305097026e-08)
    p = p * t + real(8.254952961873026e-08)
    p = p * t - real(2.1588661088315692e-08)
    p = p * t - real(5.332438290117364e-07)
    p = p * t - real(5.522514091081164e-07)
    p = p * t + real(1.6112912448452005e-06)
    p = p * t + real(4.533497207610748e-06)
    p = p * t - real(3.7826475616939997e-07)
    p = p * t - real(1.8297283295768532e-05)
    p = p * t - real(1.9932645695566928e-05)
    p = p * t + real(4.457360905807945e-05)
    p = p * t + real(0.00011203833211733324)
    p = p * t - real(4.648448010246845e-05)
    p = p * t - real(0.0003959430244272994)
    p = p * t - real(0.00015736174663139531)
    p = p * t + real(0.001089252526328121)
    p = p * t + real(0.001151009267583547)
    p = p * t - real(0.0025465151928310715)
    p = p * t - real(0.0045619900191475)
    p = p * t + real(0.005515151036511482)
    p = p * t + real(0.01485407066776776)
    p = p * t - real(0.013079693769232618)
    p = p * t - real(0.04490398750474908)
    p = p * t + real(0.04494335954492851)
    p = p * t + real(0.1295207688699163)
    p = p * t - real(0.2690708337128051)
    p = p * t + real(0.005171446736185166)
    hi, lo = quick_sum(real(1.132394619721746), p * t)
    return hi, lo + real(-2.340040818277374e-17)


@inlined
def mapped(y, centre):
    """(hi, lo), (y - c) / (y + c) for y >= 0."""
    far = type(y)(1.2676506002282294e30)
    size = far if y > far else y
    top, top_low = two_sum(size, -centre)
    bottom, bottom_low = two_sum(size, centre)
    return quotient_pair(top, top_low, bottom, bottom_low)


@inlined
def scaled_tail(y):
    """(hi, lo), (1 + y) e^(y^2 / 2) Phi(-y) for y >= 0.

    What rounding takes from t counts by the slope, which a cubic gives within some percent.
    """
    real = type(y)
    t, t_low = mapped(y, real(4))
    hi, lo = normal_tail_ratio(t)
    slope = real(-0.1056) + t * (real(0.042) + t * (real(0.1646) - t * real(0.1749)))
    return hi, lo + t_low * slope


@inlined
def scaled_excess(y):
    """(hi, lo), (1 + y) (phi(y) / Phi(-y) - y) for y >= 0, in the same way."""
    real = type(y)
    t, t_low = mapped(y, real(3))
    hi, lo = hazard_excess_ratio(t)
    slope = real(0.0188) + t * (real(-0.5364) + t * (real(0.2486) + t * real(0.1434)))
    return hi, lo + t_low * slope


@inlined
def half_square(x):
    """(hi, lo), x^2 / 2; lo is 0 where the square overflows."""
    hi, lo = two_product(x, type(x)(0.5) * x)
    return hi, (type(x)(0) if hi == type(x)(math.inf) else lo)


@inlined
def log_ndtr(x):
    """The logarithm of Phi(x); on the left -x^2 / 2 and the logarithm of the scaled tail."""
    real = type(x)
    one, zero = real(1), real(0)
    y = abs(x)
    p, p_low = scaled_tail(y)
    total, dropped = two_sum(one, y)
    tail, tail_low = quotient_pair(p, p_low, total, dropped)
    square, square_low = half_square(y)
    e, e_low, n = exp_parts(-square, -square_low)
    q, q_low = product_pair(tail, tail_low, e, e_low)
    small = n < real(-40) if is_single(x) else n < real(-70)
    scale = power_of_two(zero if small else n)
    rest, dropped = two_sum(one, -(q * scale))
    left = x < zero
    k, m = any_exponent_and_fraction(tail if left else rest)
    f = m - one
    low = relative_of(tail_low if left else dropped - q_low * scale, k, f)
    hi, lo = log_parts(k, f)
    result = hi + (lo + low)
    result = (log_ends(tail, hi) + (lo + low - square_low)) - square if left else result
    result = -scaled_down(q, q_low, n) if small and not left else result
    return x if x != x or x == real(-math.inf) else result


@inlined
def normal_hazard(x):
    """phi(x) / Phi(x): the reciprocal of the scaled tail on the left, e^(-x^2 / 2) on the right."""
    real = type(x)
    one, zero = real(1), real(0)
    y = abs(x)
    p, p_low = scaled_tail(y)
    sum_, sum_low = two_sum(one, y)
    tail, tail_low = quotient_pair(p, p_low, sum_, sum_low)
    square, square_low = half_square(y)
    e, e_low, n = exp_parts(-square, -square_low)
    q, q_low = product_pair(tail, tail_low, e, e_low)
    scale = power_of_two(real(-100) if n < real(-100) else n)
    total, dropped = two_sum(one, -(q * scale))
    left = x < zero
    height, height_low = root_of_tau(x)
    top, top_low = product_pair(sum_ if left else e, sum_low if left else e_low, height, height_low)
    bottom_low = p_low if left else dropped - q_low * scale
    hi, lo = quotient_pair(top, top_low, p if left else total, bottom_low)
    return hi + lo if left else scaled_down(hi, lo, n)


@inlined
def root_of_tau(x):
    """(hi, lo), 1 / sqrt(2 pi)."""
    real = type(x)
    if is_single(x):
        return real(0.3989423), real(-1.133517e-08)
    return real(0.3989422804014327), real(-2.49232720227773e-17)


@inlined
def hazard_excess(x):
    """Sum x + phi(x) / Phi(x): on the left, where the two cancel, an approximation of its own."""
    p, p_low = scaled_excess(abs(x))
    total, dropped = two_sum(type(x)(1), abs(x))
    left = quotient(p, p_low, total, dropped)
    return left if x < type(x)(0) else x + normal_hazard(x)
