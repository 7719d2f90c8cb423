"""Jets: a number with its first and second derivatives, and the size of what each was added up from.

A jet carries sparse derivatives in many directions at once. A direction is an integer:

    0, 1, 2, ...     elements of the argument whose second derivatives are wanted
    VECTOR           the direction v of the Hessian-vector product, within that argument
    -2, -3, ...      elements of the other arguments, of first order only

Second derivatives are kept for the pairs (e, e) and (e, VECTOR): the Hessian's diagonal, and H v.
A missing direction is an exact zero.

At a corner such as |u| at u = 0 the slope is the mean of its two sides, 0, but u^2 has still a second
derivative. The lost slope is kept under `corners`, one entry for each corner met, as a number whose sign is
undecided: alone it averages to nothing, and times itself it is what it is.

**Sizes: the unit of error.** A kernel cannot be closer to a sum than rounding allows its terms, so an
error is measured in ulps of the largest term, where the terms are those of the definition and never
those of an implementation. Beside each number stands log2 of that size:

- `reach`, of the value: the largest |term| of the sum that the definition ends with. Numbers and
  arguments are `exact`, so a sum or difference of two of them rounds once and counts as one term.
  Names, branches, maxima, folds and numeric factors pass the reach of a sum on: naming or
  halving a sum does not change which terms it has. Any other function, a product included, starts
  afresh with its own value: in delta^2 (sqrt(1 + u^2) - 1) the kernel has to avoid the
  cancellation, and can.
- of a derivative: the largest contribution of a single path of the chain rule from the direction
  to the result. A sum takes the largest of its terms; a product multiplies the size by the other
  factors; f(u) multiplies it by |f'(u)|; a second derivative has the paths |f''| s_a s_b
  and |f'| s_ab. Where one path alone leads to the result, the size is the derivative itself, and
  the kernel has no excuse.

Sizes are exact to about 1e-15 in log2, which decides no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from mpmath import mpf

VECTOR = -1
NOTHING = -math.inf

Part = tuple[Any, float]  # a number, and log2 of the largest contribution to it
ZERO: Part = (mpf(0), NOTHING)


@dataclass(slots=True)
class Jet:
    """A value, log2 of the largest term of its own sum, and its derivatives by direction.

    `exact` says that a kernel holds the value without rounding: an argument, a number, or its negative.
    """

    value: Any
    reach: float
    first: dict[int, Part] = field(default_factory=dict)
    second: dict[tuple[int, int], Part] = field(default_factory=dict)
    exact: bool = False
    corners: dict[int, dict[int, Part]] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether the value depends on an argument that moves."""
        return bool(self.first or self.second or self.corners)


def constant(value: Any) -> Jet:
    """Return a jet that depends on nothing, exact if 53 bits hold it."""
    number = mpf(value)
    return Jet(number, magnitude(number), exact=number._mpf_[3] <= 53)


def variable(value: Any, seeds: dict[int, Any]) -> Jet:
    """Return an argument element, with its slope in each direction in which it moves."""
    number = mpf(value)
    first = {key: (mpf(slope), magnitude(mpf(slope))) for key, slope in seeds.items() if slope}
    return Jet(number, magnitude(number), first, exact=True)


def magnitude(number: Any) -> float:
    """Return log2 |number|; -inf for 0 and NaN, inf for an infinity."""
    _, mantissa, exponent, bits = number._mpf_
    if not mantissa:
        return math.inf if abs(number) == math.inf else NOTHING
    excess = bits - 53
    if excess > 0:
        return math.log2(mantissa >> excess) + exponent + excess
    return math.log2(mantissa) + exponent


def total(jets: Iterable[Jet]) -> Jet:
    """Return the sum; of two exact terms, as one term."""
    terms = list(jets)
    value = mpf(0)
    for term in terms:
        value += term.value
    first = _added(term.first for term in terms)
    second = _added(term.second for term in terms)
    once = len(terms) <= 2 and all(term.exact for term in terms)
    reach = NOTHING if once else max(term.reach for term in terms)
    corners = _merged(term.corners for term in terms)
    return Jet(value, max(reach, magnitude(value)), first, second, corners=corners)


