"""The search for counterexamples: kernels look at many rows, the reference decides on few.

Each search returns how many points it tried, and a counterexample that holds in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.domains import Domain
from lossgen.verdict.points import shown

from .trials import Trial

# What the float64 kernels may be off by; what lies above is looked at exactly.
_SUSPICIOUS = 1e-10
_MOST = 12  # candidates that are evaluated exactly
_GRID = 2.0**16  # midpoints of multiples of 1/65536 are exact


@dataclass(frozen=True)
class Found:
    """A counterexample: the row, and what is there."""

    where: str
    said: str


Search = Callable[[Trial], tuple[int, Found | None]]


def first(
    trial: Trial, amounts: Any, sizes: Any, confirm: Callable[[int], str | None]
) -> Found | None:
    """Return the simplest row with a suspicious amount that is confirmed in exact arithmetic."""
    with np.errstate(all="ignore"):
        suspicious = np.flatnonzero(amounts > _SUSPICIOUS * np.maximum(np.abs(sizes), 1e-300))
    texts = {place: shown(trial.entry, trial.row(place)) for place in suspicious[:200]}
    for place in sorted(texts, key=lambda each: (len(texts[each]), each))[:_MOST]:
        said = confirm(int(place))
        if said is not None:
            return Found(texts[place], said)
    return None


def value_of(trial: Trial, place: int) -> Any:
    """Return the exact value of one row."""
    return trial.exactly(place).value[0]


def text(number: Any) -> str:
    """Return a number as a reader wants it."""
    return str(mp.nstr(number, 6))


def negative(trial: Trial) -> tuple[int, Found | None]:
    """Look for a value below 0."""
    values = trial.values()

    def confirm(place: int) -> str | None:
        found = value_of(trial, place)
        return f"the loss is {text(found)}" if found < 0 else None

    return len(trial), first(trial, -values, values, confirm)


def bent(trial: Trial) -> tuple[int, Found | None]:
    """Look for a midpoint above the chord."""
    x = _on_grid(trial.x, trial.entry.argument(trial.moving).domain)
    tried = 0
    for step in (1, 2, 5):
        other = np.roll(x, step, axis=0)
        ends = trial.at(**{trial.moving: x}), trial.at(**{trial.moving: other})
        middle = trial.at(**{trial.moving: (x + other) / 2})
        chord = (ends[0].values() + ends[1].values()) / 2

        def confirm(
            place: int, ends: Any = ends, middle: Trial = middle, other: Any = other
        ) -> str | None:
            left, right, between = (value_of(t, place) for t in (*ends, middle))
            if not between > (left + right) / 2:
                return None
            return (
                f"halfway to {trial.moving}={shown_array(other[place])} the loss is "
                f"{text(between)}, above the chord's {text((left + right) / 2)}"
            )

        tried += len(trial)
        above = middle.values() - chord
        found = first(ends[0], above, np.abs(chord) + np.abs(above), confirm)
        if found:
            return tried, found
    return tried, None


def _on_grid(x: Any, domain: Domain) -> Any:
    found = np.clip(np.round(x * _GRID), -(2.0**40), 2.0**40) / _GRID
    if domain.open_low:
        found = np.maximum(found, 1 / _GRID)
    return np.minimum(found, 1 - 1 / _GRID) if domain.open_high else found


def shown_array(numbers: Any) -> str:
    """Return a number or an array as a reader wants it."""
    array = np.asarray(numbers)
    if not array.ndim:
        return f"{array:.8g}"
    return np.array2string(array, precision=6, separator=", ").replace("\n", "")


def moved_by_shift(trial: Trial) -> tuple[int, Found | None]:
    """Look for a change when one number is added to every element."""
    step = 2.0
    return changed(trial, trial.at(**{trial.moving: trial.x + step}), f"{trial.moving} + {step:g}")


def swapped(trial: Trial, other: str) -> tuple[int, Found | None]:
    """Look for a change when two arguments change places."""
    turned = trial.at(**{trial.moving: trial.columns[other], other: trial.x})
    return changed(trial, turned, f"{trial.moving} and {other} swapped")


def changed(trial: Trial, turned: Trial, how: str) -> tuple[int, Found | None]:
    """Look for a row whose loss is not the same in `turned`."""
    before, after = trial.values(), turned.values()

    def confirm(place: int) -> str | None:
        one, two = value_of(trial, place), value_of(turned, place)
        same = one == two or abs(one - two) <= mp.mpf("1e-20") * max(abs(one), abs(two))
        return None if same else f"the loss is {text(one)}, and {text(two)} with {how}"

    size = np.abs(trial.x).max(initial=1.0) + np.abs(before)
    return len(trial), first(trial, np.abs(after - before), size, confirm)


def nonzero_at(trial: Trial, other: str | None) -> tuple[int, Found | None]:
    """Look for a loss that is not 0 where the moving argument equals the other one, or 0."""
    place = np.zeros_like(trial.x) if other is None else trial.columns[other]
    alike = trial.at(**{trial.moving: place})
    values = alike.values()

    def confirm(place: int) -> str | None:
        found = value_of(alike, place)
        return f"the loss is {text(found)}" if abs(found) > mp.mpf("1e-20") else None

    return len(trial), first(alike, np.abs(values), np.ones(len(trial)), confirm)


def zero(trial: Trial) -> tuple[int, Found | None]:
    """Look for a loss of 0."""
    return _zero(trial, np.ones(len(trial), bool))


def zero_elsewhere(trial: Trial, other: str | None) -> tuple[int, Found | None]:
    """Look for a loss of 0 where the moving argument is not the other one, or 0."""
    gap = np.abs(trial.x - (0.0 if other is None else trial.columns[other]))
    return _zero(trial, gap.reshape(len(trial), -1).max(axis=1, initial=0.0) > 0)


def _zero(trial: Trial, apart: Any) -> tuple[int, Found | None]:
    values = trial.values()

    def confirm(place: int) -> str | None:
        return "the loss is 0" if value_of(trial, place) == 0 else None

    return len(trial), first(trial, (apart & (values == 0)) * 1.0, np.ones(len(trial)), confirm)


def gradient(trial: Trial, place: int) -> list[Any]:
    """Return the exact derivatives of one row."""
    return [part[0] for part in np.ravel(trial.exactly(place).gradient[trial.moving])]


def directions(x: Any) -> Iterator[Any]:
    """Yield all elements at once, and one alone."""
    yield np.ones(x.shape[1:])
    count = int(np.prod(x.shape[1:]))
    if count > 1:
        yield np.eye(1, count).reshape(x.shape[1:])


def is_inside(numbers: Any, domain: Domain) -> Any:
    """Return which rows lie between the ends of a domain."""
    low = -np.inf if domain.low is None else domain.low
    high = np.inf if domain.high is None else domain.high
    return ((numbers > low) & (numbers < high)).reshape(len(numbers), -1).all(axis=1)
