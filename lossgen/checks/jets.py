"""Jets: a number with its derivatives, and the size of what each was added up from.

A jet carries sparse derivatives in many directions at once. A direction is an integer:

    0, 1, 2, ...     elements of the argument whose second derivatives are wanted
    VECTOR           the direction v of the Hessian-vector product, within that argument
    -2, -3, ...      elements of the other arguments, of first order only

Second derivatives are kept for the pairs (e, e) and (e, VECTOR): the Hessian's diagonal, and H v.
A missing direction is an exact zero.

At a corner such as |u| at u = 0 the slope is the mean of its two sides, 0, but u^2 has still a
second derivative. The lost slope is kept under `corners`, one entry for each corner met, as a
number whose sign is undecided: alone it averages to nothing, and times itself it is what it is.

**Sizes: the unit of error.** A kernel cannot be closer to a sum than rounding allows its terms, so
an error is measured in ulps of the largest term, where the terms are those of the definition and
never those of an implementation. Beside each number stands log2 of that size:

- `reach`, of the value: the largest |term| of the sum that the definition ends with. Numbers and
  arguments are `exact`, so a sum or difference of two of them rounds once and counts as one term.
  Names, branches, maxima, folds and numeric factors pass the reach of a sum on: naming or halving
  a sum does not change which terms it has. Any other function, a product included, starts afresh.
- of a derivative: the largest contribution of a single path of the chain rule from the direction
  to the result. A sum takes the largest of its terms, and of their partial sums, which are terms of
  what comes next; a product multiplies the size by the other factors; f(u) multiplies it by
  |f'(u)|; a second derivative has the paths |f''| s_a s_b and |f'| s_ab. Where one path alone leads
  to the result, the size is the derivative itself, and the kernel has no excuse.
- `data`, of a sum inside a formula: how well data that cancel can be known. x.y = 1e-3 out of
  products of size 1e3 is known to an ulp of 1e3, wherever it goes next; so a sum of several terms
  that move keeps its largest term through products and powers. A cancellation against a constant,
  as in delta^2 (sqrt(1 + u^2) - 1), is none of the data: the kernel has to avoid it, and can.
- `summed`: a fold has rounded at least once, by half an ulp of its largest term, which any
  function after it magnifies: exp(x.y) is known to |x.y|/2 ulp. A single sum or product of
  arguments gets no such excuse: its rounding error can be carried along.

Sizes are exact to about 1e-15 in log2, which decides no verdict. Those of exp(1e30) and the like
are known to 1e14 only; there a product keeps how far each size exceeds its own number (`grown`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import mpmath as mp
from mpmath import mpf

VECTOR = -1
NOTHING = -math.inf

# Up to here the sum of two sizes loses nothing that matters; beyond LIMIT all sizes are alike.
PRECISE = 2.0**32
LIMIT = 2.0**900

Part = tuple[Any, float]  # a number, and log2 of the largest contribution to it
Corners = dict[int, dict[int, Part]]
ZERO: Part = (mpf(0), NOTHING)


@dataclass(slots=True)
class Jet:
    """A value, the sizes of its terms (see above), and its derivatives by direction.

    `exact` says that a kernel holds the value without rounding: an argument, a number, or its
    negative; `moves` that the value depends on an argument that may be differentiated.
    """

    value: Any
    reach: float
    first: dict[int, Part] = field(default_factory=dict)
    second: dict[tuple[int, int], Part] = field(default_factory=dict)
    exact: bool = False
    corners: Corners = field(default_factory=dict)
    data: float = NOTHING
    summed: bool = False
    moves: bool = False

    def __post_init__(self) -> None:
        """Let no size be less than the value's own."""
        own = magnitude(self.value)
        self.data = max(self.data, own)
        self.reach = max(self.reach, self.data)

    @property
    def cancels(self) -> bool:
        """Whether the value is less than the terms that it was added up from."""
        return self.data > magnitude(self.value) + 1e-9


def constant(value: Any) -> Jet:
    """Return a jet that depends on nothing, exact if 53 bits hold it."""
    number = mpf(value)
    return Jet(number, magnitude(number), exact=number._mpf_[3] <= 53)


