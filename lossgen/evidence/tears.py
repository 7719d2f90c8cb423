"""The search for a jump of a loss or its derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from .search import Found, directions, first, gradient, is_inside, text, value_of
from .trials import Trial

# A jump is as large at the last distance from a kink as at the first. Numbers up to 8 and their
# neighbours at the last one are floats, but for an eighth of it.
_STEPS = (2.0**-16, 2.0**-30, 2.0**-44)
_LARGEST = 8.0
_LASTING = 0.9
_SMALLEST = 1e-3  # what a smooth function changes over the first distance


def torn(trial: Trial) -> tuple[int, Found | None]:
    """Look for a jump which is as large however near one comes."""
    sizes = np.abs(trial.x).reshape(len(trial), -1).max(axis=1, initial=0.0)
    trial = trial.only(np.flatnonzero(sizes <= _LARGEST))
    domain = trial.entry.argument(trial.moving).domain
    tried = 0
    for direction in directions(trial.x):
        sides = [
            tuple(trial.at(**{trial.moving: trial.x + way * step * direction}) for way in (-1, 1))
            for step in _STEPS
        ]
        inside = np.logical_and(*(is_inside(side.x, domain) for side in sides[0]))
        lasting = np.zeros(len(trial), bool)
        for read in (Trial.values, Trial.slopes):
            near, _, nearest = (_gap(read(right) - read(left)) for left, right in sides)
            lasting |= inside & (nearest > _LASTING * near) & (nearest > _SMALLEST)
        tried += len(trial)
        found = first(trial, lasting * 1.0, np.ones(len(trial)), _confirm(sides))
        if found:
            return tried, found
    return tried, None


def _gap(differences: Any) -> Any:
    return np.abs(differences).reshape(len(differences), -1).max(axis=1, initial=0.0)


def _confirm(sides: Any) -> Any:
    def confirm(place: int) -> str | None:
        for what, read in (("loss", _values), ("derivative", gradient)):
            exactly = [[read(side, place) for side in pair] for pair in sides]
            near, _, nearest = (
                max(abs(b - a) for a, b in zip(*pair, strict=True)) for pair in exactly
            )
            if nearest > _LASTING * near > 0 and nearest > _SMALLEST:
                ends = zip(*exactly[-1], strict=True)
                left, right = max(ends, key=lambda pair: abs(pair[1] - pair[0]))
                return f"the {what} jumps from {text(left)} to {text(right)}"
        return None

    return confirm


def _values(trial: Trial, place: int) -> list[Any]:
    return [value_of(trial, place)]
