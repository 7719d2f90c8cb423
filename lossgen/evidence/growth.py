"""The search for a way along which a loss, or its derivative, grows without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from lossgen.language.domains import Domain

from .search import Found, directions, first, gradient, is_inside, text, value_of
from .trials import Trial


def growing(
    trial: Trial, names: Sequence[str], output: Callable[[Trial], Any], exactly: Any, what: str
) -> tuple[int, Found | None]:
    """Look for a way along which a quantity grows, faster with each doubling of the exponent."""
    tried = 0
    trial = trial.only(np.flatnonzero(_is_moderate(trial)))
    for name in names if len(trial) else ():
        domain = trial.entry.argument(name).domain
        for way in _ways(trial.columns[name], domain):
            path = [trial.at(**{name: way(exponent)}) for exponent in _EXPONENTS]
            sizes = np.array([np.abs(output(step)) for step in path])
            tried += sizes.size
            with np.errstate(all="ignore"):
                grows = _grows(sizes)

            def confirm(place: int, path: Any = path) -> str | None:
                found = [exactly(step, place) for step in path]
                exact = np.array([float(min(number, _BEYOND)) for number in found])
                if not _grows(exact[:, None])[0]:
                    return None
                return f"{what} is {text(found[-1])} there, and grows without end"

            found = first(path[-1], grows * 1.0, np.ones(len(trial)), confirm)
            if found:
                return tried, found
    return tried, None


# Each twice the one before: a logarithm grows twice as much from step to step.
_EXPONENTS = (3, 6, 12, 24, 48)
_BEYOND = 1e300


def _grows(sizes: Any) -> Any:
    capped = np.minimum(np.nan_to_num(sizes, nan=0.0, posinf=_BEYOND), _BEYOND)
    steps = np.diff(capped, axis=0)
    rises = (steps[-3:] > 0).all(axis=0) & (steps[-1] >= 1.2 * steps[-2]) & (capped[-1] > 4)
    return rises | ((steps >= 0).all(axis=0) & (capped[-1] == _BEYOND) & (capped[0] < _BEYOND))


def _ways(x: Any, domain: Domain) -> Iterator[Callable[[int], Any]]:
    """Yield ways to the ends of a domain, and to 0, from all rows at once."""
    if domain.name == "Sign" or domain.integer:
        return
    yield lambda exponent: x * 2.0**-exponent
    for direction in directions(x):
        if domain.high is None:
            yield partial(_far, x, direction)
        if domain.low is None:
            yield partial(_far, x, -direction)
        if domain.low is not None:
            yield partial(_near, x, direction, domain.low)
        if domain.high is not None:
            yield partial(_near, x, -direction, domain.high)


def _far(x: Any, direction: Any, exponent: int) -> Any:
    return x + 2.0**exponent * direction


def _near(x: Any, direction: Any, end: float, exponent: int) -> Any:
    return np.where(direction != 0, end + 2.0**-exponent * direction, x)


def _is_moderate(trial: Trial) -> Any:
    """Whether the numbers of a row are 0, or far from where the ways to the ends lead."""
    kept = np.ones(len(trial), bool)
    for column in trial.columns.values():
        sizes = np.abs(column).reshape(len(trial), -1)
        kept &= ((sizes == 0) | ((sizes > 2.0**-6) & (sizes < 2.0**6))).all(axis=1)
    return kept


def values_grow(trial: Trial) -> tuple[int, Found | None]:
    """Look for a way along which the loss grows."""
    return growing(
        trial, list(trial.columns), Trial.values, lambda t, p: abs(value_of(t, p)), "the loss"
    )


def slopes_grow(trial: Trial) -> tuple[int, Found | None]:
    """Look for a way along which the derivative grows."""
    return growing(trial, list(trial.columns), _steepest, _steepest_exactly, "the derivative")


def influence_grows(trial: Trial) -> tuple[int, Found | None]:
    """Look for data whose influence grows, the moving argument being held."""
    others = [name for name in trial.columns if name != trial.moving]
    inside = is_inside(trial.x, trial.entry.argument(trial.moving).domain)
    trial = trial.only(np.flatnonzero(inside))
    return growing(trial, others, _steepest, _steepest_exactly, "the derivative")


def _steepest(trial: Trial) -> Any:
    return np.abs(trial.slopes()).reshape(len(trial), -1).max(axis=1, initial=0.0)


def _steepest_exactly(trial: Trial, place: int) -> Any:
    return max(abs(number) for number in gradient(trial, place))
