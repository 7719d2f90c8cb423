"""Points for programs: arguments drawn by domain and axes, with a seed, clear of kinks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from mpmath import mpf

from lossgen.language.entry import Argument, Entry
from lossgen.language.program import Program

EXTENTS = (3, 2, 4)


def point_of(
    entry: Entry, seed: int = 0, extents: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return an argument of each name; square matrices are not symmetric, labels meet twice."""
    rng = random.Random(f"{entry.name} {seed}")
    sizes = {**extents_of(entry), **(extents or {})}
    return {a.name: _nested(rng, a, sizes, a.domain.axes) for a in entry.arguments}


def extents_of(entry: Entry) -> dict[str, int]:
    """Return an extent for each axis, those that labels point into included."""
    axes: dict[str, None] = {}
    for argument in entry.arguments:
        axes.update(dict.fromkeys(argument.domain.axes))
        if argument.domain.values:
            axes[argument.domain.values] = None
    return {axis: EXTENTS[at % len(EXTENTS)] for at, axis in enumerate(axes)}


def _nested(rng: random.Random, argument: Argument, sizes: Mapping[str, int], axes: Any) -> Any:
    if axes:
        return [_nested(rng, argument, sizes, axes[1:]) for _ in range(sizes[axes[0]])]
    domain = argument.domain
    if domain.values is not None:
        return rng.randrange(sizes[domain.values])
    if domain.integer:
        return rng.randrange(3)
    if domain.name == "Sign":
        return mpf(rng.choice((-1, 1)))
    if argument.default is not None:
        return mpf(argument.default) + mpf(rng.randrange(1, 64)) / 256
    low, high = (0.1, 0.9) if domain.high == 1 else (0.25 if domain.low == 0 else -2, 2)
    return mpf(rng.uniform(low, high))


def random_like(program: Program, name: str, point: Mapping[str, Any], seed: int = 1) -> Any:
    """Return a direction of the shape of an argument."""
    rng = random.Random(seed)

    def like(array: Any) -> Any:
        return [like(row) for row in array] if isinstance(array, list) else mpf(rng.uniform(-1, 1))

    return like(point[name])


def moved(array: Any, place: tuple[int, ...], step: Any) -> Any:
    """Return the array with one element moved."""
    if not place:
        return array + step
    return [moved(row, place[1:], step) if at == place[0] else row for at, row in enumerate(array)]


def along(array: Any, direction: Any, step: Any) -> Any:
    """Return array + step * direction."""
    if isinstance(array, list):
        return [along(row, way, step) for row, way in zip(array, direction, strict=True)]
    return array + step * direction
