"""Derivatives of a program by differences of its value, at 60 digits: a step of 1e-15 leaves 1e-28.

Only the value program is asked, so nothing that derives is part of what it is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath as mp
from derive.evaluator import Run, placed
from derive.points import along, moved
from mpmath import mpf

from lossgen.language.program import Program

DIGITS = 60
STEP = mpf(10) ** -15
CLOSE = mpf(10) ** -20

Point = Mapping[str, Any]
Places = dict[tuple[int, ...], Any]


def value(program: Program, point: Point) -> Any:
    """Return the value."""
    return Run(program, point).output(program.outputs[0])[()]


def gradient(program: Program, point: Point, name: str) -> Places:
    """Return the slope in each element of an argument."""

    def at(place: tuple[int, ...], step: Any) -> Any:
        return value(program, {**point, name: moved(point[name], place, step)})

    return {p: (at(p, STEP) - at(p, -STEP)) / (2 * STEP) for p in placed(point[name])}


def hessian_diagonal(program: Program, point: Point, name: str) -> Places:
    """Return the second derivative in each element of an argument."""
    middle = value(program, point)

    def at(place: tuple[int, ...], step: Any) -> Any:
        return value(program, {**point, name: moved(point[name], place, step)})

    return {p: (at(p, STEP) - 2 * middle + at(p, -STEP)) / STEP**2 for p in placed(point[name])}


def hessian_vector_product(program: Program, point: Point, name: str, vector: Any) -> Places:
    """Return the mixed difference in each element of an argument and along `vector`."""

    def at(place: tuple[int, ...], step: Any, way: Any) -> Any:
        array = along(moved(point[name], place, step), vector, way)
        return value(program, {**point, name: array})

    return {
        p: (
            at(p, STEP, STEP) - at(p, STEP, -STEP) - at(p, -STEP, STEP) + at(p, -STEP, -STEP)
        ) / (4 * STEP**2)
        for p in placed(point[name])
    }  # fmt: skip


def furthest(found: Places, wanted: Places) -> Any:
    """Return the largest difference relative to the largest number, over the places of `wanted`.

    A derivative with a place too few is infinitely far.
    """
    if set(found) != set(wanted):
        return mp.inf
    size = max([mpf(1), *(abs(number) for number in wanted.values())])
    return max((abs(found[p] - wanted[p]) / size for p in wanted), default=mpf(0))
