"""What each rewrite has to prove: where both sides are the same, where the old one loses digits.

`samples` are arguments for x on which both sides are evaluated exactly. `bites` gives, for float32
and float64, a point at which the old form is wrong by more than `LOST` of the exact value, or is
not finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
import sympy
from mpmath import mpf
from sympy import Add, Mul, Pow

from lossgen.emit.mathematics import cpu
from lossgen.emit.scalar import FUNCTIONS
from lossgen.language.functions import DEFINITIONS

EVERYWHERE = (-300.0, -30.0, -1.5, -1e-8, 1e-12, 0.25, 2.0, 40.0, 700.0)
ABOVE_MINUS_ONE = (-0.999, -1e-9, 1e-15, 0.5, 3.0, 1e9)


@dataclass(frozen=True)
class Obligation:
    """Samples and points at which a rule is held to its promise."""

    samples: tuple[float, ...]
    bites: dict[type, float]


OBLIGATIONS = {
    "softplus": Obligation(EVERYWHERE, {np.float32: 100.0, np.float64: 800.0}),
    "sigmoid": Obligation(EVERYWHERE, {np.float32: 89.0, np.float64: 720.0}),
    "log sigmoid": Obligation(EVERYWHERE, {np.float32: -200.0, np.float64: -800.0}),
    "log cosh": Obligation(EVERYWHERE, {np.float32: 100.0, np.float64: 800.0}),
    "log1p": Obligation(ABOVE_MINUS_ONE, {np.float32: 1e-9, np.float64: 1e-18}),
    "expm1": Obligation(EVERYWHERE, {np.float32: 1e-9, np.float64: 1e-18}),
}
# A digit of float32 is 1e-7, of float64 1e-16: at a bite, the old form has lost nearly all of them.
LOST = 1e-3
KEPT_ULP = 4

NUMPY: dict[type, Callable[..., Any]] = {
    sympy.exp: np.exp, sympy.log: np.log, sympy.cosh: np.cosh, sympy.sinh: np.sinh,
    sympy.sqrt: np.sqrt,
}  # fmt: skip


def exact(expression: Any, point: dict[Any, Any], digits: int = 60) -> Any:
    """Evaluate from the definitions, doubling the precision until two evaluations agree."""
    previous = None
    while digits < 4000:
        with mp.workdps(digits):
            found = _mp(expression, point)
        close = abs(found) * mpf(10) ** -30
        if previous is not None and (found == previous or abs(found - previous) <= close):
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
    parts = [_mp(part, point) for part in node.args]
    if isinstance(node, Add):
        return mp.fsum(parts)
    if isinstance(node, Mul):
        return mp.fprod(parts)
    if isinstance(node, Pow):
        return mp.power(*parts)
    return getattr(mp, type(node).__name__)(*parts)


def rounded(node: Any, point: dict[Any, Any], dtype: type) -> Any:
    """Evaluate as a kernel of that dtype would: every step rounded, atoms from the math file."""
    if node in point:
        return dtype(point[node])
    if node.is_Number:
        return dtype(float(node))
    parts = [rounded(part, point, dtype) for part in node.args]
    with np.errstate(all="ignore"):
        if isinstance(node, Add):
            return dtype(sum(parts[1:], parts[0]))
        if isinstance(node, Mul):
            return dtype(math.prod(parts[1:], start=parts[0]))
        if isinstance(node, Pow):
            return dtype(parts[0] ** parts[1])
        if type(node) in NUMPY:
            return dtype(NUMPY[type(node)](*parts))
        return dtype(getattr(cpu, FUNCTIONS[type(node)])(*parts))


def error(found: Any, wanted: Any) -> float:
    """The relative error; infinite where the result is not finite and the exact one is."""
    if not np.isfinite(found):
        return math.inf
    return float(abs(mpf(float(found)) - wanted) / abs(wanted)) if wanted else float(abs(found))
