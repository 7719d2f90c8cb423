"""The conventions at kinks, ties and corners, in one place: what a derivative is where there is
none.

    |x| at 0                        slope 0; x^2 keeps its second derivative (see `jets`, corners)
    sign                            slope 0 everywhere
    Max(z, c) at z = c              slope 0 if c depends on no differentiable argument (the hinge)
    Max, Min of dependent arguments a tie is shared equally
    MaxOver, MinOver                a tie is shared equally among the tied elements
    sqrt of a sum at 0              slope 0: the norm of the zero vector (a bare argument: infinite)
    Piecewise                       the author's branch at the point, in value and derivatives
    stop_gradient                   slope 0
    -0.0 where a domain starts at 0 the number 0, approached from inside; an infinite derivative may
                                    have the sign of the zero, as 1 / (-0.0) does, all else may not
    an infinite argument            the limit; no answer is asked where there is none

Each comparison goes through a `Judge`, which remembers how close it was: a comparison that rounding
of its two sides could turn is *marginal*, and the checker accepts what any of its outcomes gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from mpmath import mpf

from .jets import NOTHING, Jet, constant, magnitude, scaled, total


@dataclass
class Judge:
    """Decides comparisons at a point; `bits` is the width of a kernel's mantissa, `top` log2 of its
    largest number.

    `tilt` is None, or what every marginal comparison is taken to be: -1, 0 or 1. `margin` is the
    smallest relative distance from a kink met so far, exact hits included. `vanished` says that a
    side or the difference of one was 0 after rounding, which a higher precision may deny.
    """

    bits: int
    tilt: int | None = None
    top: float = math.inf
    marginal: bool = False
    margin: float = math.inf
    vanished: bool = False
    sites: int = 0

    def compare(self, left: Jet, right: Jet) -> int:
        """Return the sign of left - right, 0 for NaN."""
        difference = left.value - right.value
        if not (left.exact and right.exact) and not (difference and left.value and right.value):
            self.vanished = True
        order = (difference > 0) - (difference < 0)
        if not left.moves and not right.moves:
            return order  # what depends on no argument that moves has no kink
        size = max(left.reach, right.reach)
        distance = magnitude(difference) - size if size != NOTHING else NOTHING
        self.margin = min(self.margin, 2.0 ** max(distance, -1074.0) if order else 0.0)
        if distance <= 1 - self.bits and not (left.exact and right.exact):
            self.marginal = self.marginal or bool(order)
            return order if self.tilt is None or not order else self.tilt
        return order


ZERO = constant(0)


def absolute(jet: Jet, judge: Judge) -> Jet:
    """Return |u|, of slope sign(u), which is 0 at 0."""
    order = judge.compare(jet, ZERO)
    if order:
        return scaled(jet, mpf(order))
    judge.sites += 1
    corners = {judge.sites: jet.first} if jet.first else {}
    return Jet(abs(jet.value), jet.reach, exact=jet.exact, corners=corners, moves=jet.moves)


def signum(jet: Jet, judge: Judge) -> Jet:
    """Return sign(u), constant under differentiation."""
    return constant(judge.compare(jet, ZERO))


def extremum(jets: list[Jet], largest: bool, judge: Judge) -> Jet:
    """Return Max or Min of a few expressions: a hinge against constants, else ties are shared."""
    moving = [jet for jet in jets if jet.moves]
    fixed = [jet for jet in jets if not jet.moves]
    level = fold_extremum(fixed, largest, judge) if fixed else None
    if not moving:
        assert level is not None
        return level
    best = fold_extremum(moving, largest, judge)
    if level is None:
        return best
    order = judge.compare(best, level) * (1 if largest else -1)
    reach = max(best.reach, level.reach)
    if order > 0:
        return replace(best, reach=reach)
    return replace(level, reach=reach if order == 0 else level.reach, moves=True)


def fold_extremum(jets: list[Jet], largest: bool, judge: Judge) -> Jet:
    """Return the largest (or smallest) jet, sharing a tie equally among the tied ones."""
    sense = 1 if largest else -1
    best, tied = jets[0], [jets[0]]
    for jet in jets[1:]:
        order = judge.compare(jet, best) * sense
        if order > 0:
            best, tied = jet, [jet]
        elif order == 0:
            tied.append(jet)
    if len(tied) == 1:
        return best
    shared = total([scaled(jet, 1 / mpf(len(tied))) for jet in tied])
    return replace(best, first=shared.first, second=shared.second, corners=shared.corners)


def root_at_zero(power: Any, leaf: bool) -> tuple[Any, Any]:
    """Return slope and curvature of u**power at u = 0, for 0 < power < 1."""
    if leaf:
        return mpf("inf"), mpf("-inf")
    return mpf(0), mpf(0)
