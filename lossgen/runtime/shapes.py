"""Where the rows and the axes of each argument lie, and what must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from .errors import ArgumentError, ArgumentTypeError
from .interface import Argument, Interface

Shape = tuple[int, ...]
Places = tuple[tuple[str, tuple[int, ...]], ...]
"""Where axes lie, by name; a tuple of pairs, so that it can be a key."""


class Placement(NamedTuple):
    """How an array is read as rows: leading shape, extents of the axes, order of its dimensions.

    `order` is None where rows come first and axes last already. `stretched`: a 0-d value that
    stands for every row.
    """

    leading: Shape
    extents: Shape
    order: tuple[int, ...] | None = None
    stretched: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The common reading of all per-row arguments: leading shape, number of rows, extents by axis.

    `widest` is the largest number of elements of an argument in one row.
    """

    leading: Shape
    count: int
    extents: dict[str, int]
    placements: tuple[Placement, ...]
    widest: int


def read_places(face: Interface, axis: Any, axes: Any) -> Places | None:
    """Return where each named axis lies, from `axis=1` or `axes={"k": (-2, -1)}`."""
    if axis is None and axes is None:
        return None
    if axis is not None:
        if len(face.axes) != 1 or axes is not None:
            raise ArgumentError(
                f"{face.name}: axis= is for losses with one axis, this one has "
                f"{', '.join(face.axes) or 'none'}; say axes={{'{(*face.axes, 'k')[0]}': ...}}."
            )
        axes = {face.axes[0]: axis}
    if not isinstance(axes, Mapping):
        raise ArgumentTypeError(
            f"{face.name}: axes is {axes!r}; it must be a mapping such as {{'k': 1}}."
        )
    found: dict[str, tuple[int, ...]] = {}
    for name, place in axes.items():
        if name not in face.axes:
            raise ArgumentError(
                f"{face.name}: there is no axis {name!r}; it has {', '.join(face.axes) or 'none'}."
            )
        positions: Sequence[Any] = place if isinstance(place, (tuple, list)) else (place,)
        if not all(isinstance(position, (int, np.integer)) for position in positions):
            raise ArgumentTypeError(
                f"{face.name}: axis {name} is said to lie at {place!r}; say an integer or a tuple."
            )
        found[name] = tuple(int(position) for position in positions)
    return tuple(found.items())


def place(loss: str, argument: Argument, shape: Shape, places: Places | None) -> Placement:
    """Return how an array of this shape is read as rows of `argument`."""
    axes = argument.axes
    split = len(shape) - len(axes)
    if split < 0:
        raise ArgumentError(
            f"{loss}: {argument.name} has shape {shape}; it needs at least {len(axes)} "
            f"dimension{'s' if len(axes) > 1 else ''}, for {_along(axes)}."
        )
    if places is None or not any(axis in axes for axis, _ in places):
        return Placement(shape[:split], shape[split:])
    return _moved(loss, argument, shape, places)


def _moved(loss: str, argument: Argument, shape: Shape, places: Places) -> Placement:
    given = {
        axis: tuple(_position(loss, argument.name, shape, at) for at in positions)
        for axis, positions in places
        if axis in argument.axes
    }
    taken = [position for positions in given.values() for position in positions]
    free = [position for position in range(len(shape)) if position not in taken]
    absent = [axis for axis in argument.axes if axis not in given]
    if len(set(taken)) != len(taken) or len(absent) > len(free):
        raise ArgumentError(
            f"{loss}: the dimensions said to hold {_along(argument.axes)} overlap or are too few "
            f"in {argument.name}, of shape {shape}."
        )
    rows, rest = free[: len(free) - len(absent)], free[len(free) - len(absent) :]
    given.update({axis: (position,) for axis, position in zip(absent, rest, strict=True)})
    order = (*rows, *(position for axis in argument.axes for position in given[axis]))
    extents = tuple(prod(shape[at] for at in given[axis]) for axis in argument.axes)
    return Placement(tuple(shape[at] for at in rows), extents, order)


def _position(loss: str, name: str, shape: Shape, at: int) -> int:
    if not -len(shape) <= at < len(shape):
        raise ArgumentError(
            f"{loss}: {name} has shape {shape} and no dimension {at}; "
            "axis= and axes= count the dimensions of each argument."
        )
    return at % len(shape)


