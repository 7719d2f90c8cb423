"""Exact values of the shared functions, points that stress them, and the error in ulp."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numba
import numpy as np
from mathematics import exact

from lossgen.emit.mathematics import cpu

BITS = 240
WIDTHS = (np.float32, np.float64)


@dataclass(frozen=True)
class Function:
    """A function under test: what it is exactly, where, and how far off it may be."""

    exact: Callable
    domain: str
    bound: float


def log_cosh(x):
    return mp.log1p(2 * mp.sinh(x / 2) ** 2)


def log1mexp(x):
    return mp.log(-mp.expm1(-x)) if x < 1 else mp.log1p(-mp.exp(-x))


# Bounds in ulp: 1 for what one correction leaves, 2 where two roundings of such values meet,
# 3 for a quotient of two computed numbers that nothing corrects.
FUNCTIONS = {
    "exp": Function(mp.exp, "real", 1.0),
    "expm1": Function(mp.expm1, "real", 1.0),
    "log": Function(mp.log, "positive", 1.0),
    "log1p": Function(mp.log1p, "above -1", 1.0),
    "sqrt": Function(mp.sqrt, "positive", 0.5),
    "sigmoid": Function(lambda x: 1 / (1 + mp.exp(-x)), "real", 2.0),
    "softplus": Function(lambda x: mp.log1p(mp.exp(x)), "real", 2.0),
    "log_sigmoid": Function(lambda x: -mp.log1p(mp.exp(-x)), "real", 2.0),
    "tanh": Function(mp.tanh, "real", 2.0),
    "log_cosh": Function(log_cosh, "real", 2.0),
    "sech2": Function(lambda x: mp.sech(x) ** 2, "real", 3.0),
    "log1mexp": Function(log1mexp, "positive", 2.0),
    "erf": Function(mp.erf, "real", 1.0),
    "erfc": Function(exact.erfc, "real", 1.5),
    "sin": Function(mp.sin, "real", 1.0),
    "cos": Function(mp.cos, "real", 1.0),
    "versine": Function(lambda x: 2 * mp.sin(x / 2) ** 2, "real", 1.0),
    "tan": Function(mp.tan, "real", 1.0),
    "asin": Function(mp.asin, "up to 1", 1.0),
    "acos": Function(mp.acos, "up to 1", 1.0),
    "atan": Function(mp.atan, "real", 1.0),
    "sinh": Function(exact.sinh, "real", 1.0),
    "cosh": Function(exact.cosh, "real", 1.0),
    "reciprocal_expm1": Function(exact.reciprocal_expm1, "real", 1.0),
    "expm1mx": Function(exact.expm1mx, "real", 2.0),
    "log1pmx": Function(exact.log1pmx, "above -1", 2.0),
    "over_one_plus": Function(lambda x: x / (1 + x), "above -1", 1.0),
    "exp_moment0": Function(exact.moment(0), "real", 1.5),
    "exp_moment1": Function(exact.moment(1), "real", 2.0),
    "exp_moment2": Function(exact.moment(2), "real", 2.0),
    "exp_moment3": Function(exact.moment(3), "real", 2.0),
    "hypot1m1": Function(exact.hypot1m1, "real", 1.0),
    "over_hypot": Function(exact.over_hypot, "real", 1.0),
    "inverse_hypot_cubed": Function(exact.inverse_hypot_cubed, "real", 1.5),
    "log_hypot1": Function(exact.log_hypot1, "real", 1.25),
    "over_one_plus_square": Function(exact.over_one_plus_square, "real", 1.0),
    "over_one_plus_square_slope": Function(exact.over_one_plus_square_slope, "real", 1.5),
    "log_ndtr": Function(exact.log_ndtr, "real", 1.5),
    "normal_hazard": Function(exact.normal_hazard, "real", 1.0),
    "hazard_excess": Function(exact.hazard_excess, "real", 1.5),
    "loggamma": Function(exact.polygamma(-1), "positive", 1.5),
    "digamma": Function(exact.polygamma(0), "positive", 2.0),
    "trigamma": Function(exact.polygamma(1), "positive", 1.5),
    "tetragamma": Function(exact.polygamma(2), "positive", 2.0),
    "i0e": Function(exact.scaled_bessel(0), "real", 2.0),
    "i1e": Function(exact.scaled_bessel(1), "real", 2.0),
    "log_i0": Function(exact.log_i0, "real", 2.0),
    "bessel_ratio": Function(exact.bessel_ratio, "real", 1.5),
    "bessel_ratio_slope": Function(exact.bessel_ratio_slope, "real", 2.0),
}
PAIRS = {
    "power": Function(mp.power, "positive, exponent", 1.0),
    "hypot": Function(mp.hypot, "real, real", 1.5),
    "atan2": Function(mp.atan2, "plane", 1.0),
    "xlogy": Function(lambda x, y: x * mp.log(y), "real, positive", 2.0),
    "xlog1py": Function(lambda x, y: x * mp.log1p(y), "real, positive", 2.0),
    "exp_sum": Function(lambda hi, lo: mp.exp(hi + lo), "sum", 1.0),
    "logaddexp": Function(exact.logaddexp, "sums of exponentials", 1.0),
    "boxcox": Function(exact.boxcox, "positive, exponent", 1.5),
    "boxcox1p": Function(exact.boxcox1p, "positive, exponent", 1.5),
    "log_ratio_to_mean": Function(exact.log_ratio_to_mean, "positive, positive", 1.5),
    "relative_entropy_to_mean": Function(
        lambda x, y: x * exact.log_ratio_to_mean(x, y), "positive, positive", 1.5
    ),
    "sigmoid_power": Function(exact.sigmoid_power, "real, power up to 8", 1.0),
}


@functools.cache
def batch(function, operands=1):
    """The function in a compiled loop over arrays, as a kernel uses it."""
    if operands == 1:

        @numba.njit(error_model="numpy")
        def run(x, out):
            for i in range(out.size):
                out[i] = function(x[i])

    else:

        @numba.njit(error_model="numpy")
        def run(x, y, out):
            for i in range(out.size):
                out[i] = function(x[i], y[i])

    return run


def evaluate(function, *arrays):
    """A compiled function applied to arrays."""
    out = np.empty_like(arrays[0])
    batch(function, len(arrays))(*arrays, out)
    return out


def around(values, dtype):
    """Each value with the floats next to it on both sides."""
    middle = np.asarray(values, dtype)
    below, above = np.nextafter(middle, dtype(-np.inf)), np.nextafter(middle, dtype(np.inf))
    return np.concatenate([below, middle, above])


def edges(dtype):
    """Where an implementation changes its method or its result leaves the normal numbers."""
    info = np.finfo(dtype)
    largest, tiny = float(np.log(info.max)), float(np.log(info.tiny))
    least = float(np.log(np.float64(info.tiny)) + np.log(float(info.eps)))
    halves = [(k + 0.5) * np.log(2.0) for k in range(-4, 5)]
    methods = [0.5, 1.0, np.sqrt(0.5), np.sqrt(2.0), np.log(2.0), np.log(2.0) / 2, 1e-3]
    small = [float(info.eps), float(info.eps) ** 2, float(info.tiny), float(info.max) * 0.99]
    return around([largest, tiny, least, *halves, *methods, *small, 2.0**64, 2.0**-64], dtype)


def points(domain, dtype, count, seed=1):
    """Stratified points of a domain: the range of e^x, the middle, all magnitudes, the edges."""
    draw = np.random.default_rng(seed)
    info = np.finfo(dtype)
    high = float(np.log(info.max))
    low, top = np.log(float(info.smallest_subnormal)), high * 0.9999
    sizes = np.exp(draw.uniform(low, top, count)) * draw.choice([-1.0, 1.0], count)
    bands = [draw.uniform(-b, b, count) for b in (high * 1.18, 20.0, 2.0)]
    x = np.concatenate([sizes, *bands]).astype(dtype)
    x = np.concatenate([x, edges(dtype), -edges(dtype)])
    x = x[x != 0]
    match domain:
        case "real":
            return x
        case "positive":
            return np.abs(x)
        case "above -1":
            return x[x > -1]
        case "up to 1":
            near = 1 - np.exp(draw.uniform(np.log(float(info.eps)), 0, count))
            x = np.concatenate([x, near, -near, draw.uniform(-1, 1, count)]).astype(dtype)
            return x[np.abs(x) <= 1]
        case _:
            raise ValueError(domain)


def pairs(domain, dtype, count, seed=2):
    """Stratified pairs of operands, of results that are finite and not zero."""
    draw = np.random.default_rng(seed)
    high = float(np.log(np.finfo(dtype).max)) * 0.9
    wide = np.exp(draw.uniform(-0.9 * high, 0.9 * high, count))
    near = np.exp(draw.uniform(-0.4, 0.4, count))
    first = np.concatenate([wide, near, np.exp(draw.uniform(-3, 3, count))])
    match domain:
        case "positive, exponent":
            room = high / np.maximum(np.abs(np.log(first)), 1e-3)
            second = draw.uniform(-1, 1, first.size) * np.minimum(room, 1e6)
        case "real, real" | "real, positive":
            second = first * np.exp(draw.uniform(-0.1 * high, 0.1 * high, first.size))
        case "plane":
            first = first * draw.choice([-1.0, 1.0], first.size)
            second = first * np.exp(draw.uniform(-5, 5, first.size)) * np.sign(first)
            second = second * draw.choice([-1.0, 1.0], first.size)
        case "positive, positive":
            apart = np.exp(draw.uniform(-35, 0, first.size)) * draw.choice([-1, 1], first.size)
            second = first * np.where(draw.random(first.size) < 0.5, 1 + apart, np.exp(9 * apart))
            second[::4] = np.exp(draw.uniform(-0.9 * high, 0.9 * high, second[::4].size))
        case "sums of exponentials":
            first = np.concatenate([draw.uniform(-50, 50, 2 * count), -first[:count]])
            second = first + draw.normal(0, 3, first.size)
        case "real, power up to 8":
            first = draw.choice([-1, 1], first.size) * np.where(first > 100, first % 100, first)
            second = draw.uniform(0, 8, first.size)
        case "sum":
            first = draw.uniform(-high, high, first.size)
            second = first * draw.uniform(-1, 1, first.size) * float(np.finfo(dtype).eps)
        case _:
            raise ValueError(domain)
    return first.astype(dtype), second.astype(dtype)


def exactly(function, *arrays):
    """The function in high precision at each row of its operands; they are exact as they stand."""
    return [exact.at(function, row, BITS) for row in zip(*arrays, strict=True)]


def ulps(found, wanted):
    """Distances from the exact values, in ulp of them: spacing of floats, down to subnormals.

    An exact value that rounds to infinity may be met by infinity or by the largest float.
    """
    dtype = found.dtype.type
    info = np.finfo(dtype)
    least = int(np.log2(float(info.smallest_subnormal)))
    return np.array([_ulp(float(f), e, info, least) for f, e in zip(found, wanted, strict=True)])


def _ulp(found, wanted, info, least):
    if abs(wanted) > mp.mpf(float(info.max)):
        return 0.0 if abs(found) >= float(info.max) and found * wanted > 0 else np.inf
    if not np.isfinite(found):
        return np.inf
    exponent = mp.frexp(abs(wanted))[1] if wanted else least
    spacing = mp.ldexp(1, max(exponent - 1 - info.nmant, least))
    return float(abs(mp.mpf(found) - wanted) / spacing)


def public(name):
    """A function of the shared file by name."""
    return getattr(cpu, name)
