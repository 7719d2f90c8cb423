"""Recipes at the ends of the range: every exponent of the dtype, and what overflows, underflows or
cancels there.

A zero of a one-sided domain is the number 0, whatever its sign bit says: `signed_zeros` draws -0.0
there too, and the exact answer is that at 0, approached from inside the domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument

from .recipes import Row, Setting, alike, corner, hard, moderate


def anywhere(s: Setting) -> Row:
    """Each number of any exponent, subnormals included."""
    return s.filled(lambda domain, shape: magnitudes(s, domain, shape, exponents(s, shape)))


def anywhere_alike(s: Setting) -> Row:
    """All numbers of one magnitude, which is any."""
    level = exponents(s, ())
    return s.filled(lambda domain, shape: magnitudes(s, domain, shape, level))


def neighbours(s: Setting) -> Row:
    """All arguments one ulp beyond the first, at any magnitude."""
    beyond = s.dtype.type(s.random.choice([-np.inf, np.inf]))
    return alike(s, anywhere_alike(s), lambda first: np.nextafter(first, beyond))


def same_anywhere(s: Setting) -> Row:
    """All arguments equal, at any magnitude."""
    return alike(s, anywhere(s), lambda first: first)


def ties_anywhere(s: Setting) -> Row:
    """Small multiples of one power of two: ties and exact differences at any magnitude."""
    limits = np.finfo(s.dtype)
    level = int(s.random.integers(limits.minexp - limits.nmant, limits.maxexp - 3))
    return s.filled(lambda _, shape: np.ldexp(1.0 * s.random.integers(-2, 3, shape), level))


def corner_anywhere(s: Setting) -> Row:
    """The corner of a piecewise loss, or its neighbours, far from 0 where numbers are coarse."""
    row = corner(s, int(s.random.integers(-1, 2)))
    away = s.dtype.type(2.0 ** s.random.integers(1, np.finfo(s.dtype).nmant + 1))
    for argument in s.arguments:
        if argument.domain.name == "Real":
            row[argument.name] = row[argument.name] + away
    return row


def largest(s: Setting) -> Row:
    """The largest finite numbers, of either sign; of arrays those whose sums are still finite."""
    return constant(s, np.ldexp(float(np.finfo(s.dtype).max), -spare(s)))


def smallest(s: Setting) -> Row:
    """The smallest subnormals, of either sign."""
    return constant(s, float(np.finfo(s.dtype).smallest_subnormal))


def smallest_normal(s: Setting) -> Row:
    """The smallest normal numbers, of either sign."""
    return constant(s, float(np.finfo(s.dtype).smallest_normal))


def constant(s: Setting, size: float) -> Row:
    """Return numbers of one size and any sign."""
    return s.filled(lambda _, shape: size * s.random.choice([-1.0, 1.0], shape))


def dominated(s: Setting) -> Row:
    """One number far larger than all others: every other is lost beside it."""
    row = moderate(s)
    chosen = any_real(s)
    if chosen is not None:
        far = s.random.integers(np.finfo(s.dtype).nmant // 2, np.finfo(s.dtype).maxexp - 4)
        place = tuple(s.random.integers(0, extent) for extent in s.shape(chosen))
        numbers = np.array(row[chosen.name])
        numbers[place] = np.ldexp(numbers[place], far)
        row[chosen.name] = s.inside(chosen.domain, numbers)
    return row


def extremes_beside_each_other(s: Setting) -> Row:
    """Huge numbers beside tiny ones, 1e30 beside 1e-30, opposite in exponent."""
    level = int(s.random.integers(12, np.finfo(s.dtype).maxexp - 2))

    def fill(domain: Domain, shape: tuple[int, ...]) -> Any:
        return magnitudes(s, domain, shape, level * s.random.choice([-1, 1], shape))

    return s.filled(fill)


def exponential_range(s: Setting) -> Row:
    """Numbers whose exponentials go from 1 + eps to overflow and underflow."""
    top = math.log2(2 * math.log(float(np.finfo(s.dtype).max)))
    row = s.filled(lambda _, shape: signed(s, 2.0 ** s.random.uniform(-3, top, shape)))
    return row if s.random.integers(0, 2) else {**hard(s), **first_of(s, row)}


def subnormal_exponentials(s: Setting) -> Row:
    """Numbers, or hard zeros and ones beside a first one, whose exponentials are subnormal."""
    limits = np.finfo(s.dtype)
    low, high = -math.log(float(limits.tiny)), -math.log(float(limits.smallest_subnormal))
    row = s.filled(lambda _, shape: signed(s, s.random.uniform(low, high, shape)))
    return row if s.random.integers(0, 2) else {**hard(s), **first_of(s, row)}


def confident(s: Setting) -> Row:
    """A first argument that is sure of the truth: its logit 20 and more above the others.

    The truth is the label; without one, a share of 1 in the other arguments, or their sign.
    """
    row = moderate(s)
    first = next((a for a in s.arguments if a.domain.name == "Real"), None)
    if first is None or 0 in s.shape(first):
        return row
    lead = s.random.uniform(20, 0.95 * math.log(float(np.finfo(s.dtype).max)) + 20)
    numbers = np.array(row[first.name])
    place = truth(s, row, first)
    others = [a for a in s.arguments if a is not first and s.shape(a) == numbers.shape]
    sign = 1.0 if numbers.ndim else s.random.choice([-1.0, 1.0])
    numbers[place] = sign * (abs(numbers).max() + lead)
    for argument in others:
        if argument.domain.name in ("Unit", "Sign"):
            certain = np.zeros(numbers.shape)
            certain[place] = (sign > 0) if argument.domain.name == "Unit" else sign
            row[argument.name] = s.inside(argument.domain, certain)
    row[first.name] = s.inside(first.domain, numbers)
    return row


def truth(s: Setting, row: Row, argument: Argument) -> tuple[int, ...]:
    """Return the place of the true class in an argument: the label's, or any."""
    place = [int(s.random.integers(0, extent)) for extent in s.shape(argument)]
    for label in s.arguments:
        if label.domain.values in argument.domain.axes and not label.domain.axes:
            place[argument.domain.axes.index(label.domain.values)] = int(row[label.name])
    return tuple(place)


