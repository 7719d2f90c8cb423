"""What is known of an expression as a function of one argument, every word of it proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Dummy, S


class Undecided(Exception):
    """SymPy cannot decide a question on which a proof depends; nothing follows from that."""


@dataclass(frozen=True)
class Facts:
    """A function of the argument x, in between its ends.

    `low` and `high` bound it, `slope` bounds each of its partial derivatives in absolute value:
    expressions in the parameters, infinite where nothing is known. A bound that exists, but has no
    formula, is a `Dummy`. `above` says that `low` is never reached. A False says nothing.
    """

    low: Any = S.NegativeInfinity
    high: Any = S.Infinity
    above: bool = False
    convex: bool = False
    concave: bool = False
    increasing: bool = False
    decreasing: bool = False
    slope: Any = S.Infinity
    smooth: bool = False

    @property
    def affine(self) -> bool:
        """Whether it is a straight line, or a plane."""
        return self.convex and self.concave

    @property
    def negated(self) -> Facts:
        """The facts of minus the function."""
        return Facts(
            -self.high, -self.low, False, self.concave, self.convex, self.decreasing,
            self.increasing, self.slope, self.smooth,
        )  # fmt: skip


NOTHING = Facts()


def some_bound() -> Any:
    """Return a bound that exists and has no formula."""
    return Dummy("bound", positive=True)


def is_finite(bound: Any) -> bool:
    """Whether a bound is one."""
    return bound not in (S.Infinity, S.NegativeInfinity)


def constant(low: Any, high: Any, above: bool = False) -> Facts:
    """Return the facts of what does not depend on x."""
    return Facts(low, high, above, True, True, True, True, S.Zero, True)
