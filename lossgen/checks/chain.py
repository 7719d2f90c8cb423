"""The chain rule over jets, to second order, and the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from mpmath import mpf

from .jets import NOTHING, VECTOR, Jet, Part, added_up, grown, magnitude, merged, scaled, times

# Whether the paths of the chain rule through one function count as terms, besides those of the sums
# that the definition itself has.
PATHS = ContextVar("PATHS", default=True)

# The bits of a kernel's mantissa.
BITS = ContextVar("BITS", default=53)


@contextmanager
def own_sums_only() -> Iterator[None]:
    """Count the terms of the definition's own sums, and no others."""
    token = PATHS.set(False)
    try:
        yield
    finally:
        PATHS.reset(token)


def product(left: Jet, right: Jet) -> Jet:
    """Return the product of two jets."""
    if not left.moves:
        left, right = right, left
    data = max(_sized(left, right), _sized(right, left))
    if not right.moves:
        return replace(scaled(left, right.value), reach=data, data=data, exact=False)
    slopes = (right.value, right.data), (left.value, left.data)
    return compose(
        left.value * right.value, data, (left, right), slopes, {(0, 1): ((mpf(1), 0.0),)}
    )


def _sized(factor: Jet, jet: Jet) -> float:
    """Return the size of the jet's terms, each times the factor."""
    number = factor.value
    return grown(jet.value, jet.data, number, magnitude(number)) if number else NOTHING


def compose(
    value: Any,
    data: float,
    inputs: tuple[Jet, ...],
    slopes: tuple[Part, ...],
    curvatures: Mapping[tuple[int, int], tuple[Part, ...]],
    hides: bool = False,
) -> Jet:
    """Return f(inputs) by the chain rule, to second order.

    `slopes` holds df/du_i with its size; `curvatures` holds d2f/du_i du_j for i <= j as terms of a
    sum, each with its size. With `hides` a slope of 0 hides its input, infinite derivatives
    included: 0 log 0 is selected, not multiplied.
    """
    moved = [
        (times(jet.first, *slope), times(jet.second, *slope), jet.corners, slope)
        for jet, slope in zip(inputs, slopes, strict=True)
        if slope[0] or not hides
    ]
    curved = [second for _, second, _, _ in moved]
    for (i, j), terms in curvatures.items():
        for term in terms:
            if term[0]:
                curved += _bent(inputs[i], inputs[j], term, i == j)
    corners = merged(
        {site: times(lost, *slope) for site, lost in sites.items()} for _, _, sites, slope in moved
    )
    joined = added_up if PATHS.get() else unexcused
    first = joined(first for first, _, _, _ in moved)
    summed, moves = any(jet.summed for jet in inputs), any(jet.moves for jet in inputs)
    return Jet(
        value, data, first, joined(curved),
        corners=corners, data=data, summed=summed, moves=moves,
    )  # fmt: skip


def unexcused(groups: Iterable[dict[Any, Part]]) -> dict[Any, Part]:
    """Return the sum of parts by direction, of its own size unless a part is a sum that cancels."""
    known = list(groups)
    result = added_up(known)
    excused: dict[Any, float] = {}
    for group in known:
        for key, (number, size) in group.items():
            if size > magnitude(number) + 1e-6:
                excused[key] = max(size, excused.get(key, NOTHING))
    return {
        key: (number, max(magnitude(number), excused.get(key, NOTHING)))
        for key, (number, _) in result.items()
    }


def _bent(left: Jet, right: Jet, term: Part, same: bool) -> Iterator[dict[tuple[int, int], Part]]:
    """Yield d2f/du_i du_j u_i,a u_j,b, of the slopes and of those lost in one corner of both."""
    yield _crossed(left.first, right.first, term, same)
    for site in left.corners.keys() & right.corners.keys():
        yield _crossed(left.corners[site], right.corners[site], term, same)


def _crossed(
    left: dict[int, Part], right: dict[int, Part], bend: Part, same: bool
) -> dict[tuple[int, int], Part]:
    term, size = bend
    found: dict[tuple[int, int], Part] = {}
    for pair in _pairs(left, right):
        a, b = pair
        number, scale = mpf(0), NOTHING
        # And the same with a and b exchanged, unless i and j are one input.
        for one, other in ((a, b),) if same else ((a, b), (b, a)):
            if one in left and other in right:
                half, reach = term * left[one][0], grown(term, size, *left[one])
                number += half * right[other][0]
                scale = max(scale, grown(half, reach, *right[other]))
        if scale != NOTHING:
            found[pair] = (number, scale)
    return found


def _pairs(left: dict[int, Part], right: dict[int, Part]) -> Iterator[tuple[int, int]]:
    keys = [key for key in {**left, **right} if key >= 0]
    along = VECTOR in left or VECTOR in right
    for key in keys:
        if key in left and key in right:
            yield key, key
        if along:
            yield key, VECTOR
