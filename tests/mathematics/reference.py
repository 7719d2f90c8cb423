"""Exact values of the shared functions, points that stress them, and the error in ulp."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numba
import numpy as np

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
    "erf": Function(mp.erf, "real", 2.0),
    "erfc": Function(mp.erfc, "turns", 4.0),
    "sin": Function(mp.sin, "turns", 1.0),
    "cos": Function(mp.cos, "turns", 1.0),
    "atan": Function(mp.atan, "real", 1.0),
}
PAIRS = {
    "power": Function(mp.power, "positive, exponent", 1.0),
    "hypot": Function(mp.hypot, "real, real", 1.5),
    "xlogy": Function(lambda x, y: x * mp.log(y), "real, positive", 2.0),
    "xlog1py": Function(lambda x, y: x * mp.log1p(y), "real, positive", 2.0),
    "exp_sum": Function(lambda hi, lo: mp.exp(hi + lo), "sum", 1.0),
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
        case "turns":
            return x[np.abs(x) < 1000]
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
        case "sum":
            first = draw.uniform(-high, high, first.size)
            second = first * draw.uniform(-1, 1, first.size) * float(np.finfo(dtype).eps)
        case _:
            raise ValueError(domain)
    return first.astype(dtype), second.astype(dtype)


def exactly(function, *arrays):
    """The function in high precision at each row of its operands; they are exact as they stand."""
    with mp.workprec(BITS):
        return [function(*(mp.mpf(float(v)) for v in row)) for row in zip(*arrays, strict=True)]


def ulps(found, exact):
    """Distances from the exact values, in ulp of them: spacing of floats, down to subnormals.

    An exact value that rounds to infinity may be met by infinity or by the largest float.
    """
    dtype = found.dtype.type
    info = np.finfo(dtype)
    least = int(np.log2(float(info.smallest_subnormal)))
    return np.array([_ulp(float(f), e, info, least) for f, e in zip(found, exact, strict=True)])


def _ulp(found, exact, info, least):
    if abs(exact) > mp.mpf(float(info.max)):
        return 0.0 if abs(found) >= float(info.max) and found * exact > 0 else np.inf
    if not np.isfinite(found):
        return np.inf
    exponent = mp.frexp(abs(exact))[1] if exact else least
    spacing = mp.ldexp(1, max(exponent - 1 - info.nmant, least))
    return float(abs(mp.mpf(found) - exact) / spacing)


def public(name):
    """A function of the shared file by name."""
    return getattr(cpu, name)
