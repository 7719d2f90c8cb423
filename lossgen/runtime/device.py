"""Calls with arrays on a device: validated like all others, computed there, and left there.

A reduced value is the one number that is copied to the host (the sums of chunks of rows are, and
are added up in float64), labels are checked on the device, and a `prepare` of a loss runs on the
host. Not yet offered for device arrays, and refused: axis=, axes=, class_weight=, ignore_label=.
Everything runs on the default stream of the current device.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from . import launch
from .arrays import INT64, check_real, same_shape
from .compile import load
from .errors import ArgumentError, ArgumentTypeError
from .evaluate import Answer
from .interface import Argument, Interface
from .memory import DeviceArray, Memory, is_device_array, toolkit
from .parameters import parameter
from .prepared import Prepare, prepare_rows
from .problem import REDUCTIONS, Options, dtypes
from .requests import Request
from .results import check_out
from .shapes import match, with_shared
from .sources import KernelSource

_REFUSED = ("class_weight", "ignore_label", "axis", "axes")


def answer(
    face: Interface,
    source: KernelSource,
    prepare: Prepare | None,
    request: Request,
    values: tuple[Sequence[object], Sequence[object]],
    options: Options,
    vector: object = None,
) -> Answer:
    """Evaluate one kernel on the device that the arrays lie on.

    Raises:
        ArgumentError, ArgumentTypeError: before anything is computed or written.
        DependencyError: when numba-cuda is not there.
    """
    toolkit(face.name)
    _check_options(face, options)
    module = load(source, "cuda")
    memory = Memory(face.name, sys.modules[f"{module.__package__}._math"])
    call = _Call(face, module, memory, request, options)
    call.read(values, prepare, vector)
    return call.run()


def _check_options(face: Interface, options: Options) -> None:
    if options.reduction not in REDUCTIONS:
        raise ArgumentError(
            f"{face.name}: reduction is {options.reduction!r}; it must be 'mean', 'sum' or 'none'."
        )
    for option in _REFUSED:
        if getattr(options, option) is not None:
            raise ArgumentError(
                f"{face.name}: {option}= is not there yet for arrays on a device; "
                f"{'put the axes last' if option.startswith('ax') else 'give sample_weight='}."
            )


class _Call:
    """One call: what it reads, where it writes, how it is launched."""

    def __init__(
        self,
        face: Interface,
        module: ModuleType,
        memory: Memory,
        request: Request,
        options: Options,
    ) -> None:
        self.face = face
        self.module = module
        self.memory = memory
        self.request = request
        self.options = options

    # what it reads

    def read(
        self,
        values: tuple[Sequence[object], Sequence[object]],
        prepare: Prepare | None,
        vector: object,
    ) -> None:
        """Validate everything that the kernel reads."""
        face, rows, shared = self.face, *values
        self.arrays = {
            argument.name: self._array(argument, value)
            for argument, value in zip((*face.public, *face.shared), (*rows, *shared), strict=True)
        }
        given = [self.arrays[argument.name] for argument in face.public]
        shapes = tuple([() if array is None else tuple(array.shape) for array in given])
        self.rows = match(face, shapes, None)
        kinds = tuple(
            [
                type(value) if array is None and not argument.scalar else getattr(array, "dtype", None)
                for argument, value, array in zip(
                    (*face.public, *face.shared), (*rows, *shared), self.arrays.values(), strict=True
                )
            ]
        )
        self.result, self.dtype = dtypes(face, kinds)
        held = [self.arrays[argument.name] for argument in face.shared]
        self.extents = with_shared(face, self.rows.extents, held)
        self.columns = [self._column(a, v) for a, v in zip(face.public, rows, strict=True)]
        self.constants = [self._constant(a, v) for a, v in zip(face.shared, shared, strict=True)]
        if face.prepared:
            assert prepare is not None
            self.columns += self._prepared(prepare)
        self._read_weight()
        self.vector = self._vector(vector) if self.request.form == "hessian_vector_product" else None

    def _array(self, argument: Argument, value: Any) -> DeviceArray | None:
        """Return an argument as a device array, None for a number."""
        if argument.scalar or (type(value) in (int, float) and not argument.axes):
            return None
        return self.memory.read(argument.name, value)

    def _column(self, argument: Argument, value: Any) -> DeviceArray:
        """Return a per-row argument as (rows, ...), in the dtype of the kernel."""
        array, dtype = self.arrays[argument.name], INT64 if argument.integer else self.dtype
        count = self.rows.count
        if array is None:
            column = self.memory.filled((count,), value, dtype)
        elif tuple(array.shape) == () and self.rows.leading:
            column = self.memory.filled((count,), array.copy_to_host()[()], dtype)
        else:
            extents = [self.extents[axis] for axis in argument.axes]
            column = self.memory.converted(array.reshape(count, *extents), dtype)
        self.memory.check_labels(argument, column, self.extents)
        return column

    def _constant(self, argument: Argument, value: Any) -> Any:
        array = self.arrays[argument.name]
        if array is None:
            return self.dtype.type(parameter(self.face.name, argument, value, self.dtype))
        column = self.memory.converted(array, INT64 if argument.integer else self.dtype)
        self.memory.check_labels(argument, column, self.extents)
        return column

    def _prepared(self, prepare: Prepare) -> list[DeviceArray]:
        """Return the arguments that the loss computes from the others, on the host."""
        columns = [column.copy_to_host() for column in self.columns]
        found = prepare_rows(self.face, prepare, columns, self.extents, self.rows.count)
        return [self.memory.cuda.to_device(array) for array in found]

    def _read_weight(self) -> None:
        """Read the weights, and what a mean divides by."""
        given = self.options.sample_weight
        self.divisor = float(self.rows.count)
        self.weight = self.memory.absent(0, self.dtype)
        if given is None:
            return
        weight = self.memory.read("sample_weight", given)
        check_real(self.face.name, "sample_weight", weight.dtype)
        same_shape(self.face.name, "sample_weight", tuple(weight.shape), self.rows.leading)
        self.weight = self.memory.converted(weight.reshape(self.rows.count), self.dtype)
        self.divisor = self.memory.sum(self.weight)
        # Weights of both signs that cancel are told from no weights by the host, which is rare.
        if self.divisor == 0.0 and self.options.reduction == "mean" and self.weight.size:
            if np.any(self.weight.copy_to_host()):
                raise ArgumentError(
                    f"{self.face.name}: the weights sum to 0, so there is no mean; "
                    "say reduction='sum'."
                )

    def _vector(self, vector: object) -> DeviceArray:
        name = self.request.slots[0]
        array = self.memory.read("vector", vector)
        check_real(self.face.name, "vector", array.dtype)
        like = self.arrays[name]
        shape = () if like is None else tuple(like.shape)
        same_shape(self.face.name, f"vector, like {name},", tuple(array.shape), shape)
        extents = [self.extents[axis] for axis in self.face.argument(name).axes]
        return self.memory.converted(array.reshape(self.rows.count, *extents), self.dtype)

    # what it writes

    def run(self) -> Answer:
        """Launch the kernel, and return its results."""
        self.each = self.options.reduction == "none"
        self.valued = self.request.form in ("value", "value_and_gradient", "derivatives")
        self._check_derivatives()
        losses = self._given_or_new(0) if self.each and self.request.value else None
        if losses is None or losses.dtype != self.dtype:
            kept = self.memory.empty((self.rows.count,), self.dtype) if self.valued else None
        else:
            kept = losses.reshape(self.rows.count)
        summed = any(self._shared(slot) for slot in self.request.targets)
        size = self._launch(summed)
        outputs = [self._output(slot, size.groups) for slot in range(len(self.request.slots))]
        if self.rows.count:
            self._start(size, kept, outputs)
        found = [self._derivative(slot, outputs[slot]) for slot in self.request.targets]
        if not self.request.value:
            return Answer(None, found)
        if not self.each:
            total = self.memory.sum(kept)
            mean = self.options.reduction == "mean"
            return Answer(self._divided(total) if mean else total, found)
        shape = self.rows.leading
        return Answer(self.memory.converted(kept, self.result).reshape(*shape) if shape else
                      self.result.type(kept.copy_to_host()[0]), found)

    def _divided(self, total: float) -> float:
        return total / self.divisor if self.divisor else 0.0
