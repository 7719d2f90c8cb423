"""Samples: batches of rows drawn by declared domain, for several sizes and parameters."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument, Entry
from lossgen.language.folds import LogSumExp
from lossgen.language.symbols import Element

from .extremes import EXTREMES, infinite
from .recipes import RECIPES, Row, Setting, moderate, spread

Sizes = dict[str, int]
Recipe = Callable[[Setting], Row]

# More than one block of 256 elements, and ragged.
LONG = 300


@dataclass(frozen=True)
class Batch:
    """Rows of equal extents and parameters, as they are given to the public methods of a loss.

    `columns` holds the public per-row arguments, each (rows, *axes); `shared` the parameters and
    shared arrays; `recipes` says how each row was made.
    """

    entry: Entry
    columns: Mapping[str, Any]
    shared: Mapping[str, Any]
    recipes: tuple[str, ...]
    dtype: np.dtype[Any]
    vectors: Any

    def __len__(self) -> int:
        return len(self.recipes)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Each row with the numbers that the kernel sees: rounded parameters, prepared integers."""
        return tuple(self._row(place) for place in range(len(self)))

    def _row(self, place: int) -> Row:
        row: Row = {name: column[place] for name, column in self.columns.items()}
        if self.entry.prepare is not None:
            row |= {name: np.asarray(found) for name, found in self.entry.prepare(**row).items()}
        for name, given in self.shared.items():
            array = isinstance(given, np.ndarray)
            row[name] = given if array else float(self.dtype.type(given))
        return row


def batches(entry: Entry, dtype: np.dtype[Any], seed: int = 0) -> Iterator[Batch]:
    """Yield the batches of a loss: every size with the default parameters, some with others."""
    for number, sizes in enumerate(sizes_of(entry)):
        random = generator(entry, seed, number)
        yield batch(entry, sizes, defaults(entry, sizes, random, dtype), dtype, random)
    middle = sizes_of(entry)[0]
    for number in range(3):
        random = generator(entry, seed, 1000 + number)
        yield batch(entry, middle, others(entry, middle, random, dtype), dtype, random)


def extreme_batches(entry: Entry, dtype: np.dtype[Any], seed: int = 0) -> Iterator[Batch]:
    """Yield batches over the whole range of the dtype: parameters by default, others, and 0.

    A shared argument's gradient is a sum over the rows, in which one extreme row would hide all
    others: there each row is a batch of its own.
    """
    alone = any(argument.name in entry.gradients for argument in entry.shared)
    for number, draw in enumerate((defaults, others, lowest)):
        if draw is not defaults and not any(a.default is not None for a in entry.shared):
            continue
        sizes = sizes_of(entry)[0]
        random = generator(entry, seed, 2000 + number)
        shared = draw(entry, sizes, random, dtype)
        recipes = extreme_recipes(entry, sizes, once=draw is not defaults)
        for some in [[recipe] for recipe in recipes] if alone else [recipes]:
            yield drawn(entry, sizes, shared, dtype, random, some)


def extreme_recipes(entry: Entry, sizes: Sizes, once: bool) -> list[Recipe]:
    """Return the recipes: many rows of one number, few of many numbers; `once` each at most."""
    share = 1 if once else 4 if not sizes else 2 if len(sizes) == 1 else 1
    limits = masks(entry) if sizes else not once  # of a parameter 0 times infinity there is none
    known = [pair for pair in EXTREMES if pair[0] is not infinite or limits]
    return [recipe for recipe, times in known for _ in range(1 if once else times * share)]


def masks(entry: Entry) -> bool:
    """Whether -inf masks a class: the sum of a vector with an infinite element has no limit."""
    formulas = [entry.value, *(definition.expression for definition in entry.definitions)]
    folds = {fold for formula in formulas for fold in formula.atoms(LogSumExp)}
    arguments = {argument.name for argument in entry.per_row}
    named = [{element.name for element in fold.body.atoms(Element)} for fold in folds]
    return any(names <= arguments for names in named)


def generator(entry: Entry, seed: int, number: int) -> np.random.Generator:
    """Return the generator of one batch: of name and seed, not of the order of the checks."""
    return np.random.default_rng([zlib.crc32(entry.name.encode()), seed, number])


def sizes_of(entry: Entry) -> list[Sizes]:
    """Return the extents to try: a middling one first, then ends, an empty axis and a long one."""
    axes = list(dict.fromkeys(name for a in entry.arguments for name in a.domain.axes))
    if not axes:
        return [{}]
    rising = {name: 3 + 2 * place for place, name in enumerate(axes)}
    falling = {name: 7 - 3 * min(place, 1) for place, name in enumerate(axes)}
    even = [dict.fromkeys(axes, extent) for extent in (1, 2)]
    single = [{**even[1], name: 1} for name in axes] if len(axes) > 1 else []
    empty = [{**even[1], name: 0} for name in axes]
    square = any(len(set(a.domain.axes)) < len(a.domain.axes) for a in entry.arguments)
    long = (
        [] if square else [{**even[1], axes[-1]: LONG}]
    )  # 300 x 300 would take the reference minutes
    return [
        sizes
        for sizes in (rising, falling, *even, *single, *empty, *long)
        if possible(entry, sizes)
    ]


