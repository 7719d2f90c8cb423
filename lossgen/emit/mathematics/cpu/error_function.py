"""The error function and its complement, to the last subnormal number of the tail.

e^(x^2) erfc(x) falls like 1 / x: (1 + 2 x) times it is a polynomial in (x - 3) / (x + 3). The
square in the exponential is a pair.
"""

from ..shared.normal import mapped
from ..shared.pairs import exp_parts, product_pair, quotient_pair, scaled_down
from .elementary import inlined, power_of_two, two_product, two_sum
from .primitives import is_single, quick_sum


@inlined
def erfcx_ratio(t):
    """(hi, lo), (1 + 2 x) e^(x^2) erfc(x) at t = (x - 3) / (x + 3), x >= 0.49."""
    real = type(t)
    if is_single(t):
        p = real(-0.00064177136)
        p = p * t + real(0.0017542806)
        p = p * t + real(0.0024719276)
        p = p * t - real(0.023708524)
        p = p * t + real(0.06831788)
        p = p * t - real(0.11928547)
        p = p * t + real(0.12964457)
        p = p * t - real(0.0475615)
        p = p * t - real(0.1356211)
        hi, lo = quick_sum(real(1.253008), p * t)
        return hi, lo + real(4.163828e-08)
    p = real(-1.48491688884319e-08)
    p = p * t + real(2.2302339148668327e-08)
    p = p * t + real(1.1042983699453126e-07)
    p = p * t - real(1.2012359409666312e-07)
    p = p * t - real(6.285492141452471e-07)
    p = p * t + real(3.431412846667494e-07)
    p = p * t + real(3.4809248617526424e-06)
    p = p * t - real(7.260586661385243e-07)
    p = p * t - real(2.0104197803099745e-05)
    p = p * t + real(4.948093276450464e-06)
    p = p * t + real(0.00012510031917050757)
    p = p * t - real(0.00010515957201500504)
    p = p * t - real(0.0007798324328230181)
    p = p * t + real(0.0018886903357256696)
    p = p * t + real(0.0025293918321113106)
    p = p * t - real(0.02377051491718953)
    p = p * t + real(0.06830802734309735)
    p = p * t - real(0.11927366341535775)
    p = p * t + real(0.12964515870278281)
    p = p * t - real(0.047562294353450066)
    p = p * t - real(0.13562110612458134)
    hi, lo = quick_sum(real(1.2530080582697296), p * t)
    return hi, lo + real(4.27488844501708e-17)


@inlined
def erf_ratio(z):
    """(erf(x) / x - 2 / sqrt(pi)) / z at z = x^2 up to 1/4."""
    real = type(z)
    if is_single(z):
        p = real(0.0048234835)
        p = p * z - real(0.026806602)
        p = p * z + real(0.11283521)
        return p * z - real(0.37612638)
    p = real(-1.5120621851383338e-07)
    p = p * z + real(1.6424949410851085e-06)
    p = p * z - real(1.4925387741812728e-05)
    p = p * z + real(0.00012055342596891641)
    p = p * z - real(0.0008548327275250087)
    p = p * z + real(0.005223977627959002)
    p = p * z - real(0.02686617064524952)
    p = p * z + real(0.11283791670955362)
    return p * z - real(0.37612638903183754)


@inlined
def slope_at_zero(x):
    """(hi, lo), 2 / sqrt(pi), the slope of erf at 0."""
    real = type(x)
    if is_single(x):
        return real(1.1283792), real(-5.8635383e-08)
    return real(1.1283791670955126), real(1.533545961316588e-17)


@inlined
def erf_near(x):
    """(hi, lo), erf x for |x| held below 1/2."""
    half = type(x)(0.5)
    x = half if x > half else (-half if x < -half else x)
    z = x * x
    slope, slope_low = slope_at_zero(x)
    hi, lo = quick_sum(slope, z * erf_ratio(z))
    return product_pair(x, type(x)(0), hi, lo + slope_low)


@inlined
def erfc_far(size):
    """(p, p_low, n): erfc |x| = 2^n (p + p_low) for |x| >= 1/2; zero beyond 30."""
    real = type(size)
    size = real(30) if size > real(30) else size
    square, square_low = two_product(size, size)
    e, e_low, n = exp_parts(-square, -square_low)
    t, _ = mapped(size, real(3))
    p, p_low = erfcx_ratio(t)
    total, dropped = two_sum(real(1), real(2) * size)
    q, q_low = quotient_pair(p, p_low, total, dropped)
    hi, lo = product_pair(q, q_low, e, e_low)
    return hi, lo, n


@inlined
def erf(x):
    """Error function."""
    real = type(x)
    size = abs(x)
    hi, lo = erf_near(x)
    p, p_low, n = erfc_far(size)
    scale = power_of_two(real(-100) if n < real(-100) else n)
    one, dropped = two_sum(real(1), -(p * scale))
    far = one + (dropped - p_low * scale)
    result = (-far if x < real(0) else far) if size > real(0.5) else hi + lo
    return x if x == real(0) else result


@inlined
def erfc(x):
    """1 less the error function."""
    real = type(x)
    size = abs(x)
    hi, lo = erf_near(x)
    near, near_low = two_sum(real(1), -hi)
    p, p_low, n = erfc_far(size)
    scale = power_of_two(real(-100) if n < real(-100) else n)
    two, dropped = two_sum(real(2), -(p * scale))
    far = two + (dropped - p_low * scale) if x < real(0) else scaled_down(p, p_low, n)
    return far if size > real(0.5) else near + (near_low - lo)
