"""What the public methods of a loss give at an array of numbers, output by output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lossgen.runtime import Loss

from .subjects import Subject

Outputs = Mapping[str, Any]
FLOAT64 = np.dtype(np.float64)


def fused(loss: Loss, subject: Subject, x: Any) -> Outputs:
    """Return value, gradient and Hessian diagonal at each number of `x`, in one pass."""
    given = {**subject.arguments(x), "reduction": "none", "threads": 1}
    if not loss.interface["hessian_diagonal"]:
        value, slope = loss.value_and_gradient(**given, wrt=subject.moving)
        return {"value": value, f"d_{subject.moving}": slope}
    value, slope, bend = loss.derivatives(**given)
    return {"value": value, f"d_{subject.moving}": slope, f"h_{subject.moving}": bend}


def value(loss: Loss, subject: Subject, x: Any) -> Outputs:
    """Return the value alone."""
    return {"value": loss(**subject.arguments(x), reduction="none", threads=1)}


def gradient(loss: Loss, subject: Subject, x: Any) -> Outputs:
    """Return the gradient alone; that of the sum is that of each row."""
    given = {**subject.arguments(x), "reduction": "sum", "threads": 1}
    return {f"d_{subject.moving}": loss.gradient(**given, wrt=subject.moving)}


def value_and_gradient(loss: Loss, subject: Subject, x: Any) -> Outputs:
    """Return value and gradient in one pass."""
    given = {**subject.arguments(x), "reduction": "none", "threads": 1}
    found, slope = loss.value_and_gradient(**given, wrt=subject.moving)
    return {"value": found, f"d_{subject.moving}": slope}


# What else can be called: each a kernel of its own, which must give the bits of the fused one or is
# measured itself.
OTHERS: dict[str, Callable[[Loss, Subject, Any], Outputs]] = {
    "value": value,
    "gradient": gradient,
    "value_and_gradient": value_and_gradient,
}


def single(loss: Loss, subject: Subject, x: Any) -> dict[str, Any]:
    """Return the outputs in float32 by `output`, and by `output of form` where the bits differ."""
    found = dict(fused(loss, subject, x))
    for form, call in OTHERS.items():
        for output, array in call(loss, subject, x).items():
            if not same_bits(found[output], array):
                found[f"{output} of {form}"] = array
    return found


def same_bits(one: Any, other: Any) -> bool:
    """Whether two arrays of float32 hold the same bits; any NaN is like any other."""
    alike = one.view(np.uint32) == other.view(np.uint32)
    return bool(alike.all()) or bool((alike | (np.isnan(one) & np.isnan(other))).all())


def double(loss: Loss, subject: Subject, x: Any) -> Outputs:
    """Return the outputs of the float64 kernel at float32 numbers, which it takes exactly."""
    with np.errstate(invalid="ignore"):  # of NaN with any payload
        return fused(loss, subject, x.astype(FLOAT64))