@lru_cache(maxsize=1024)
def match(face: Interface, shapes: tuple[Shape, ...], places: Places | None) -> Rows:
    """Return the common reading of the per-row arguments; remembered, since shapes recur.

    Leading shapes must be equal; only 0-d values of arguments without axes are stretched.

    Raises:
        ArgumentError: naming both arguments and both shapes, and the line to write.
    """
    placements = [
        place(face.name, argument, shape, places)
        for argument, shape in zip(face.public, shapes, strict=True)
    ]
    leading: Shape | None = None
    reference = 0
    for index, placement in enumerate(placements):
        if shapes[index] == ():
            continue
        if leading is None:
            leading, reference = placement.leading, index
        elif placement.leading != leading:
            raise ArgumentError(_unequal(face, shapes, placements, reference, index))
    leading = () if leading is None else leading
    if leading:
        placements = [
            placement._replace(stretched=True) if shapes[index] == () else placement
            for index, placement in enumerate(placements)
        ]
    extents = _extents(face, placements)
    widest = max(prod(placement.extents) for placement in placements)
    return Rows(leading, prod(leading), extents, tuple(placements), max(widest, 1))


def _extents(face: Interface, placements: Sequence[Placement]) -> dict[str, int]:
    extents: dict[str, int] = {}
    owner: dict[str, int] = {}
    for index, (argument, placement) in enumerate(zip(face.public, placements, strict=True)):
        for axis, extent in zip(argument.axes, placement.extents, strict=True):
            if extents.setdefault(axis, extent) != extent:
                other = face.public[owner[axis]].name
                columns = axis == argument.axes[-1] and placement.order is None
                unit = "columns" if columns else f"elements along {axis}"
                both = "both run" if other != argument.name else "its dimensions both run"
                raise ArgumentError(
                    f"{face.name}: {argument.name} has {extent} {unit}, {other} has "
                    f"{extents[axis]}; {both} over axis {axis}."
                )
            owner.setdefault(axis, index)
    return extents


def with_shared(
    face: Interface, extents: Mapping[str, int], arrays: Sequence[np.ndarray | None]
) -> dict[str, int]:
    """Return the extents of all axes, those that only shared arrays have included.

    Raises:
        ArgumentError: when the shape of a shared array does not fit its axes.
    """
    known = dict(extents)
    for argument, array in zip(face.shared, arrays, strict=True):
        if array is None:
            continue
        if array.ndim != len(argument.axes):
            raise ArgumentError(
                f"{face.name}: {argument.name} has shape {array.shape}; it is shared by all rows "
                f"and has {_along(argument.axes)} only."
            )
        for axis, extent in zip(argument.axes, array.shape, strict=True):
            if known.setdefault(axis, extent) != extent:
                raise ArgumentError(
                    f"{face.name}: {argument.name} has {extent} elements along {axis}, the "
                    f"arguments before it have {known[axis]}; all run over axis {axis}."
                )
    return known


def _along(axes: Sequence[str]) -> str:
    return f"{'axis' if len(axes) == 1 else 'the axes'} {', '.join(axes)}"


def _unequal(
    face: Interface,
    shapes: Sequence[Shape],
    placements: Sequence[Placement],
    first: int,
    second: int,
) -> str:
    left, right = face.public[first], face.public[second]
    line = ""
    if placements[first].order is None and placements[second].order is None:
        line = _line(left, right, placements[first].leading, placements[second].leading)
    leading = "shapes" if not face.axes else f"shapes before {_along(face.axes)}"
    return (
        f"{face.name}: {left.name} has shape {shapes[first]}, {right.name} has shape "
        f"{shapes[second]}; their {leading} must be equal.{line}"
    )


def _line(left: Argument, right: Argument, a: Shape, b: Shape) -> str:
    """Return the line to write, where there is an obvious one: `target[:, None]`."""
    for more, less, long, short in ((left, right, a, b), (right, left, b, a)):
        if long[:-1] == short and long[-1:] == (1,):
            drop = f"{more.name}[..., 0{', :' * len(more.axes)}]"
            new = "[:, None]" if len(short) == 1 else "[..., None]"
            return f" Write {drop}." if less.axes else f" Write {less.name}{new}, or {drop}."
    if left.axes == right.axes:
        for less, long, short in ((right, a, b), (left, b, a)):
            try:
                fits = np.broadcast_shapes(long, short) == long
            except ValueError:
                return ""
            if fits:
                other = left if less is right else right
                return (
                    f" Write numpy.broadcast_to({less.name}, {other.name}.shape) if that is meant."
                )
    return ""
