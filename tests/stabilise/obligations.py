"""What each rewrite has to prove: where both sides are the same, where the old one loses digits.

An obligation holds points, as numbers for the wilds in alphabetic order. At `samples` both sides
are evaluated exactly, and the new one has to be defined wherever the old one is. At one of `bites`
the old form is wrong by more than LOST ulp, or is not finite, and the new form is not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
import sympy
from mpmath import mpf
from sympy import Add, Mul, Pow

from lossgen.language.functions import DEFINITIONS

Point = tuple[float, ...]

EVERYWHERE = (-300.0, -30.0, -1.5, -1e-8, 1e-12, 0.25, 2.0, 40.0, 700.0)
SIGNED = (-30.0, -1.5, -1e-6, 1e-9, 0.25, 2.0, 40.0)
ABOVE_MINUS_ONE = (-0.999, -1e-9, 1e-15, 0.5, 3.0, 1e9)
POSITIVE = (1e-30, 1e-9, 0.25, 1.0, 3.0, 1e9)
FACTORS = (0.5, 1.0, 3.0)


@dataclass(frozen=True)
class Obligation:
    """Points at which a rule is held to its promise."""

    samples: tuple[Point, ...]
    bites: tuple[Point, ...]


def of(bites: Any, *given: tuple[float, ...]) -> Obligation:
    """Return the obligation with every combination of the given numbers as samples."""
    points = tuple(point if isinstance(point, tuple) else (point,) for point in bites)
    return Obligation(tuple(itertools.product(*given)), points)


LARGE, SMALL = (100.0, 800.0), (1e-9, 1e-18)
FAR = ((1e30,), (1e200,))
# The next number after 1, in float32 and in float64.
NEXT = (1.0 + 2.0**-23, 1.0 + 2.0**-52)
AHEAD = tuple((1.0, after) for after in NEXT)
APART = tuple((y - x, x, y) for x in (0.0, 0.25, 1.0, 8.0) for y in (0.25, 2.0, 64.0))
CLOSE = tuple((step, 1.0, 1.0 + step) for step in (2.0**-14, 2.0**-30))

# The wilds of a rule in alphabetic order: a, b, c, n, x, y.
OBLIGATIONS = {
    # logistic
    "softplus": of([(1.0, at) for at in LARGE], FACTORS, EVERYWHERE),
    "softplus of log1p": of([(1.0, at) for at in LARGE], FACTORS, EVERYWHERE),
    "softplus of minus x": of([20.0, 40.0], EVERYWHERE),
    "sigmoid": of([(1.0, at) for at in (89.0, 720.0)], FACTORS, EVERYWHERE),
    "sigmoid from above": of(LARGE, EVERYWHERE),
    "sigmoid of two": of([(at, at - 1) for at in LARGE], SIGNED, SIGNED),
    "one minus sigmoid": of([20.0, 60.0], EVERYWHERE),
    "log sigmoid": of([(1.0, -at) for at in (200.0, 800.0)], FACTORS, EVERYWHERE),
    "log of one minus sigmoid": of([30.0, 60.0, 300.0], SIGNED),
    "power of sigmoid": of([(0.5, -110.0), (0.5, -800.0)], (0.5, 2.5), SIGNED),
    "power of softplus": of([(-2.5, 30.3), (-2.5, 31.1), (-2.5, 250.1)], (-2.5, -0.5), SIGNED),
    "log of a power of sigmoid": of([(1.0, 2.5, -at) for at in LARGE], FACTORS, (2.5,), SIGNED),
    "log of a difference of sigmoids": of(
        [(1e-9, 0.0), (1e-18, 0.0), (60.0, 59.0)], (0.5, 3.0, 20.0), (-20.0, -3.0, 0.25)
    ),
    # exponential
    "expm1": of(SMALL, EVERYWHERE),
    "expm1mx": of(SMALL, EVERYWHERE),
    "reciprocal of expm1": of([100.0, 720.0], EVERYWHERE),
    "exp over expm1": of(LARGE, EVERYWHERE),
    "exprel": of([0.0], EVERYWHERE),
    "exprel of a product": of([(2.0, 0.0)], SIGNED, SIGNED),
    "log1mexp": of([(1.0, -at) for at in (60.0, 300.0)], FACTORS, (-300.0, -2.0, -1e-9)),
    "log1mexp of log1p": of([-1e-9, -1e-18], (-300.0, -2.0, -1e-9)),
    "log of expm1": of(LARGE, (1e-9, 0.25, 40.0, 700.0)),
    "log of exp": of([(3.0, at) for at in LARGE], FACTORS, EVERYWHERE),
    "logaddexp": of(
        [(1.0, 2.0, at, at - 1) for at in LARGE], FACTORS, (0.5, 2.0), SIGNED, (-3.0, 0.5, 41.0)
    ),
    "logaddexp with a constant": of(
        [(1.0, 3.0, at) for at in LARGE], FACTORS, (0.5, 3.0), SIGNED
    ),
    # hyperbolic
    "sinh": of(SMALL, EVERYWHERE),
    "log cosh": of([(1.0, at) for at in LARGE], FACTORS, EVERYWHERE),
    "log cosh of softplus": of(SMALL, EVERYWHERE),
    "tanh": of(LARGE, EVERYWHERE),
    "tanh of two": of([(at, at - 1) for at in LARGE], SIGNED, (-29.0, 0.5, 41.0)),
    "tanh of expm1": of(LARGE, EVERYWHERE),
    "tanh of sigmoid": of(SMALL, EVERYWHERE),
    "sigmoid of cosh": of(LARGE, EVERYWHERE),
    "one minus tanh": of([20.0, 40.0], EVERYWHERE),
    "one plus tanh": of([-20.0, -40.0], EVERYWHERE),
    "log of one plus tanh": of([-20.0, -40.0], SIGNED),
    "sech2": of([20.0, 40.0], EVERYWHERE),
    "sech2 of cosh": of([50.0, 360.0], EVERYWHERE),
    "log of sech2": of([(1.0, 60.0), (1.0, 400.0)], FACTORS, EVERYWHERE),
    "versine": of(SMALL, EVERYWHERE),
    # logarithms
    "log1p": of(SMALL, ABOVE_MINUS_ONE),
    "log1pmx": of(SMALL, ABOVE_MINUS_ONE),
    "log1pmx at one": of([1.0001], POSITIVE),
    "log1pmx of a log ratio": of([(1.0001, 1.0)], POSITIVE, (0.5, 3.0)),
    "one minus reciprocal": of(SMALL, ABOVE_MINUS_ONE),
    "log of a power": of([(1.0, 20.0, 1e30), (1.0, 1.5, 1e250)], FACTORS, (0.5, 20.0), POSITIVE),
    "log of an even power": of([(2.0, 1e30), (2.0, 1e200)], (2.0, 4.0), SIGNED),
    "log of one plus a square": of(FAR, SIGNED),
    "x log y": of([(0.0, 0.0)], (0.25, 3.0), POSITIVE),
    "x log x": of([0.0], POSITIVE),
    "x log1p y": of([(0.0, -1.0)], (0.25, 3.0), ABOVE_MINUS_ONE),
    "log ratio": of([(1e-30, 1e30), (1e-200, 1e200)], POSITIVE, POSITIVE),
    "relative entropy": of([(0.0, 0.5)], POSITIVE, POSITIVE),
    "relative entropy, turned": of([(0.0, 0.5)], POSITIVE, POSITIVE),
    "relative entropy by x log y": of([(1e-30, 1e30), (1e-200, 1e200)], POSITIVE, POSITIVE),
    "log ratio to the mean": of(AHEAD, POSITIVE, POSITIVE),
    "log ratio to the sum": of(AHEAD, POSITIVE, POSITIVE),
    "relative entropy to the mean": of(AHEAD, POSITIVE, POSITIVE),
    "relative entropy to the mean, by log": of([(0.0, 0.5)], POSITIVE, POSITIVE),
    # divergences: c is y - x
    "kullback-leibler divergence": Obligation(APART, CLOSE),
    "kullback-leibler divergence, by relative entropy": Obligation(APART, CLOSE),
    "beta divergence": of(
        [(1 + 2.0**-16, 3.0, 2.0), (1 + 2.0**-40, 3.0, 2.0)],
        (-1.5, 0.5, 1.25, 1.5, 3.0), (1e-3, 0.25, 1.0, 3.0), (2e-3, 0.5, 2.0),
    ),
    # powers
    "box-cox": of([(1e-9, 2.0), (1e-18, 2.0)], (-2.5, 0.3, 1.0), (0.01, 0.5, 3.0, 1e4)),
    "power of a quotient": of([(-0.5, 0.0, 2.0)], (-2.5, -0.5, 0.3, 1.5), POSITIVE, FACTORS),
    "box-cox of one plus x": of([(0.5, 1e-9), (0.5, 1e-18)], (-0.5, 1.0, 2.5), ABOVE_MINUS_ONE),
    "box-cox of one plus a square": of([(0.5, 1e30), (0.5, 1e200)], (-0.5, 1.0, 2.5), SIGNED),
    "box-cox of one plus a square over y": of(
        [(0.5, 1e30, 2.0), (0.5, 1e200, 2.0)], (-0.5, 1.0, 2.5), SIGNED, FACTORS
    ),
    "hypot": of([(1.0, 1e30), (1.0, 1e200), (1e-30, 1e-30), (1e-200, 1e-200)], FACTORS, SIGNED),
    "hypot of a root": of([(1.0, 1e30), (1.0, 1e200)], FACTORS, SIGNED),
    "hypot minus one": of([(1.0, 1e-9), (3.0, 1e-9)], FACTORS, SIGNED),
    "root minus one": of(SMALL, ABOVE_MINUS_ONE),
    "inverse cube of hypot": of([1e14, 1e105], SIGNED),
    "power of hypot times its inverse cube": of(
        [(3.5, 1e15), (3.5, 1e120)], (-0.5, 0.3, 2.5), SIGNED
    ),
    "square over one plus square": of(FAR, SIGNED),
    # special functions
    "erfc": of([4.0, 7.0], (-3.0, -0.5, 0.25, 2.0, 9.0)),
    "log of one plus erf": of([(1.0, -6.0), (1.0, -8.0)], FACTORS, (-3.0, -0.5, 0.25, 9.0)),
    "log of two minus erfc": of([(1.0, -6.0), (1.0, -8.0)], FACTORS, (-3.0, -0.5, 0.25, 9.0)),
    "log of erfc": of([(1.0, 12.0), (1.0, 30.0)], FACTORS, (-3.0, -0.5, 0.25, 9.0)),
}  # fmt: skip

# Rows that lose nothing by themselves: without the row, the formula does not reach the atom.
ENABLES = {
    "cosh": "log_cosh",
    "sigmoid of softplus": "sigmoid",
    "digamma": "digamma",
    "trigamma": "trigamma",
    "tetragamma": "tetragamma",
}
# The curvature of |x|^2 at 0: see test_passes_keep_the_digits.
OF_A_SLOPE = ("even power of a magnitude",)
LOST = 12  # ulp
KEPT = 4  # ulp

NUMPY: dict[type, Callable[..., Any]] = {
    sympy.exp: np.exp, sympy.log: np.log, sympy.cosh: np.cosh, sympy.sinh: np.sinh,
    sympy.cos: np.cos, sympy.tanh: np.tanh, sympy.Abs: np.abs,
}  # fmt: skip
WIDEST = mpf(10) ** 450


def points_of(rule: Any, points: tuple[Point, ...]) -> list[dict[Any, float]]:
    """Return points as numbers for the wilds of a rule."""
    wilds = sorted(rule.find.free_symbols, key=str)
    return [dict(zip(wilds, point, strict=True)) for point in points]


def exact(expression: Any, point: dict[Any, Any], digits: int = 60) -> Any:
    """Evaluate from the definitions, doubling the precision until two evaluations agree."""
    previous = None
    while digits < 4000:
        with mp.workdps(digits):
            found = _mp(expression, point)
            # A zero that more digits do not confirm was a cancellation.
            settled = previous is not None and (
                found == previous or abs(found - previous) <= abs(found) * mpf(10) ** -30
            )
            if settled and ((found != 0 and mp.isfinite(found)) or digits > 900):
                return found
        previous, digits = found, 2 * digits
    raise AssertionError(f"{expression} at {point} is not settled at 4000 digits")


def _mp(node: Any, point: dict[Any, Any]) -> Any:
    if node in point:
        return mpf(point[node])
    if type(node) in DEFINITIONS:
        return _mp(DEFINITIONS[type(node)](*node.args), point)
    if node.is_Number:
        return mpf(node.p) / node.q if node.is_Rational else mpf(float(node))
    if isinstance(node, sympy.Piecewise):
        return next(_mp(value, point) for value, given in node.args if bool(given.subs(point)))
    if not node.args:
        return +node._to_mpmath(mp.mp.prec)
    parts = [_mp(part, point) for part in node.args]
    if isinstance(node, Add):
        return mp.fsum(parts)
    if isinstance(node, Mul):
        return mp.fprod(parts)
    if isinstance(node, Pow):
        return mp.power(*parts)
    if isinstance(node, sympy.Abs):
        return abs(parts[0])
    return getattr(mp, type(node).__name__)(*parts)


def rounded(node: Any, point: dict[Any, Any], dtype: type) -> Any:
    """Evaluate as a kernel of that dtype would: every step rounded, an atom once."""
    if node in point:
        return dtype(point[node])
    if node.is_number:
        return dtype(float(node))
    if isinstance(node, sympy.Piecewise):
        chosen = next(value for value, given in node.args if bool(given.subs(point)))
        return rounded(chosen, point, dtype)
    parts = [rounded(part, point, dtype) for part in node.args]
    with np.errstate(all="ignore"):
        if isinstance(node, Add):
            return dtype(sum(parts[1:], parts[0]))
        if isinstance(node, Mul):
            return dtype(math.prod(parts[1:], start=parts[0]))
        if isinstance(node, Pow):
            return dtype(_power(node, parts, dtype))
        if type(node) in NUMPY:
            return dtype(NUMPY[type(node)](*parts))
        return _atom(node, parts, dtype)


def _power(node: Pow, parts: list[Any], dtype: type) -> Any:
    base, exponent = parts
    if node.exp.is_Integer:
        power = math.prod([base] * abs(int(node.exp)), start=dtype(1))
        return power if node.exp > 0 else dtype(1) / power
    if node.exp == sympy.S.Half:
        return np.sqrt(base)
    return base**exponent


def _atom(node: Any, parts: list[Any], dtype: type) -> Any:
    if any(np.isnan(part) for part in parts):
        return dtype(np.nan)
    symbols = [sympy.Dummy(real=True) for _ in parts]
    given = [
        mpf(float(part)) if np.isfinite(part) else WIDEST * (1 if part > 0 else -1)
        for part in parts
    ]
    kept = [
        arg if arg.is_Integer else symbol for arg, symbol in zip(node.args, symbols, strict=True)
    ]
    try:
        found = exact(node.func(*kept), dict(zip(symbols, given, strict=True)))
    except (ZeroDivisionError, ValueError, TypeError):
        return dtype(np.nan)
    return dtype(float(found)) if isinstance(found, mpf) else dtype(np.nan)


def ulps(found: Any, wanted: Any, dtype: type) -> float:
    """The error in ulp; infinite where the result is not finite and the exact one is."""
    if not np.isfinite(found):
        return math.inf
    step = np.spacing(dtype(abs(float(wanted))))
    return float(abs(mpf(float(found)) - wanted) / mpf(float(step)))
