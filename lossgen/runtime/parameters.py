"""Scalar parameters: rounded once to the dtype of the kernel, then checked against their domain."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import c_float
from numbers import Real
from typing import Final

import numpy as np

from .errors import ArgumentError, ArgumentTypeError
from .interface import Argument

DOMAINS: Final[dict[str, tuple[Callable[[float], bool], str]]] = {
    "Real": (lambda value: True, "a finite number"),
    "Positive": (lambda value: value > 0.0, "a finite number greater than 0"),
    "NonNegative": (lambda value: value >= 0.0, "a finite number, at least 0"),
    "Unit": (lambda value: 0.0 <= value <= 1.0, "between 0 and 1"),
    "OpenUnit": (lambda value: 0.0 < value < 1.0, "between 0 and 1, both excluded"),
    "Sign": (lambda value: abs(value) == 1.0, "-1 or +1"),
}

_TRUTH: tuple[type, ...] = (bool,)


def parameter(loss: str, argument: Argument, value: object, dtype: np.dtype) -> float:
    """Return `value` as the float that the kernel sees: rounded to `dtype` and in its domain."""
    if type(value) is not float:
        value = _number(loss, argument.name, value)
    # c_float rounds as the hardware does, in a tenth of the time of numpy.float32.
    rounded = c_float(value).value if dtype.itemsize == 4 else value
    inside, expected = DOMAINS[argument.domain]
    if inside(rounded) and math.isfinite(rounded):
        return rounded
    found = f"{value}" if rounded == value or value != value else f"{value}, {rounded} in {dtype},"
    raise ArgumentError(f"{loss}: {argument.name} is {found} and must be {expected}.")


def _number(loss: str, name: str, value: object) -> float:
    if isinstance(value, Real) and not isinstance(value, _TRUTH):
        return float(value)
    shape = getattr(value, "shape", None)
    if shape == () and not isinstance(value, np.generic) and np.asarray(value).dtype.kind in "fiu":
        return float(value)  # type: ignore[arg-type]
    if shape is not None and shape != ():
        raise ArgumentError(
            f"{loss}: {name} has shape {tuple(shape)}; it is one number, shared by all rows."
        )
    raise ArgumentTypeError(
        f"{loss}: {name} is {value!r}, a {type(value).__name__}; it must be a number."
    )
