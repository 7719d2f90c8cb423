"""Recipes for one row of arguments: tame numbers by domain, and the edges where kernels go wrong.

A recipe sees domains, shapes and parameters, never the loss: what is sampled does not depend on
what is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument

Numbers = Any  # an array, or a number of the dtype
Row = dict[str, Numbers]


@dataclass(frozen=True)
class Setting:
    """What a recipe knows: the per-row arguments, extents by axis, scalar parameters, dtype."""

    arguments: Sequence[Argument]
    sizes: Mapping[str, int]
    parameters: Mapping[str, float]
    dtype: np.dtype[Any]
    random: np.random.Generator

    def shape(self, argument: Argument) -> tuple[int, ...]:
        """Return the shape of an argument in one row."""
        return tuple(self.sizes[name] for name in argument.domain.axes)

    def filled(self, fill: Callable[[Domain, tuple[int, ...]], Any]) -> Row:
        """Return a row whose real arguments are `fill`ed; integers are drawn."""
        row: Row = {}
        for argument in self.arguments:
            shape = self.shape(argument)
            if argument.domain.integer:
                row[argument.name] = self.integers(argument, shape)
            else:
                row[argument.name] = self.inside(argument.domain, fill(argument.domain, shape))
        return row

    def integers(self, argument: Argument, shape: tuple[int, ...]) -> Any:
        """Return labels of the axis, both ends included; small integers where there is no axis."""
        values = argument.domain.values
        top = self.sizes[values] if values is not None else 3
        return self.random.integers(0, top, shape)

    def inside(self, domain: Domain, numbers: Any) -> Any:
        """Return the numbers rounded to the dtype and moved into the domain."""
        kind = self.dtype.type
        found = np.asarray(numbers, self.dtype)
        if domain.name == "Sign":
            return np.where(np.signbit(found), kind(-1), kind(1))
        if domain.low == 0:
            found = np.where(found < 0, -found, found)  # which keeps the sign of -0.0
        if domain.high is not None:
            found = np.where(found > 1, 1 / np.maximum(found, 1), found)
        tiny = kind(2.0**-10)
        if domain.open_low:
            found = np.where(found <= kind(0), tiny, found)
        if domain.open_high:
            found = np.where(found >= kind(1), 1 - tiny, found)
        return found.astype(self.dtype)


def tame(s: Setting) -> Row:
    """Numbers of magnitude 2^-10 to 2^10."""
    return s.filled(lambda domain, shape: spread(s.random, domain, shape, 10))


def moderate(s: Setting) -> Row:
    """Numbers of magnitude 1/8 to 8, where exponentials neither vanish nor saturate."""
    return s.filled(lambda domain, shape: spread(s.random, domain, shape, 3))


def spread(
    random: np.random.Generator, domain: Domain, shape: tuple[int, ...], octaves: int
) -> Any:
    """Return magnitudes spread evenly over octaves; shares of 1 approach both ends."""
    if domain.high == 1 and domain.low == 0:
        near = 2.0 ** random.uniform(-octaves, 0, shape)
        pick = random.integers(0, 3, shape)
        return np.choose(pick, [random.uniform(0, 1, shape), near, 1 - near])
    signs = random.choice([-1.0, 1.0], shape)
    return signs * 2.0 ** random.uniform(-octaves, octaves, shape)


def equal(s: Setting) -> Row:
    """All arguments of one shape equal: the perfect prediction."""
    return alike(s, moderate(s), lambda first: first)


def equal_tame(s: Setting) -> Row:
    """All arguments of one shape equal, at any magnitude."""
    return alike(s, tame(s), lambda first: first)


def above(s: Setting) -> Row:
    """All arguments one ulp above the first."""
    return alike(s, moderate(s), lambda first: np.nextafter(first, s.dtype.type(np.inf)))


def below(s: Setting) -> Row:
    """All arguments one ulp below the first."""
    return alike(s, moderate(s), lambda first: np.nextafter(first, s.dtype.type(-np.inf)))


def opposite(s: Setting) -> Row:
    """All arguments minus the first."""
    return alike(s, moderate(s), lambda first: -first)


def shifted(s: Setting) -> Row:
    """All arguments a constant away from the first: ties among the differences."""
    step = s.random.choice([-2.0, -0.5, 0.5, 2.0])
    return alike(s, on_grid(s), lambda first: first + s.dtype.type(step))


def alike(s: Setting, row: Row, change: Callable[[Any], Any]) -> Row:
    """Return the row with each real argument made from an earlier one of the same shape."""
    first: dict[tuple[int, ...], Any] = {}
    for argument in s.arguments:
        if argument.domain.integer:
            continue
        shape = s.shape(argument)
        if shape in first:
            row[argument.name] = s.inside(argument.domain, change(first[shape]))
        else:
            first[shape] = row[argument.name]
    return row


def on_grid(s: Setting) -> Row:
    """Multiples of 1/4 between -2 and 2: repeated elements, ties, exact differences."""
    return s.filled(lambda _, shape: s.random.integers(-8, 9, shape) / 4)


def level(s: Setting) -> Row:
    """Each argument constant along its axes."""
    return s.filled(lambda domain, shape: np.full(shape, spread(s.random, domain, (), 3)))


def at_parameter(s: Setting) -> Row:
    """First argument a parameter away from the others: the corner of a piecewise loss."""
    return corner(s, 0)


def over_parameter(s: Setting) -> Row:
    """One ulp beyond the corner."""
    return corner(s, 1)


def under_parameter(s: Setting) -> Row:
    """One ulp before the corner."""
    return corner(s, -1)


def corner(s: Setting, ulps: int) -> Row:
    """Return first = others +- parameter, exactly, and `ulps` further."""
    kind = s.dtype.type
    names = sorted(s.parameters) or [""]
    size = kind(s.parameters.get(s.random.choice(names), 1.0))
    away = kind(s.random.choice([-1.0, 1.0])) * size
    start = kind(s.random.choice([-1.0, 0.0, 1.0])) * size
    row = s.filled(lambda _, shape: np.full(shape, start))
    first = next((a for a in s.arguments if not a.domain.integer), None)
    if first is None:
        return row
    end = start + away
    if ulps:
        # Beside 0 the next number is subnormal, which is not tame: one ulp of 2^-10 instead.
        ahead = kind(1 if (ulps > 0) == (away > 0) else -1)
        end = np.nextafter(end, ahead * kind(np.inf)) if end else ahead * np.spacing(kind(2.0**-10))
    row[first.name] = s.inside(first.domain, np.full(s.shape(first), end, s.dtype))
    return row


def zeros(s: Setting) -> Row:
    """Zeros where the domain has them: zero vectors, empty masks."""
    return s.filled(lambda _, shape: np.zeros(shape))


def negative_zeros(s: Setting) -> Row:
    """Zeros with a sign, where the domain goes to both sides of 0."""
    return s.filled(lambda domain, shape: np.full(shape, 0.0 if domain.low == 0 else -0.0))


def one_zero(s: Setting) -> Row:
    """One argument zero, the others moderate."""
    row = moderate(s)
    real = [argument for argument in s.arguments if not argument.domain.integer]
    if real:
        chosen = real[int(s.random.integers(len(real)))]
        row[chosen.name] = s.inside(chosen.domain, np.zeros(s.shape(chosen)))
    return row


def ones(s: Setting) -> Row:
    """Ones and minus ones: margins of exactly 1."""
    return s.filled(lambda _, shape: s.random.choice([-1.0, 1.0], shape))


def hard(s: Setting) -> Row:
    """Zeros and ones: hard masks, certain probabilities."""
    return s.filled(lambda _, shape: s.random.integers(0, 2, shape))


def half_hard(s: Setting) -> Row:
    """A soft first argument against hard zeros and ones."""
    row = hard(s)
    soft = moderate(s)
    first = next((a.name for a in s.arguments if not a.domain.integer), None)
    return row if first is None else {**row, first: soft[first]}


def first_label(s: Setting) -> Row:
    """Labels at the low end."""
    return labelled(s, lambda extent: 0)


def last_label(s: Setting) -> Row:
    """Labels at the high end."""
    return labelled(s, lambda extent: extent - 1)


def labelled(s: Setting, place: Callable[[int], int]) -> Row:
    """Return a moderate row with all labels at one place."""
    row = moderate(s)
    for argument in s.arguments:
        if argument.domain.values is not None:
            label = place(s.sizes[argument.domain.values])
            row[argument.name] = np.full(s.shape(argument), label, np.int64)
    return row


# Recipe and how often it is drawn in a full batch.
RECIPES: tuple[tuple[Callable[[Setting], Row], int], ...] = (
    (tame, 12), (moderate, 12), (half_hard, 4), (hard, 3), (on_grid, 3),
    (equal, 2), (equal_tame, 1), (above, 2), (below, 2), (opposite, 1), (shifted, 2), (level, 1),
    (at_parameter, 4), (over_parameter, 3), (under_parameter, 3),
    (zeros, 1), (negative_zeros, 1), (one_zero, 2), (ones, 2), (first_label, 1), (last_label, 1),
)  # fmt: skip
