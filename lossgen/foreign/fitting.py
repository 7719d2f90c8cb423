"""Fitting: a factor, a constant and hidden parameters, so that one list of numbers is another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from lossgen.language.entry import Argument

# Where one formula is meant, float64 leaves less than this; float32 less than that.
_CLOSE, _CLOSE_IN_FLOAT32 = 1e-9, 2e-6
# Where the search for parameters starts; most hidden ones are simple numbers.
_STARTS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_MOST = 2  # parameters that are fitted at once
_SMALLEST, _LARGEST = 1e-2, 1e2  # beyond, every robust loss is a square or a straight line
_SQUARED = 1e150
_FEWEST = 8  # values that tell one loss from another
_DIGITS = (1, 2, 3, 4)  # of simple numbers, tried before the number that was found


@dataclass(frozen=True)
class Fit:
    """`factor * loss(parameters) + constant`."""

    factor: float
    constant: float
    parameters: Mapping[str, float]
    searched: bool = False


def fitted(
    values: Callable[[Mapping[str, float]], Any], found: Any, free: Sequence[Argument]
) -> Fit | None:
    """Return the fit of a loss to the numbers that a function gave; None if it is another.

    `values` computes the loss for given parameters, `free` are those that may have any value.
    """
    plain = line(values({}), found)
    if plain is not None:
        return Fit(*plain, {a.name: a.default for a in free if a.default is not None})
    known = [argument for argument in free if argument.default is not None]
    if not known or len(known) > _MOST:
        return None
    for parameters in _searched(values, found, known):
        if (found_line := line(values(parameters), found)) is not None:
            return Fit(*found_line, parameters, searched=True)
    return None


def line(loss: Any, found: Any) -> tuple[float, float] | None:
    """Return factor and constant of a line through all points; None if they lie on none."""
    usable = _moderate(loss) & _moderate(found)
    if usable.sum() < max(_FEWEST, 0.5 * len(loss)):
        return None
    x, y = loss[usable], found[usable]
    if np.ptp(x) <= _CLOSE_IN_FLOAT32 * np.abs(x).max() or np.ptp(y) == 0:
        return None
    with np.errstate(over="ignore"):
        single = np.array_equal(y, y.astype(np.float32).astype(np.float64))
    limit = _CLOSE_IN_FLOAT32 if single else _CLOSE
    factor, constant, error = _least_squares(x, y)
    if error > limit:
        return None
    return simple(factor), 0.0 if abs(constant) <= 10 * limit * np.median(np.abs(y)) else constant


def _moderate(numbers: Any) -> Any:
    """Whether numbers can be squared."""
    with np.errstate(invalid="ignore"):
        return np.abs(numbers) < _SQUARED


def _least_squares(x: Any, y: Any) -> tuple[float, float, float]:
    """Return factor, constant, and the largest error relative to the number or a middling one."""
    # Without weights the largest numbers alone would decide.
    middling = np.median(np.abs(y)) or np.abs(y).max()
    if not middling:
        return 0.0, 0.0, np.inf
    sizes = np.abs(y) + middling
    columns = np.stack([x, np.ones_like(x)], axis=1) / sizes[:, None]
    (factor, constant), *_ = np.linalg.lstsq(columns, y / sizes, rcond=None)
    error = float((np.abs(factor * x + constant - y) / sizes).max())
    return float(factor), float(constant), error


def simple(number: float) -> float:
    """Return the simple fraction that a number is up to rounding, or the number."""
    for below in range(1, 13):
        above = round(number * below)
        if above and abs(number * below - above) <= 1e-6 * abs(above):
            return above / below
    return number


def _searched(values: Any, found: Any, known: Sequence[Argument]) -> list[dict[str, float]]:
    """Return parameters with which the loss comes near, simple numbers first."""
    from scipy.optimize import minimize

    def named(numbers: Any) -> dict[str, float]:
        return {a.name: float(number) for a, number in zip(known, numbers, strict=True)}

    def distance(numbers: Any) -> float:
        inside = all(a.domain.contains(float(n)) for a, n in zip(known, numbers, strict=True))
        loss = values(named(numbers)) if inside else np.array([np.nan])
        usable = _moderate(loss) & _moderate(found) if inside else np.array([False])
        if usable.sum() < _FEWEST or np.ptp(loss[usable]) == 0:
            return 1e30
        return _least_squares(loss[usable], found[usable])[2]

    starts = sorted(product(_STARTS, repeat=len(known)), key=distance)[:2]
    best = []
    for start in starts:
        options = {"xatol": 1e-12, "fatol": 1e-15, "maxiter": 400 * len(known)}
        result = minimize(distance, start, method="Nelder-Mead", options=options)
        best.append(result.x)
    best.sort(key=distance)
    nearest = best[0]
    rounded = [[float(f"{n:.{digits}g}") for n in nearest] for digits in _DIGITS]
    inside = [
        numbers for numbers in [*rounded, list(nearest)]
        if all(a.domain.contains(float(n)) for a, n in zip(known, numbers, strict=True))
    ]  # fmt: skip
    return [named(n) for n in inside if all(_SMALLEST <= abs(p) <= _LARGEST for p in n)]
