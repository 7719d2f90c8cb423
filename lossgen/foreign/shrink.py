"""The smallest input that still fails: fewer elements, simpler numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lossgen.language.entry import Argument, Entry
from lossgen.verdict.points import Row, completed

_SIMPLER = (0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -2.0, 10.0, 100.0, -100.0, 0.25, 0.1)
_TRIES = 400


def shrunk(entry: Entry, row: Row, fails: Callable[[Row], bool]) -> Row:
    """Return the simplest row that one gets to from a failing one, step by failing step."""
    tries = 0
    changed = True
    while changed and tries < _TRIES:
        changed = False
        for candidate in _candidates(entry, row):
            tries += 1
            if tries >= _TRIES:
                break
            if fails(candidate):
                row, changed = candidate, True
                break
    return row


def _candidates(entry: Entry, row: Row) -> Iterator[Row]:
    yield from _fewer(entry, row)
    for argument in entry.arguments:
        if argument.name in entry.prepared:
            continue
        array = np.asarray(row[argument.name])
        for place in np.ndindex(array.shape):
            for number in _numbers(argument, array[place], entry, row):
                changed = np.array(array)
                changed[place] = number
                value: Any = changed if array.ndim else changed[()]
                yield completed(entry, {**row, argument.name: value})


def _fewer(entry: Entry, row: Row) -> Iterator[Row]:
    """Yield the row with one element less along an axis."""
    axes = dict.fromkeys(axis for a in entry.arguments for axis in a.domain.axes)
    for axis in axes:
        shorter, extent = dict(row), 0
        for argument in entry.arguments:
            array = np.asarray(row[argument.name])
            for place, name in enumerate(argument.domain.axes):
                if name == axis:
                    array = np.delete(array, -1, axis=place)
                    extent = array.shape[place]
                    shorter[argument.name] = array
        labels = [row[a.name] for a in entry.arguments if a.domain.values == axis]
        if extent >= 1 and all(np.all(np.asarray(label) < extent) for label in labels):
            yield completed(entry, shorter)


def _numbers(argument: Argument, number: Any, entry: Entry, row: Row) -> Iterator[Any]:
    """Yield simpler numbers than this one, the simplest first."""
    if argument.domain.integer:
        if number > 0:
            yield 0
        return
    simpler = list(_SIMPLER)
    if argument.default is not None:
        simpler.insert(0, argument.default)
    for digits in (1, 2, 3):
        simpler.append(float(f"{float(number):.{digits}g}"))
    for candidate in simpler:
        if candidate == number:
            return
        sign = argument.domain.name != "Sign" or abs(candidate) == 1
        if argument.domain.contains(candidate) and sign:
            yield candidate
