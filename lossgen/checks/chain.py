"""The chain rule over jets, to second order, and the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mpmath import mpf

from .jets import NOTHING, VECTOR, Jet, Part, added_up, magnitude, merged, scaled, times


def product(left: Jet, right: Jet) -> Jet:
    """Return the product of two jets."""
    if not left.moves:
        left, right = right, left
    data = max(_sized(left.value, right.data), _sized(right.value, left.data))
    if not right.moves:
        return replace(scaled(left, right.value), reach=data, data=data, exact=False)
    slopes = (right.value, right.data), (left.value, left.data)
    return compose(
        left.value * right.value, data, (left, right), slopes, {(0, 1): ((mpf(1), 0.0),)}
    )


def _sized(number: Any, size: float) -> float:
    return magnitude(number) + size if number else NOTHING


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
    first = added_up(first for first, _, _, _ in moved)
    summed, moves = any(jet.summed for jet in inputs), any(jet.moves for jet in inputs)
    return Jet(
        value, data, first, added_up(curved),
        corners=corners, data=data, summed=summed, moves=moves,
    )  # fmt: skip


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
                number += term * left[one][0] * right[other][0]
                scale = max(scale, size + left[one][1] + right[other][1])
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