def within_ulps_of_the_ends(s: Setting) -> Row:
    """Shares of 1 within ulps of 0 and of 1; other numbers within ulps of 0, 1 and -1."""
    limits = np.finfo(s.dtype)
    tiny, eps = float(limits.smallest_subnormal), float(limits.eps)
    ends = np.array([tiny, 3 * tiny, float(limits.smallest_normal), eps / 2, eps])
    ends = np.concatenate([ends, 1 - eps / 2 * np.arange(4), [0.5]])

    def fill(domain: Domain, shape: tuple[int, ...]) -> Any:
        return s.random.choice(ends, shape) * (1 if domain.low == 0 else signs(s, shape))

    return s.filled(fill)


def signed_zeros(s: Setting) -> Row:
    """Zeros of either sign in every domain that has 0, and ones."""
    return s.filled(lambda _, shape: s.random.choice([-0.0, -0.0, 0.0, 1.0], shape))


def infinite(s: Setting) -> Row:
    """One argument infinite, the others hard or moderate; of arrays, one element -inf.

    An infinite element is a masked class of a softmax; a label does not point to it.
    """
    row = hard(s) if s.random.integers(0, 2) else moderate(s)
    real = [a for a in s.arguments if a.domain.name == "Real" and 0 not in s.shape(a)]
    if not real:
        return row
    chosen = real[int(s.random.integers(len(real)))]
    numbers = np.array(row[chosen.name])
    if not numbers.ndim:
        row[chosen.name] = s.dtype.type(s.random.choice([-np.inf, np.inf]))
        return row
    place, avoided = truth(s, row, chosen), truth(s, row, chosen)
    if place == avoided:
        place = (*place[:-1], (place[-1] + 1) % numbers.shape[-1])
    numbers[place] = -np.inf
    row[chosen.name] = numbers
    return row


def exponents(s: Setting, shape: tuple[int, ...]) -> Any:
    """Return exponents of 2 from the smallest subnormal to the largest finite number."""
    limits = np.finfo(s.dtype)
    return s.random.integers(limits.minexp - limits.nmant, limits.maxexp - spare(s), shape)


def spare(s: Setting) -> int:
    """Return the exponents to spare, so that no sum over an array of arguments overflows.

    For numbers, one for a difference and three for a parameter that divides it: of two largest
    floats the difference is no float, and a loss of it has nothing to start from, though the loss
    itself may be an ordinary number, as log(1 + r^2).
    """
    counts = [math.prod(s.shape(argument)) for argument in s.arguments]
    arrays = any(s.shape(argument) for argument in s.arguments)
    return math.ceil(math.log2(max(2 * sum(counts), 1))) if arrays else 4


def magnitudes(s: Setting, domain: Domain, shape: tuple[int, ...], exponent: Any) -> Any:
    """Return numbers of given exponents; shares of 1 have them below 1 or away from 1."""
    fraction = s.random.uniform(1, 2, shape)
    if domain.high == 1 and domain.low == 0:
        near = np.ldexp(fraction, -abs(np.asarray(exponent)) - 1)
        away = 1 - np.ldexp(fraction, -(abs(np.asarray(exponent)) % (np.finfo(s.dtype).nmant + 2)))
        return np.where(s.random.integers(0, 2, shape), near, abs(away))
    return signed(s, np.ldexp(fraction, exponent))


def signed(s: Setting, numbers: Any) -> Any:
    """Return the numbers with random signs."""
    return numbers * signs(s, np.shape(numbers))


def signs(s: Setting, shape: tuple[int, ...]) -> Any:
    """Return random signs."""
    return s.random.choice([-1.0, 1.0], shape)


def any_real(s: Setting) -> Argument | None:
    """Return one of the arguments that hold numbers, if any does."""
    found = [a for a in s.arguments if not a.domain.integer and 0 not in s.shape(a)]
    return found[int(s.random.integers(len(found)))] if found else None


def first_of(s: Setting, row: Row) -> Row:
    """Return the first real argument of a row alone."""
    name = next((a.name for a in s.arguments if not a.domain.integer), None)
    return {} if name is None else {name: row[name]}


# Recipe, and how often it is drawn for a row of two axes; twice that for one axis, four times for
# one number.
EXTREMES: tuple[tuple[Callable[[Setting], Row], int], ...] = (
    (anywhere, 2), (anywhere_alike, 2), (neighbours, 1), (same_anywhere, 1), (ties_anywhere, 1),
    (corner_anywhere, 1), (largest, 1), (smallest, 1), (smallest_normal, 1), (dominated, 1),
    (extremes_beside_each_other, 2), (exponential_range, 2),
    (subnormal_exponentials, 1), (confident, 2),
    (within_ulps_of_the_ends, 2), (signed_zeros, 2), (infinite, 2),
)  # fmt: skip
