"""What a kernel on a device reads: the arguments of a call, validated and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrays import INT64, check_real, same_shape
from .errors import ArgumentError
from .interface import Argument, Interface
from .memory import DeviceArray, Memory
from .parameters import parameter
from .prepared import Prepare, prepare_rows
from .problem import Options, dtypes
from .shapes import match, with_shared


class Inputs:
    """The inputs of one call.

    `arrays` are the caller's, by name (None for a number), `columns` the per-row arguments as
    (rows, ...), `constants` the shared ones, `weight` an empty array where there are no weights.
    """

    def __init__(self, face: Interface, memory: Memory, options: Options) -> None:
        self.face = face
        self.memory = memory
        self.options = options
        self.vector: DeviceArray | None = None

    def read(
        self, values: tuple[Sequence[object], Sequence[object]], prepare: Prepare | None
    ) -> None:
        """Validate everything but the vector of a product."""
        face, given = self.face, [*values[0], *values[1]]
        arguments = (*face.public, *face.shared)
        self.arrays = {a.name: self._array(a, v) for a, v in zip(arguments, given, strict=True)}
        self.rows = match(face, tuple([self.shape(a.name) for a in face.public]), None)
        kinds = tuple([self._kind(a, v) for a, v in zip(arguments, given, strict=True)])
        self.result, self.dtype = dtypes(face, kinds)
        held = [self.arrays[argument.name] for argument in face.shared]
        self.extents = with_shared(face, self.rows.extents, held)
        self.columns = [self._column(a, v) for a, v in zip(face.public, values[0], strict=True)]
        self.constants = [self._constant(a, v) for a, v in zip(face.shared, values[1], strict=True)]
        if face.prepared:
            assert prepare is not None
            self.columns += self._prepared(prepare)
        self.weight, self.divisor = self._weights()

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of what the caller gave as an argument."""
        array = self.arrays[name]
        return () if array is None else tuple(array.shape)

    def row_shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an argument in one row, or of a shared one."""
        return tuple(self.extents[axis] for axis in self.face.argument(name).axes)

    def _array(self, argument: Argument, value: Any) -> DeviceArray | None:
        if argument.scalar or (type(value) in (int, float) and not argument.axes):
            return None
        return self.memory.read(argument.name, value)

    def _kind(self, argument: Argument, value: object) -> Any:
        array = self.arrays[argument.name]
        if array is not None:
            return array.dtype
        return None if argument.scalar else type(value)

    def _column(self, argument: Argument, value: Any) -> DeviceArray:
        """Return a per-row argument as (rows, ...), in the dtype of the kernel."""
        array, dtype = self.arrays[argument.name], INT64 if argument.integer else self.dtype
        count = self.rows.count
        if array is None or (self.shape(argument.name) == () and self.rows.leading):
            number = value if array is None else array.copy_to_host()[()]
            column = self.memory.filled((count,), number, dtype)
        else:
            rows = array.reshape(count, *self.row_shape(argument.name))
            column = self.memory.converted(rows, dtype)
        self.memory.check_labels(argument, column, self.extents)
        return column

    def _constant(self, argument: Argument, value: Any) -> Any:
        array = self.arrays[argument.name]
        if array is None and argument.integer:
            return np.int64(value)
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

    def _weights(self) -> tuple[DeviceArray, float]:
        """Return the weights of the rows, and what a mean divides by."""
        given = self.options.sample_weight
        if given is None:
            return self.memory.absent(0, self.dtype), float(self.rows.count)
        weight = self.memory.read("sample_weight", given)
        check_real(self.face.name, "sample_weight", weight.dtype)
        same_shape(self.face.name, "sample_weight", tuple(weight.shape), self.rows.leading)
        weight = self.memory.converted(weight.reshape(self.rows.count), self.dtype)
        divisor = self.memory.sum(weight) if self.options.reduction == "mean" else 1.0
        if divisor == 0.0 and weight.size and np.any(weight.copy_to_host()):
            raise ArgumentError(
                f"{self.face.name}: the weights sum to 0, so there is no mean; say reduction='sum'."
            )
        return weight, divisor

    def read_vector(self, name: str, vector: object) -> None:
        """Validate the vector of a Hessian-vector product with respect to `name`."""
        array = self.memory.read("vector", vector)
        check_real(self.face.name, "vector", array.dtype)
        same_shape(self.face.name, f"vector, like {name},", tuple(array.shape), self.shape(name))
        rows = array.reshape(self.rows.count, *self.row_shape(name))
        self.vector = self.memory.converted(rows, self.dtype)