def variable(value: Any, seeds: dict[int, Any]) -> Jet:
    """Return an argument element, with its slope in each direction in which it moves."""
    number = mpf(value)
    first = {key: (mpf(slope), magnitude(mpf(slope))) for key, slope in seeds.items() if slope}
    return Jet(number, magnitude(number), first, exact=True, moves=True)


def magnitude(number: Any) -> float:
    """Return log2 |number|; -inf for 0, inf for an infinity, 0 for NaN, which is not nothing."""
    _, mantissa, exponent, bits = number._mpf_
    if not mantissa:
        return NOTHING if not number else math.inf if abs(number) == math.inf else 0.0
    excess = max(bits - 53, 0)
    if exponent.bit_length() > 900:
        return LIMIT if exponent > 0 else -LIMIT
    return math.log2(mantissa >> excess) + exponent + excess


def total(jets: Iterable[Jet]) -> Jet:
    """Return the sum; of two exact terms, as one term."""
    terms = list(jets)
    value = mpf(0)
    for term in terms:
        value += term.value
    first = added_up(term.first for term in terms)
    second = added_up(term.second for term in terms)
    corners = merged(term.corners for term in terms)
    reach = data = NOTHING
    if len(terms) > 2 or not all(term.exact for term in terms):
        reach, data = max(term.reach for term in terms), _data(terms)
    summed, moves = any(term.summed for term in terms), any(term.moves for term in terms)
    return Jet(
        value, reach, first, second,
        corners=corners, data=data, summed=summed, moves=moves,
    )  # fmt: skip


def _data(terms: list[Jet]) -> float:
    moving = [term for term in terms if term.moves]
    if len(moving) > 1:
        return max(term.data for term in terms)
    return max((term.data for term in moving if term.cancels or term.summed), default=NOTHING)


def folded(jets: list[Jet]) -> Jet:
    """Return the sum over an axis."""
    if len(jets) == 1:
        return jets[0]
    # A third term, for a sum over data has two terms even where both are exact.
    found = total([*jets, constant(0)])
    return replace(found, summed=sum(jet.moves for jet in jets) > 1)


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
    size = magnitude(factor)
    return Jet(
        jet.value * factor, grown(jet.value, jet.reach, factor, size),
        times(jet.first, factor, size), times(jet.second, factor, size),
        jet.exact and factor == -1,
        {site: times(lost, factor, size) for site, lost in jet.corners.items()},
        grown(jet.value, jet.data, factor, size), jet.summed, jet.moves,
    )  # fmt: skip


def times(parts: dict[Any, Part], factor: Any, size: float) -> dict[Any, Part]:
    """Return parts times a factor of this size. An infinite derivative times 0 is undefined."""
    if not factor and size == NOTHING:
        return {key: (mpf("nan"), 0.0) for key, (number, _) in parts.items() if mp.isinf(number)}
    return {
        key: (number * factor, grown(number, scale, factor, size))
        for key, (number, scale) in parts.items()
    }


def grown(number: Any, scale: float, factor: Any, size: float) -> float:
    """Return the size of the product of a number of one size and a factor of another."""
    if abs(scale) <= PRECISE and abs(size) <= PRECISE:
        return scale + size
    if NOTHING in (scale, size):
        return NOTHING
    if math.inf in (scale, size):
        return math.inf
    if not number or not factor:
        return min(scale + size, LIMIT)
    own = magnitude(number), magnitude(factor)
    return magnitude(number * factor) + max(scale - own[0], 0.0) + max(size - own[1], 0.0)


def added_up(groups: Iterable[dict[Any, Part]]) -> dict[Any, Part]:
    """Return the sum of parts by direction, each of the size of its largest term or partial sum."""
    result: dict[Any, Part] = {}
    for group in groups:
        for key, (number, scale) in group.items():
            if key in result:
                known, size = result[key]
                added = known + number
                result[key] = (added, max(size, scale, magnitude(added)))
            else:
                result[key] = (number, scale)
    return result


def merged(groups: Iterable[Corners]) -> Corners:
    """Return the sum of slopes lost in corners, corner by corner."""
    sites: dict[int, list[dict[int, Part]]] = {}
    for group in groups:
        for site, lost in group.items():
            sites.setdefault(site, []).append(lost)
    return {site: added_up(lost) for site, lost in sites.items()}
