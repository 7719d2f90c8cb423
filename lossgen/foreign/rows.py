"""Rows at which a function is asked: simple ones, sampled ones, and the ends of the range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from lossgen.checks.samples import extreme_batches
from lossgen.language.entry import Entry
from lossgen.verdict.points import Row, points

# Of three rows of simple numbers one has the default parameters; the others show a parameter that
# means something else.
_MULTIPLES = (1.0, 2.0, 0.5)
_MOST_EXTREME = 48
# The reference takes minutes for long axes; a formula that is wrong is wrong for a few elements.
_MOST_NUMBERS = 32


def near(entry: Entry, free: tuple[str, ...], fixed: Mapping[str, Any]) -> list[Row]:
    """Return rows of moderate numbers; the parameters in `free` vary, those in `fixed` are set."""
    return [varied(entry, row, free, fixed, number) for number, row in enumerate(points(entry))]


def far(entry: Entry, fixed: Mapping[str, Any], dtype: np.dtype[Any]) -> list[Row]:
    """Return rows over the whole range of a dtype."""
    return list(islice(_finite(entry, fixed, dtype), _MOST_EXTREME))


def _finite(entry: Entry, fixed: Mapping[str, Any], dtype: np.dtype[Any]) -> Iterator[Row]:
    for batch in extreme_batches(entry, dtype):
        for row in batch.rows:
            arrays = [np.asarray(value, float) for value in row.values()]
            if all(np.isfinite(a).all() and 0 < a.size <= _MOST_NUMBERS for a in arrays):
                yield varied(entry, row, (), fixed, 0)


def varied(
    entry: Entry, row: Row, free: tuple[str, ...], fixed: Mapping[str, Any], number: int
) -> Row:
    """Return a row with other parameters."""
    found = dict(row)
    for argument in entry.shared:
        name = argument.name
        if name in fixed:
            found[name] = fixed[name]
        elif argument.default is not None:
            scaled = argument.default * _MULTIPLES[number % len(_MULTIPLES)]
            varies = name in free and argument.domain.contains(scaled)
            found[name] = scaled if varies else argument.default
    return found
