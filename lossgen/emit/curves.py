"""A curve near its removable singularity: how kernels compute it, and its limit in print."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Float, Rational

from lossgen.language.curves import Curve
from lossgen.language.functions import continued, rational
from lossgen.stabilise.quotients import limit, polynomials

# A limit this near to a fraction of small numbers is that fraction: it is known to 1e-24.
NEAR, LARGEST = 1e-20, 1000


def quotient(node: continued) -> Any:
    """Return the derivative of a curve at x as x**m P(w) / Q(w)."""
    x, order, curve = node.args
    power, above, below = polynomials(curve, int(order))
    numbers = (Float(number) for number in (*above, *below[1:]))
    return x**power * rational(curve.variable(x), *numbers)


def simple_limit(curve: Curve, order: int) -> Any:
    """Return a derivative of a curve at 0, as a fraction where it is one."""
    found = limit(curve, order)
    fraction = Fraction(str(found)).limit_denominator(LARGEST)
    if abs(found * fraction.denominator - fraction.numerator) < NEAR:
        return Rational(fraction.numerator, fraction.denominator)
    return Float(float(found))


__all__ = ["quotient", "simple_limit"]
