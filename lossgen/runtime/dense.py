"""The dense Hessian of each row, made of Hessian-vector products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import Array, read
from .errors import ArgumentError
from .requests import product

if TYPE_CHECKING:
    from .loss import Loss


def dense(loss: Loss, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Return the Hessians: (..., k, k) for axis k, (..., n, d, n, d) for two, (...) for none.

    Raises:
        ArgumentError: for `out=` and for axes that do not lie last.
    """
    for option in ("axis", "axes", "out"):
        if named.get(option) is not None:
            raise ArgumentError(
                f"{loss.name}: hessian takes no {option}=; it returns a fresh array, axes last."
            )
    face = loss._face
    name = product(face).slots[0]
    shape = _given(loss, name, arguments, named).shape
    axes = len(face.argument(name).axes)
    if axes == 0:
        return loss.hessian_vector_product(*arguments, vector=np.ones(shape), **named)
    row = shape[len(shape) - axes :]
    columns = [
        loss.hessian_vector_product(
            *arguments, vector=np.broadcast_to(unit.reshape(row), shape), **named
        )
        for unit in np.eye(int(np.prod(row)))
    ]
    return np.stack(columns, axis=-1).reshape((*shape, *row)) if columns else np.empty(shape + row)


def _given(loss: Loss, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Array:
    """Return the array that a call gives as the argument `name`."""
    position = loss._face.position[name]
    given = arguments[position] if position < len(arguments) else named.get(name)
    return read(loss.name, name, given)
