"""The bounds on errors, in the unit of `jets`, each with its reason; and one error in that unit.

There is one table. A loss has no bound of its own: where a kernel cannot meet these, the unit is
wrong or the kernel is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import (
    Abs,
    Basic,
    Function,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Symbol,
    preorder_traversal,
    sign,
)  # fmt: skip

from lossgen.language.entry import Entry

from .jets import Part, magnitude


@dataclass(frozen=True)
class Bound:
    """A largest error in ulps, and why not less."""

    ulps: float
    reason: str


ATOM = Bound(4, "one atom of 1 to 2 ulp, and two or three roundings around it")
ATOMS = Bound(8, "a product of two atoms of 1 to 2 ulp each, and the roundings around them")
FOLDED = Bound(8, "a sum over an axis of atoms of 1 to 2 ulp, then an atom of that sum")
CURVED = Bound(16, "a second derivative has one or two factors more than the first")


def bound_of(output: str, entry: Entry) -> Bound:
    """Return the bound of an output by its name: value, d_x, h_x or hv_x."""
    if output.startswith("h"):
        return CURVED
    if any(argument.domain.axes for argument in entry.arguments):
        return FOLDED
    return ATOMS if multiplies_atoms(entry) else ATOM


def multiplies_atoms(entry: Entry) -> bool:
    """Whether the formula, as it was written, multiplies two functions that are no arithmetic."""
    known = {definition.name: definition.expression for definition in entry.definitions}
    formulas = [entry.value, *known.values()]
    products = [node for formula in formulas for node in formula.atoms(Mul)]
    return any(sum(has_atom(factor, known) for factor in node.args) > 1 for node in products)


def has_atom(node: Basic, known: Mapping[str, Basic]) -> bool:
    """Whether a function, or a power that is no product of its base, stands in an expression."""
    for part in preorder_traversal(node):
        if isinstance(part, Function) and not isinstance(part, Abs | sign | Max | Min | Piecewise):
            return True
        if isinstance(part, Pow) and not part.exp.is_Integer:
            return True
        named = known.get(part.name) if isinstance(part, Symbol) else None
        if named is not None and has_atom(named, known):
            return True
    return False


# Sizes are logarithms of base 2: so much apart, the largest term is not the result.
_SAME = 1e-6


def unit(size: float, dtype: np.dtype[Any]) -> Any:
    """Return the ulp of 2**size; below the normal numbers, 16 of the smallest subnormals.

    Where the result is subnormal, so was what it was computed from, whose half a smallest subnormal
    the parameters multiply: width^2 (sqrt(1 + (r / width)^2) - 1) at r = 1e-20.
    """
    limits = np.finfo(dtype)
    if size < limits.minexp:
        return mp.ldexp(mpf(1), limits.minexp - limits.nmant + 4)
    return mp.ldexp(mpf(1), math.floor(size) - limits.nmant)


def error(found: float, wanted: Part, dtype: np.dtype[Any]) -> float:
    """Return |found - wanted| in ulps of the larger of the result and its largest term.

    An infinite result must be the same infinity; where the exact number is beyond the largest
    float, infinity is right too. NaN where the exact number exists is an infinite error.
    """
    number, size = wanted
    if math.isinf(found) or mp.isinf(number):
        return 0.0 if overflows(number, found, dtype) else math.inf
    if math.isnan(found):
        return math.inf
    difference = abs(mpf(found) - number)
    return float(difference / unit(max(size, magnitude(number)), dtype)) if difference else 0.0


def is_beyond(found: float, wanted: Part, dtype: np.dtype[Any]) -> bool:
    """Whether a term of the result is larger than any float, and the kernel got no number.

    The unit is an ulp of the largest term, here larger than any float itself: nothing follows, as
    for the slope of |x - y| / (x + y) at two subnormal numbers, inf - inf where 0 is exact, and for
    the curvature (1 - u^2) / |x - y| there, which is that large itself. Where the result is its own
    largest term, or infinite, NaN is wrong; an infinity of the wrong sign is wrong everywhere.
    """
    number, size = wanted
    top, own = np.finfo(dtype).maxexp, magnitude(number)
    if math.isfinite(found) or mp.isinf(number) or size < top:
        return False
    return own < top or (math.isnan(found) and own < size - _SAME)


def overflows(number: Any, found: float, dtype: np.dtype[Any]) -> bool:
    """Whether `found` is infinite and stands rightly for `number`."""
    largest = mpf(float(np.finfo(dtype).max)) * (1 - mpf(2) ** -20)
    return math.isinf(found) and abs(number) > largest and (number > 0) == (found > 0)