def paired(jets: Iterable[Jet]) -> Jet:
    """Return the sum, in which two arguments (x - y + c) are taken together first."""
    terms = list(jets)
    arguments = [term for term in terms if term.exact and term.moves]
    if len(arguments) == 2 and len(terms) > 2:
        rest = [term for term in terms if not (term.exact and term.moves)]
        return total([total(arguments), *rest])
    return total(terms)


def scaled(jet: Jet, factor: Any) -> Jet:
    """Return the jet times a number."""
    if factor == 1:
        return jet
    if not factor:
        return Jet(jet.value * factor, NOTHING)
    size = magnitude(factor)
    return Jet(
        jet.value * factor,
        jet.reach + size,
        _times(jet.first, factor, size),
        _times(jet.second, factor, size),
        jet.exact and factor == -1,
        {site: _times(lost, factor, size) for site, lost in jet.corners.items()},
    )


def _times(parts: dict[Any, Part], factor: Any, size: float) -> dict[Any, Part]:
    return {key: (number * factor, scale + size) for key, (number, scale) in parts.items()}


def product(left: Jet, right: Jet) -> Jet:
    """Return the product of two jets, of the reach of its own value."""
    if not left.moves:
        left, right = right, left
    if not right.moves:
        result = scaled(left, right.value)
        return replace(result, reach=magnitude(result.value), exact=False)
    value = left.value * right.value
    return compose(value, NOTHING, (left, right), (right.value, left.value), {(0, 1): (mpf(1),)})


def compose(
    value: Any,
    reach: float,
    inputs: tuple[Jet, ...],
    slopes: tuple[Any, ...],
    curvatures: dict[tuple[int, int], tuple[Any, ...]],
) -> Jet:
    """Return f(inputs) by the chain rule, to second order.

    `slopes` holds df/du_i, a number or the terms of a sum; `curvatures` holds d2f/du_i du_j for
    i <= j, each as the terms of a sum. A slope without terms but 0 hides its input, infinite
    derivatives included: 0 is selected, not multiplied.
    """
    moved = [_sloped(jet, slope) for jet, slope in zip(inputs, slopes, strict=True) if slope]
    curved = [jet.second for jet in moved]
    for (i, j), terms in curvatures.items():
        for term in terms:
            if term:
                curved += _bent(inputs[i], inputs[j], term, i == j)
    first = _added(jet.first for jet in moved)
    corners = _merged(jet.corners for jet in moved)
    return Jet(value, max(reach, magnitude(value)), first, _added(curved), corners=corners)


def _sloped(jet: Jet, slope: Any) -> Jet:
    if not isinstance(slope, tuple):
        return scaled(jet, slope)
    number, size = sum(slope, mpf(0)), max(magnitude(term) for term in slope)
    first, second = _times(jet.first, number, size), _times(jet.second, number, size)
    corners = {site: _times(lost, number, size) for site, lost in jet.corners.items()}
    return Jet(number, NOTHING, first, second, corners=corners)


def _bent(left: Jet, right: Jet, term: Any, same: bool) -> Iterator[dict[tuple[int, int], Part]]:
    """Yield d2f/du_i du_j u_i,a u_j,b, of the slopes and of those lost in one corner of both."""
    yield _crossed(left.first, right.first, term, same)
    for site in left.corners.keys() & right.corners.keys():
        yield _crossed(left.corners[site], right.corners[site], term, same)


def _crossed(
    left: dict[int, Part], right: dict[int, Part], term: Any, same: bool
) -> dict[tuple[int, int], Part]:
    size = magnitude(term)
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


def _added(groups: Iterable[dict[Any, Part]]) -> dict[Any, Part]:
    result: dict[Any, Part] = {}
    for group in groups:
        for key, (number, scale) in group.items():
            if key in result:
                known, size = result[key]
                result[key] = (known + number, max(size, scale))
            else:
                result[key] = (number, scale)
    return result


def _merged(groups: Iterable[dict[int, dict[int, Part]]]) -> dict[int, dict[int, Part]]:
    sites: dict[int, list[dict[int, Part]]] = {}
    for group in groups:
        for site, lost in group.items():
            sites.setdefault(site, []).append(lost)
    return {site: _added(lost) for site, lost in sites.items()}
