"""Exact values of the special functions, at any argument of either dtype."""

import mpmath as mp

# Beyond this e^x and e^-x are out of the range of both dtypes, and so are all terms but the first.
FAR = 5000


def at(function, row, bits):
    """The value at a row of numbers, with more bits the further they are from 1: 1 + x keeps x."""
    numbers = [mp.mpf(float(number)) for number in row]
    distance = max((abs(mp.mag(x)) for x in numbers if mp.isfinite(x) and x), default=0)
    with mp.workprec(bits + 4 * min(int(distance), 1100)):
        return mp.mpf(function(*numbers))


def polygamma(order):
    """log Gamma (order -1) and its derivatives: no sum in them needs more bits than this."""
    function = mp.loggamma if order < 0 else lambda x: mp.psi(order, x)

    def value(x):
        with mp.workprec(300):
            return function(x)

    return value


def sinh(x):
    return mp.sign(x) * mp.inf if abs(x) > FAR else mp.sinh(x)


def cosh(x):
    return mp.inf if abs(x) > FAR else mp.cosh(x)


def erfc(x):
    return mp.mpf(0) if x > 100 else mp.erfc(x)


def reciprocal_expm1(x):
    return mp.mpf(0) if x > FAR else 1 / mp.expm1(x)


def expm1mx(x):
    if x > FAR:
        return mp.inf
    return -1 - x if x < -FAR else mp.expm1(x) - x


def log1pmx(x):
    return mp.log1p(x) - x


def moment(n):
    """The integral of s^n e^(s x) over [0, 1]: its power series near 0, its closed form beyond."""

    def value(x):
        if x > FAR:
            return mp.inf
        if abs(x) < 40:
            return mp.fsum(x**k / mp.factorial(k) / (n + k + 1) for k in range(250))
        power = mp.exp(x) if x > -FAR else 0
        steps = ((-1) ** k * mp.ff(n, k) * x ** (n - k) for k in range(n + 1))
        return (power * mp.fsum(steps) - (-1) ** n * mp.factorial(n)) / x ** (n + 1)

    return value


def hypot1m1(x):
    return mp.sqrt(1 + x * x) - 1


def over_hypot(x):
    return x / mp.sqrt(1 + x * x)


def inverse_hypot_cubed(x):
    return 1 / mp.sqrt(1 + x * x) ** 3


def log_hypot1(x):
    return mp.log1p(x * x) / 2


def over_one_plus_square(x):
    return x / (1 + x * x)


def over_one_plus_square_slope(x):
    return (1 - x) * (1 + x) / (1 + x * x) ** 2


def log_ndtr(x):
    if x > 100:
        return mp.mpf(0)
    if x > 0:
        return mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)
    return mp.log(scaled_tail(-x)) - x * x / 2


def scaled_tail(y):
    """e^(y^2 / 2) Phi(-y) for y >= 0; far out by its asymptotic series."""
    if y < 1000:
        return mp.exp(y * y / 2) * mp.erfc(y / mp.sqrt(2)) / 2
    terms = ((-1) ** k * mp.fac2(2 * k - 1) / y ** (2 * k) for k in range(20))
    return mp.fsum(terms) / (y * mp.sqrt(2 * mp.pi))


def normal_hazard(x):
    if x <= 0:
        return 1 / (mp.sqrt(2 * mp.pi) * scaled_tail(-x))
    if x > 100:
        return mp.mpf(0)
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi) / (1 - mp.erfc(x / mp.sqrt(2)) / 2)


def hazard_excess(x):
    return x + normal_hazard(x)


def scaled_bessel(order):
    """e^-|x| I(x), far out by its asymptotic series."""

    def value(x):
        size = abs(x)
        sign = -1 if x < 0 and order == 1 else 1
        if size < 400:
            return sign * mp.besseli(order, size) * mp.exp(-size)
        term = total = mp.mpf(1)
        for k in range(1, 60):
            term *= -(4 * order**2 - (2 * k - 1) ** 2) / (8 * k * size)
            total += term
        return sign * total / mp.sqrt(2 * mp.pi * size)

    return value


def log_i0(x):
    return mp.log(scaled_bessel(0)(x)) + abs(x)


def bessel_ratio(x):
    return scaled_bessel(1)(x) / scaled_bessel(0)(x)


def bessel_ratio_slope(x):
    size = abs(x)
    if size > 1e8:
        return (1 + (1 / mp.mpf(2) + (3 / mp.mpf(4) + 25 / (16 * size)) / size) / size) / (
            2 * x * x
        )
    ratio = bessel_ratio(x)
    return 1 - ratio / x - ratio**2


def logaddexp(x, y):
    return max(x, y) + mp.log1p(mp.exp(-min(abs(x - y), mp.mpf(FAR))))


def boxcox(x, a):
    return mp.expm1(a * mp.log(x)) / a if a else mp.log(x)


def boxcox1p(x, a):
    return mp.expm1(a * mp.log1p(x)) / a if a else mp.log1p(x)


def log_ratio_to_mean(x, y):
    return mp.log(2 * x / (x + y))


def sigmoid_power(x, a):
    softplus = mp.log1p(mp.exp(-x)) if abs(x) < FAR else max(-x, mp.mpf(0))
    return mp.exp(-a * softplus)
