"""Where formulas are tried: simple numbers, which make readable counterexamples, and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lossgen.checks.samples import batches
from lossgen.language.entry import Argument, Entry

_KEPT = 24
# A formula written without a thought of rounding, such as log(1 - p) with p = sigmoid(x), keeps
# something of e^-300 at the most digits that it is evaluated with.
_LARGEST = 300.0
_SIMPLE = 32
# Numbers of one argument: the reference differentiates in each of so many.
_NUMBERS = 25

# Simple numbers of each domain; kinks and ties are among them.
_GRIDS: dict[str, tuple[float, ...]] = {
    "Real": (0.0, 1.0, 2.0, -1.0, 0.5, 3.0, -2.0, -0.5, 5.0),
    "Positive": (1.0, 2.0, 0.5, 3.0, 0.25),
    "NonNegative": (1.0, 0.0, 2.0, 0.5, 3.0),
    "Unit": (0.5, 0.25, 1.0, 0.75, 0.0, 0.125),
    "OpenUnit": (0.5, 0.25, 0.75, 0.125),
    "Sign": (1.0, -1.0),
}

Row = Mapping[str, Any]


def points(entry: Entry) -> Iterator[Row]:
    """Yield rows of all arguments, prepared ones included: simple ones, then sampled ones."""
    yield from simple(entry)
    yield from sampled(entry)


def simple(entry: Entry) -> Iterator[Row]:
    """Yield rows of simple numbers, with axes of two and three places and default parameters."""
    random = np.random.default_rng(0)
    axes = dict.fromkeys(
        axis
        for argument in entry.arguments
        for axis in (*argument.domain.axes, argument.domain.values)
        if axis is not None
    )
    for number in range(_SIMPLE):
        # Extents differ from axis to axis and from row to row, so that a missing 1/n shows.
        sizes = {axis: 2 + (number + place) % 3 for place, axis in enumerate(axes)}
        yield completed(entry, {a.name: _value(a, sizes, random) for a in entry.arguments})


def _value(argument: Argument, sizes: Mapping[str, int], random: np.random.Generator) -> Any:
    domain = argument.domain
    shape = tuple(sizes[axis] for axis in domain.axes)
    if argument.default is not None:
        return argument.default
    if domain.integer:
        top = sizes[domain.values] if domain.values is not None else 3
        return random.integers(0, top, shape)
    if argument.shared and len(shape) == 2 and domain.axes[0] == domain.axes[1]:
        return (
            np.diag(random.choice([1.0, 2.0], shape[0])) + 0.25
        )  # positive definite, not diagonal
    return random.choice(_GRIDS[domain.name], shape)


def completed(entry: Entry, row: dict[str, Any]) -> Row:
    """Return a row with its prepared arguments computed."""
    if entry.prepare is not None:
        public = {a.name: row[a.name] for a in entry.per_row if a.name not in entry.prepared}
        row.update(entry.prepare(**public))
    return row


def sampled(entry: Entry) -> Iterator[Row]:
    """Yield the moderate rows of the checks' sampler: kinks, ties, labels at both ends."""
    kept = 0
    for batch in batches(entry, np.dtype(np.float64)):
        rows = [row for row in batch.rows if _is_moderate(row)]
        for row in rows[:8]:
            yield row
            kept += 1
        if kept >= _KEPT:
            return


def _is_moderate(row: Row) -> bool:
    numbers = [np.asarray(value, float) for value in row.values()]
    return all(
        0 < array.size <= _NUMBERS and np.all(np.abs(array) <= _LARGEST) for array in numbers
    )
