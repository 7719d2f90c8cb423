"""Integer arguments that a loss computes from the others, row by row, before its kernel runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from .arrays import Array
from .errors import ArgumentError, DependencyError
from .interface import Argument, Interface

Prepare = Callable[..., Mapping[str, Any]]


@lru_cache
def resolve(reference: str) -> Prepare:
    """Return the function that "module:function" names, with dots for what lies inside a class."""
    module, _, path = reference.partition(":")
    try:
        found: Any = sys.modules.get(module) or import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError) as error:
        raise DependencyError(
            f"the function {reference}, which a loss needs, is not there"
        ) from error
    return found


def prepare_rows(
    face: Interface,
    function: Prepare,
    columns: Sequence[Array],
    extents: Mapping[str, int],
    rows: int,
) -> list[Array]:
    """Return the prepared arguments as int64 arrays of shape (rows, *axes).

    `columns` are the public per-row arguments, each of shape (rows, ...); `function` gets one row
    of each by name and returns the arrays by name.

    Raises:
        ArgumentError: when what it returns has a wrong name, shape, dtype or value.
    """
    wanted = [argument for argument in face.rows if argument.name in face.prepared]
    results = [
        np.empty((rows, *(extents[axis] for axis in argument.axes)), np.int64)
        for argument in wanted
    ]
    names = [argument.name for argument in face.public]
    for row in range(rows):
        given = {name: column[row] for name, column in zip(names, columns, strict=True)}
        found = function(**given)
        for argument, result in zip(wanted, results, strict=True):
            result[row] = _checked(face, argument, found, result.shape[1:], extents, row)
    return results


def _checked(
    face: Interface,
    argument: Argument,
    found: Mapping[str, Any],
    shape: tuple[int, ...],
    extents: Mapping[str, int],
    row: int,
) -> Array:
    where = f"{face.name}: prepare returned, for row {row},"
    if argument.name not in found:
        raise ArgumentError(
            f"{where} no {argument.name}; it must return {', '.join(face.prepared)}."
        )
    array = np.asarray(found[argument.name])
    if array.dtype.kind not in "iu" or array.shape != shape:
        raise ArgumentError(
            f"{where} {argument.name} of dtype {array.dtype} and shape {array.shape}; "
            f"it must be integers of shape {shape}."
        )
    if argument.values is not None and array.size:
        extent = extents[argument.values]
        if array.min() < 0 or array.max() >= extent:
            raise ArgumentError(
                f"{where} {argument.name} with values {array.min()} .. {array.max()}; "
                f"they must be in 0 .. {extent - 1}, the positions along {argument.values}."
            )
    return array
