"""What the laws are tested on: a loss with arguments, called through its fused kernel.

The budget: compiling is what costs. A loss is called through one fused form (value, gradient and
Hessian diagonal; or value and gradients) with weights and reduced, in one dtype, which rotates with
the name; without both, as the checks call it, in two dtypes; and its value is called alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
from laws.sampler import sample

import lossgen
from lossgen.runtime import Loss

DTYPES = (np.float32, np.float64)


@dataclass(frozen=True)
class Subject:
    """A loss with arguments of one dtype, and integer weights from 1 to 3 for its rows."""

    loss: Loss
    dtype: type
    arguments: dict[str, np.ndarray]
    shared: dict[str, Any]
    weight: np.ndarray = field(repr=False)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.weight)

    @property
    def fused(self) -> bool:
        """Whether the Hessian diagonal is part of the fused form."""
        return self.loss.interface["hessian_diagonal"] and self.loss.interface["second"] is not None

    @property
    def wrt(self) -> tuple[str, ...]:
        """The arguments whose gradients the fused form gives, in the order of the results."""
        if self.fused:
            return (self.loss.interface["second"],)
        return tuple(name for name in self.loss.interface["gradients"] if name in self.arguments)

    @property
    def derived(self) -> tuple[str, ...]:
        """The argument of each derivative that `call` returns."""
        return self.wrt * 2 if self.fused else self.wrt

    def call(self, arguments: dict[str, Any] | None = None, **options: Any) -> list[Any]:
        """Return the value and the derivatives of the fused form, weighted, as one list."""
        return self.fused_call(arguments, **{"sample_weight": self.weight, **options})

    def each(self, arguments: dict[str, Any] | None = None) -> list[Any]:
        """Return the loss and the derivatives of each row, without weights."""
        return self.fused_call(arguments, reduction="none")

    def fused_call(self, arguments: dict[str, Any] | None = None, **options: Any) -> list[Any]:
        """Return the value and the derivatives of the fused form as one list."""
        given = {**(arguments or self.arguments), **self.shared, **options}
        if self.fused:
            return list(self.loss.derivatives(**given))
        value, gradients = self.loss.value_and_gradient(**given, wrt=self.wrt)
        return [value, *gradients]

    def value(self, arguments: dict[str, Any] | None = None, **options: Any) -> Any:
        """Return the value alone, weighted, from its own kernel."""
        options = {"sample_weight": self.weight, **options}
        return self.loss(**(arguments or self.arguments), **self.shared, **options)

    def take(self, rows: Any) -> dict[str, np.ndarray]:
        """Return the arguments of some rows, by index or mask."""
        return {name: array[rows] for name, array in self.arguments.items()}


def make(loss: Loss, dtype: type, seed: int = 0) -> Subject:
    """Return the subject of a loss: tame arguments and weights, decided by name and seed."""
    seed += crc32(loss.name.encode())
    # Drawn in float32, so that both dtypes get the same numbers.
    arguments, shared = sample(loss.interface, seed, np.float32)
    weight = np.random.default_rng(seed).integers(1, 4, len(next(iter(arguments.values()))))
    return Subject(
        loss, dtype, _of_dtype(arguments, dtype), _of_dtype(shared, dtype), weight.astype(dtype)
    )


@cache
def shipped(name: str) -> Subject:
    """Return the subject of a shipped loss, in the dtype whose turn it is."""
    return make(getattr(lossgen.losses, name), DTYPES[crc32(name.encode()) % 2])


def _of_dtype(values: dict[str, Any], dtype: type) -> dict[str, Any]:
    return {
        name: value.astype(dtype) if getattr(value, "dtype", np.dtype(int)).kind == "f" else value
        for name, value in values.items()
    }
