"""Where formulas are tried: simple numbers, which make readable counterexamples, and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lossgen.checks.samples import batches
from lossgen.language.domains import DOMAINS
from lossgen.language.entry import Argument, Entry

from .regions import Region, Regions

_KEPT = 24
# A formula written without a thought of rounding, such as log(1 - p) with p = sigmoid(x), keeps
# something of e^-300 at the most digits that it is evaluated with.
_LARGEST = 300.0
_SIMPLE = 32
_SCATTERED = 16
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
# Numbers far out, of which each domain keeps its own.
_EXTREMES = (40.0, -40.0, 250.0, -250.0, 1e-9, -1e-9, 1e6, 1 - 2.0**-30)
# Parameters, as multiples of their defaults.
_MULTIPLES = (1.0, 2.0, 0.5, 3.0, 0.75)

Row = Mapping[str, Any]
_ANYWHERE: Regions = {}


def points(entry: Entry, regions: Regions = _ANYWHERE) -> Iterator[Row]:
    """Yield rows of all arguments, prepared ones included: simple ones, then sampled ones."""
    yield from simple(entry, regions)
    yield from scattered(entry, regions)
    if all(argument.domain.name in DOMAINS for argument in entry.arguments):
        yield from sampled(entry, regions)


def simple(entry: Entry, regions: Regions = _ANYWHERE) -> Iterator[Row]:
    """Yield rows of simple numbers, with axes of two to four places; some parameters by default."""
    random = np.random.default_rng(0)
    for number in range(_SIMPLE):
        sizes = _sizes(entry, number)
        yield completed(
            entry,
            {a.name: _value(a, sizes, random, regions, number % 2 == 1) for a in entry.arguments},
        )


def scattered(entry: Entry, regions: Regions) -> Iterator[Row]:
    """Yield rows of numbers between the simple ones, in eighths."""
    random = np.random.default_rng(4)
    for number in range(_SCATTERED):
        sizes = _sizes(entry, number)
        row = {a.name: _value(a, sizes, random, regions, number % 2 == 1) for a in entry.arguments}
        for argument in entry.arguments:
            region = _region(argument, regions)
            if not (argument.domain.integer or argument.shared or region.members):
                near = np.array(row[argument.name], float)
                moved = near + random.integers(-6, 7, near.shape) / 8
                inside = [region.contains(x) and argument.domain.contains(x) for x in moved.flat]
                row[argument.name] = np.where(np.reshape(inside, near.shape), moved, near)[()]
        yield completed(entry, row)


def extreme(entry: Entry, regions: Regions) -> Iterator[Row]:
    """Yield simple rows with one number far out."""
    random = np.random.default_rng(1)
    moving = [a for a in entry.per_row if not a.domain.integer and a.name not in entry.prepared]
    for number, far in enumerate(_EXTREMES * 2):
        sizes = _sizes(entry, number)
        row = {a.name: _value(a, sizes, random, regions, False) for a in entry.arguments}
        argument = moving[number // len(_EXTREMES) % len(moving)] if moving else None
        region = _region(argument, regions) if argument is not None else Region()
        if argument is not None and region.contains(far) and argument.domain.contains(far):
            array = np.array(row[argument.name], float)
            if array.size:
                array.flat[number % array.size] = far
            yield completed(entry, {**row, argument.name: array})


def _sizes(entry: Entry, number: int) -> dict[str, int]:
    """Return extents that differ from axis to axis and row to row: a missing 1/n shows."""
    axes = dict.fromkeys(
        axis
        for argument in entry.arguments
        for axis in (*argument.domain.axes, argument.domain.values)
        if axis is not None
    )
    return {axis: 2 + (number + place) % 3 for place, axis in enumerate(axes)}


def _value(
    argument: Argument,
    sizes: Mapping[str, int],
    random: np.random.Generator,
    regions: Regions,
    varied: bool,
) -> Any:
    domain = argument.domain
    shape = tuple(sizes[axis] for axis in domain.axes)
    region = _region(argument, regions)
    if argument.default is not None and region.contains(argument.default) and not varied:
        return argument.default
    if domain.integer:
        top = sizes[domain.values] if domain.values is not None else 3
        return random.integers(0, top, shape)
    if argument.shared and len(shape) == 2 and domain.axes[0] == domain.axes[1]:
        return (
            np.diag(random.choice([1.0, 2.0], shape[0])) + 0.25
        )  # positive definite, not diagonal
    return random.choice(_grid(argument, region), shape)


def _region(argument: Argument, regions: Regions) -> Region:
    """Return the region of an argument: what was said of it, within its domain."""
    return regions.get(argument.name, Region())


def _grid(argument: Argument, region: Region) -> list[float]:
    """Return simple numbers of a domain that lie in a region."""
    domain = argument.domain
    if region.members:
        return [number for number in region.members if domain.contains(number)]
    near = _GRIDS.get(domain.name, _GRIDS["Real"])
    if argument.default is not None:
        near = (
            tuple(argument.default * multiple for multiple in _MULTIPLES)
            if argument.default
            else near
        )
    found = [number for number in near if region.contains(number) and domain.contains(number)]
    return found if len(found) > 2 else found + _inside(argument, region)


def _inside(argument: Argument, region: Region) -> list[float]:
    """Return numbers inside a region that the simple ones miss."""
    domain = argument.domain
    low = max(region.low, -np.inf if domain.low is None else domain.low)
    high = min(region.high, np.inf if domain.high is None else domain.high)
    if np.isinf(low) and np.isinf(high):
        return list(_GRIDS["Real"])
    if np.isinf(high):
        return [low + step for step in (1.0, 0.5, 2.0, 0.25)]
    if np.isinf(low):
        return [high - step for step in (1.0, 0.5, 2.0, 0.25)]
    return [low + share * (high - low) for share in (0.5, 0.25, 0.75, 0.125)]


def completed(entry: Entry, row: dict[str, Any]) -> Row:
    """Return a row with its prepared arguments computed."""
    if entry.prepare is not None:
        public = {a.name: row[a.name] for a in entry.per_row if a.name not in entry.prepared}
        row.update(entry.prepare(**public))
    return row


def sampled(entry: Entry, regions: Regions) -> Iterator[Row]:
    """Yield the moderate rows of the checks' sampler: kinks, ties, labels at both ends."""
    kept = 0
    random = np.random.default_rng(2)
    for batch in batches(entry, np.dtype(np.float64)):
        rows = [_moved(row, regions, random) for row in batch.rows if _is_moderate(row)]
        for row in [row for row in rows if _lies_in(row, regions)][:8]:
            yield completed(entry, row)
            kept += 1
        if kept >= _KEPT:
            return


def _moved(row: Row, regions: Regions, random: np.random.Generator) -> dict[str, Any]:
    """Return a row with the numbers of finite sets drawn from them."""
    finite = {name: region for name, region in regions.items() if region.members}
    drawn = {
        name: random.choice(region.members, np.shape(row[name])) for name, region in finite.items()
    }
    return {**row, **drawn}


def _lies_in(row: Row, regions: Regions) -> bool:
    return all(
        regions[name].contains(float(number)) for name in regions for number in np.ravel(row[name])
    )


def _is_moderate(row: Row) -> bool:
    numbers = [np.asarray(value, float) for value in row.values()]
    return all(
        0 < array.size <= _NUMBERS and np.all(np.abs(array) <= _LARGEST) for array in numbers
    )


def shown(entry: Entry, row: Row) -> str:
    """Return a row as one would type it, prepared arguments left out."""
    texts = []
    for argument in entry.arguments:
        if argument.name not in entry.prepared:
            array = np.asarray(row[argument.name])
            text = np.array2string(array, precision=6, separator=", ").replace("\n", "")
            texts.append(
                f"{argument.name}={text}" if array.ndim else f"{argument.name}={array[()]:.8g}"
            )
    return ", ".join(texts)
