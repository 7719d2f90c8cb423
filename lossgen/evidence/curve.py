"""Facts of a function of one variable: signs of its derivatives on each piece, limits at the ends.

A function that is analytic between two ends, where it has finite limits, is bounded between them;
so is its derivative. Where the second derivative has one sign, the limits of the first bound it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from sympy import AccumBounds, Expr, Limit, Max, Min, Poly, S, fraction, limit, simplify, together

from .facts import NOTHING, Facts, Undecided, is_finite, some_bound
from .pieces import Piece, at, pieces
from .signs import is_nonnegative, is_positive, is_zero


def curve(expression: Expr, x: Any, low: Any, high: Any) -> Facts:
    """Return the facts of an expression as a function of x between two ends.

    Its other symbols are any numbers of their sign; bounds may have them.
    """
    try:
        arcs = [_Arc(piece) for piece in pieces(expression, x, low, high)]
        joints = [_joint(left, right, expression, x) for left, right in pairwise(arcs)]
    except Undecided:
        return NOTHING
    continuous = all(joint.continuous for joint in joints)
    values = [joint.value for joint in joints]
    jumps = [joint.jump for joint in joints]
    bottom, top = (
        Min(*(arc.low for arc in arcs), *values),
        Max(*(arc.high for arc in arcs), *values),
    )
    above = (
        is_finite(bottom)
        and all(arc.is_above(bottom) for arc in arcs)
        and all(is_positive(value - bottom) for value in values)
    )
    return Facts(
        bottom,
        top,
        above,
        convex=continuous and all(a.convex for a in arcs) and all(map(_never_negative, jumps)),
        concave=continuous and all(a.concave for a in arcs) and all(map(_never_positive, jumps)),
        increasing=continuous and all(arc.increasing for arc in arcs),
        decreasing=continuous and all(arc.decreasing for arc in arcs),
        slope=Max(*(arc.slope for arc in arcs)) if continuous else S.Infinity,
        smooth=continuous and all(jump is not None and is_zero(jump) for jump in jumps),
    )


class _Arc:
    """One piece with its derivatives, worked out when they are asked for."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.value = piece.expression
        self.first = together(piece.derivative(self.value))
        self.second = together(piece.derivative(self.first))

    @cached_property
    def convex(self) -> bool:
        return is_nonnegative(self.second)

    @cached_property
    def concave(self) -> bool:
        return is_nonnegative(-self.second)

    @cached_property
    def values(self) -> tuple[Any, Any]:
        """The limits of the function at both ends; None where one is unknown."""
        return self._at_ends(self.value)

    @cached_property
    def slopes(self) -> tuple[Any, Any]:
        """The limits of the derivative at both ends."""
        return self._at_ends(self.first)

    def _at_ends(self, expression: Expr) -> tuple[Any, Any]:
        start, end = self.piece.ends()
        return tuple(_limit(expression, self.piece.s, *place) for place in (start, end))

    @cached_property
    def increasing(self) -> bool:
        # A convex function has its least slope at its low end.
        least = self.slopes[0] if self.convex else self.slopes[1] if self.concave else None
        return is_nonnegative(self.first) or _never_negative(least)

    @cached_property
    def decreasing(self) -> bool:
        most = self.slopes[1] if self.convex else self.slopes[0] if self.concave else None
        return is_nonnegative(-self.first) or _never_positive(most)

    @cached_property
    def low(self) -> Any:
        if self.increasing or self.decreasing:
            found = self.values[0 if self.increasing else 1]
            return S.NegativeInfinity if found is None else found
        if self.convex and (lowest := self._stationary()) is not None:
            return lowest
        if is_nonnegative(self.value):
            return S.Zero
        return -some_bound() if self._bounded() else S.NegativeInfinity

    @cached_property
    def high(self) -> Any:
        if self.increasing or self.decreasing:
            found = self.values[1 if self.increasing else 0]
            return S.Infinity if found is None else found
        if self.concave and (highest := self._stationary()) is not None:
            return highest
        if is_nonnegative(-self.value):
            return S.Zero
        return some_bound() if self._bounded() else S.Infinity

    def _bounded(self) -> bool:
        return all(value is not None and is_finite(value) for value in self.values)

    def _stationary(self) -> Any:
        """Return the value where the slope is 0, if that is at a place inside which is known."""
        s = self.piece.s
        above = fraction(together(self.first))[0]
        if above.is_polynomial(s) and Poly(above, s).degree() == 1:
            slope, offset = Poly(above, s).all_coeffs()
            root = together(-offset / slope)
            return self.value.subs(s, root) if is_positive(root) else None
        for place in self.value.free_symbols - {s}:
            # A loss is often least where the argument is another one.
            if place.is_positive and is_zero(simplify(self.first.subs(s, place))):
                return simplify(self.value.subs(s, place))
        return None

    @cached_property
    def slope(self) -> Any:
        """The largest absolute value of the derivative."""
        if any(found is None or not is_finite(found) for found in self.slopes):
            return S.Infinity
        if self.convex or self.concave:
            return Max(*(_size(found) for found in self.slopes))
        return some_bound()

    def is_above(self, low: Any) -> bool:
        """Whether the function never comes down to `low` inside the piece."""
        strict = is_positive(self.first) or is_positive(-self.first)
        return is_positive(self.value - low) or (strict and is_nonnegative(self.low - low))


@dataclass(frozen=True)
class _Joint:
    """Where two pieces meet: the author's value there, and the jump of the slope."""

    value: Any
    continuous: bool
    jump: Any


def _joint(left: _Arc, right: _Arc, expression: Expr, x: Any) -> _Joint:
    value = at(expression, x, left.piece.high)
    near = left.values[1], right.values[0]
    continuous = all(found is not None and is_zero(simplify(found - value)) for found in near)
    before, after = left.slopes[1], right.slopes[0]
    known = before is not None and after is not None and is_finite(before) and is_finite(after)
    return _Joint(value, continuous, simplify(after - before) if known else None)


def _limit(expression: Expr, s: Any, place: Any, side: str) -> Any:
    """Return a limit; None where SymPy does not know one."""
    try:
        found = limit(expression, s, place, side)
    except (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    known = found.is_extended_real and not found.has(Limit, AccumBounds, S.NaN, s)
    return simplify(found) if known else None


def _size(number: Any) -> Any:
    return -number if is_nonnegative(-number) else number if is_nonnegative(number) else abs(number)


def _never_negative(number: Any) -> bool:
    return number is not None and is_nonnegative(number)


def _never_positive(number: Any) -> bool:
    return number is not None and is_nonnegative(-number)