def possible(entry: Entry, sizes: Sizes) -> bool:
    """Whether every label has a place to point to."""
    return all(
        sizes.get(argument.domain.values or "", 1) > 0
        or any(sizes[name] == 0 for name in argument.domain.axes)
        for argument in entry.arguments
    )


def batch(
    entry: Entry,
    sizes: Sizes,
    shared: dict[str, Any],
    dtype: np.dtype[Any],
    random: np.random.Generator,
) -> Batch:
    """Return rows of every recipe; of a long or empty axis, just a few."""
    recipes = [recipe for recipe, times in RECIPES for _ in range(times * repeats(sizes))]
    if LONG in sizes.values() or 0 in sizes.values():
        recipes = [moderate]  # the reference takes seconds for a softmax of 300
    elif not repeats(sizes):
        recipes = [recipe for recipe, _ in RECIPES]
    return drawn(entry, sizes, shared, dtype, random, recipes)


def drawn(
    entry: Entry,
    sizes: Sizes,
    shared: dict[str, Any],
    dtype: np.dtype[Any],
    random: np.random.Generator,
    recipes: Sequence[Recipe],
) -> Batch:
    """Return one row of each recipe."""
    public = [argument for argument in entry.per_row if argument.name not in entry.prepared]
    parameters = {name: given for name, given in shared.items() if np.ndim(given) == 0}
    setting = Setting(public, sizes, parameters, dtype, random)
    with np.errstate(all="ignore"):
        rows = [recipe(setting) for recipe in recipes]
    columns = {argument.name: stacked(argument, rows, dtype) for argument in public}
    second = second_of(entry)
    shape = (0,) if second is None else columns[second].shape
    vectors = spread(random, Domain("Real"), shape, 3).astype(dtype)
    return Batch(entry, columns, shared, tuple(r.__name__ for r in recipes), dtype, vectors)


def repeats(sizes: Sizes) -> int:
    """Return how often the recipes are drawn: many points of one number, few of many numbers."""
    numbers = math.prod(sizes.values())
    return 2 if numbers == 1 and not sizes else int(numbers <= 7 and len(sizes) == 1)


def second_of(entry: Entry) -> str | None:
    """Return the argument of the second derivatives: the first per-row one of `wrt`."""
    per_row = {argument.name for argument in entry.per_row}
    return next((name for name in entry.wrt if name in per_row), None)


def stacked(argument: Argument, drawn: list[Row], dtype: np.dtype[Any]) -> Any:
    """Return the column of an argument."""
    kind = np.int64 if argument.domain.integer else dtype
    return np.array([row[argument.name] for row in drawn], kind)


def defaults(
    entry: Entry, sizes: Sizes, random: np.random.Generator, dtype: np.dtype[Any]
) -> dict[str, Any]:
    """Return the shared arguments at their defaults; arrays and required numbers are drawn."""
    return {a.name: _shared(a, sizes, random, dtype, 0.0) for a in entry.shared}


def others(
    entry: Entry, sizes: Sizes, random: np.random.Generator, dtype: np.dtype[Any]
) -> dict[str, Any]:
    """Return the shared arguments with parameters between 1/4 and 4 times their defaults."""
    return {a.name: _shared(a, sizes, random, dtype, 2.0) for a in entry.shared}


def lowest(
    entry: Entry, sizes: Sizes, random: np.random.Generator, dtype: np.dtype[Any]
) -> dict[str, Any]:
    """Return the shared arguments with parameters at 0 where they may be 0."""
    found = defaults(entry, sizes, random, dtype)
    zero = [a.name for a in entry.shared if not a.domain.axes and a.domain.contains(0.0)]
    return {**found, **dict.fromkeys(zero, 0.0)}


def _shared(
    argument: Argument,
    sizes: Sizes,
    random: np.random.Generator,
    dtype: np.dtype[Any],
    octaves: float,
) -> Any:
    setting = Setting([argument], sizes, {}, dtype, random)
    shape = setting.shape(argument)
    if argument.domain.integer:
        return setting.integers(argument, shape)
    if len(shape) == 2 and argument.domain.axes[0] == argument.domain.axes[1]:
        return _definite(setting.inside(argument.domain, random.uniform(-1, 1, shape)), dtype)
    if argument.domain.axes or argument.default is None:
        found = setting.inside(argument.domain, spread(random, argument.domain, shape, 2))
        return found if argument.domain.axes else float(found)
    factor = 2.0 ** random.uniform(-octaves, octaves)
    return _kept(argument.domain, argument.default * factor, argument.default)


def _definite(square: Any, dtype: np.dtype[Any]) -> Any:
    # Of a square matrix most formulas ask a positive definite one; nothing in its domain says so.
    return (square @ square.T + np.eye(len(square))).astype(dtype)


def _kept(domain: Domain, value: float, default: float) -> float:
    return value if domain.contains(value) else default
