"""One call, validated: its arrays as rows, its parameters as numbers, its weights and divisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from .arrays import INT64, Array, check_integer, check_real, computed, packed, promoted, read
from .errors import ArgumentError
from .interface import Argument, Interface
from .labels import check_labels, classes, without_ignored
from .operands import Given
from .parameters import parameter
from .prepared import Prepare, prepare_rows
from .shapes import Placement, Rows, match, read_places, with_shared
from .weights import check_label_options, class_weights, combined, flattened, sample_weights, total

DType = np.dtype[Any]
Kind = DType | type | None
"""What dtype an argument has: Python's float or int for such a number, None for a parameter."""
REDUCTIONS = ("mean", "sum", "none")


class Options(NamedTuple):
    """The keywords that every loss takes, with their defaults."""

    reduction: str = "mean"
    sample_weight: object = None
    class_weight: object = None
    ignore_label: object = None
    axis: object = None
    axes: object = None
    out: object = None
    threads: int | None = None


DEFAULT = Options()


@dataclass(slots=True)
class Problem:
    """A call that can no longer fail for its inputs.

    `arrays` are the caller's arrays, in the order of `face.position` (None for a number),
    `result` is the dtype of the results and `dtype` that of the kernel.
    """

    face: Interface
    rows: Rows
    result: DType
    dtype: DType
    arrays: list[Array | None]
    columns: list[Given]
    shared: list[object]
    weight: Array | None
    divisor: float

    def placement(self, name: str) -> Placement:
        """Return how the per-row argument of that name lies."""
        return self.rows.placements[self.face.position[name]]

    def array(self, name: str) -> Array | None:
        """Return what the caller gave as the argument of that name, None for a shared number."""
        return self.arrays[self.face.position[name]]


def build(
    face: Interface,
    prepare: Prepare | None,
    row_values: Sequence[object],
    shared_values: Sequence[object],
    options: Options,
) -> Problem:
    """Validate a call.

    Raises:
        ArgumentError, ArgumentTypeError: for everything that is wrong with its inputs.
    """
    if options.reduction not in REDUCTIONS:
        raise ArgumentError(
            f"{face.name}: reduction is {options.reduction!r}; it must be 'mean', 'sum' or 'none'."
        )
    columns = [read(face.name, a.name, v) for a, v in zip(face.public, row_values, strict=True)]
    arrays: list[Array | None] = [*columns, *_shared_arrays(face, shared_values)]
    places = None
    if options is not DEFAULT:
        places = read_places(face, options.axis, options.axes)
    rows = match(face, tuple([array.shape for array in columns]), places)
    values = (*row_values, *shared_values)
    kinds = tuple([_kind(value, array) for value, array in zip(values, arrays, strict=True)])
    result, dtype = dtypes(face, kinds)
    extents = rows.extents
    if not face.scalars:
        extents = with_shared(face, extents, arrays[len(columns) :])
    shared = _constants(face, shared_values, arrays[len(columns) :], dtype, extents)
    if options is DEFAULT and not face.integers:
        given = [
            Given(as_rows(array, placement, rows), dtype)
            for array, placement in zip(columns, rows.placements, strict=True)
        ]
        weight, divisor = None, float(rows.count)
    else:
        weight, given = _weighted(face, columns, rows, extents, dtype, options)
        divisor = total(face, weight, rows.count) if options.reduction == "mean" else 1.0
    if face.prepared:
        given += _prepared_columns(face, prepare, given, rows.count, extents)
    return Problem(face, rows, result, dtype, arrays, given, shared, weight, divisor)


def as_rows(array: Array, placement: Placement, rows: Rows) -> Array:
    """Return `array` as (rows, *extents), a view where one exists."""
    leading, extents, order, stretched = placement
    if stretched:
        return np.broadcast_to(array, (rows.count,))
    if order is not None:
        array = array.transpose(order)
    elif len(leading) == 1:
        return array
    return array.reshape((rows.count, *extents))


@lru_cache(maxsize=1024)
def dtypes(face: Interface, kinds: tuple[Kind, ...]) -> tuple[DType, DType]:
    """Return the dtype of the results and that of the kernel, from those of all arguments.

    Python's numbers take the dtype of the arrays they meet.

    Raises:
        ArgumentTypeError: for a dtype that is neither real nor, for labels, integer.
    """
    floats: list[DType] = []
    for argument, kind in zip((*face.public, *face.shared), kinds, strict=True):
        if kind is None:
            continue
        dtype: DType = np.dtype(kind) if isinstance(kind, type) else kind
        if argument.integer:
            check_integer(face.name, argument.name, dtype)
        else:
            check_real(face.name, argument.name, dtype)
            if dtype is kind:
                floats.append(dtype)
    result = promoted(floats)
    return result, computed(result)


def _kind(value: object, array: Array | None) -> Kind:
    kind = type(value)
    if kind is float or kind is int:
        return kind if array is not None else None
    return None if array is None else array.dtype


def _shared_arrays(face: Interface, values: Sequence[object]) -> list[Array | None]:
    if face.scalars:
        return [None] * len(values)
    return [
        None if argument.scalar else read(face.name, argument.name, value)
        for argument, value in zip(face.shared, values, strict=True)
    ]


def _constants(
    face: Interface,
    values: Sequence[object],
    arrays: Sequence[Array | None],
    dtype: DType,
    extents: Mapping[str, int],
) -> list[object]:
    """Return the shared arguments as the kernel gets them: numbers and contiguous arrays."""
    return [
        parameter(face.name, argument, value, dtype)
        if array is None
        else _shared_array(face, argument, array, dtype, extents)
        for argument, value, array in zip(face.shared, values, arrays, strict=True)
    ]


def _shared_array(
    face: Interface, argument: Argument, array: Array, dtype: DType, extents: Mapping[str, int]
) -> object:
    if not argument.integer:
        return packed(array, dtype)
    check_labels(face.name, argument, array, extents)
    return packed(array, INT64) if argument.axes else int(array)


def _weighted(
    face: Interface,
    arrays: Sequence[Array],
    rows: Rows,
    extents: Mapping[str, int],
    dtype: DType,
    options: Options,
) -> tuple[Array | None, list[Given]]:
    """Return the row weights and the rows of each argument, labels checked and masked."""
    check_label_options(face, options.class_weight, options.ignore_label)
    weight = sample_weights(face, options.sample_weight, rows.leading)
    columns = []
    for argument, array, placement in zip(face.public, arrays, rows.placements, strict=True):
        if not argument.integer:
            columns.append(Given(as_rows(array, placement, rows), dtype))
            continue
        kept = None
        if argument is face.label:
            array, kept = without_ignored(array, options.ignore_label)
        check_labels(face.name, argument, array, extents)
        if argument is face.label and (kept is not None or options.class_weight is not None):
            count = classes(face.name, argument, extents)
            table = class_weights(face, options.class_weight, count)
            weight = combined(weight, table, array, kept)
        columns.append(Given(as_rows(array, placement, rows), INT64))
    if weight is not None and weight.shape != rows.leading:
        weight = np.broadcast_to(weight, rows.leading)
    return flattened(weight, dtype), columns


def _prepared_columns(
    face: Interface,
    prepare: Prepare | None,
    columns: Sequence[Given],
    count: int,
    extents: Mapping[str, int],
) -> list[Given]:
    assert prepare is not None
    given = [packed(column.array, column.dtype) for column in columns]
    arrays = prepare_rows(face, prepare, given, extents, count)
    return [Given(array, INT64) for array in arrays]
