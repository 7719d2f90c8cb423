"""The bounds on errors, in the unit of `jets`, each with its reason; and one error in that unit.

There is one table. A loss has no bound of its own: where a kernel cannot meet these, the unit is
wrong or the kernel is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf

from .jets import Part, magnitude


@dataclass(frozen=True)
class Bound:
    """A largest error in ulps, and why not less."""

    ulps: float
    reason: str


BOUNDS: dict[str, Bound] = {
    "value": Bound(8, "two atoms of 1 to 2 ulp, their product or quotient, and a sum of roundings"),
    "gradient": Bound(8, "as the value: an adjoint is a product of two or three atoms"),
    "hessian": Bound(8, "as the gradient: one more factor, each within 1 to 2 ulp"),
    "hessian_vector": Bound(8, "as the Hessian; products with the vector round once more"),
}

KINDS = {"value": "value", "d": "gradient", "h": "hessian", "hv": "hessian_vector"}


def bound_of(output: str) -> Bound:
    """Return the bound of an output by its name: value, d_x, h_x or hv_x."""
    return BOUNDS[KINDS[output.partition("_")[0]]]


def unit(size: float, dtype: np.dtype[Any]) -> Any:
    """Return the ulp of 2**size; at and below the subnormal threshold, the smallest subnormal."""
    limits = np.finfo(dtype)
    exponent = limits.minexp if size == -math.inf else max(math.floor(size), limits.minexp)
    return mp.ldexp(mpf(1), exponent - limits.nmant)


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


def overflows(number: Any, found: float, dtype: np.dtype[Any]) -> bool:
    """Whether `found` is infinite and stands rightly for `number`."""
    largest = mpf(float(np.finfo(dtype).max)) * (1 - mpf(2) ** -20)
    return math.isinf(found) and abs(number) > largest and (number > 0) == (found > 0)
