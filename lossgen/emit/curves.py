"""A curve near its removable singularity: how kernels compute it, and its limit in print."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Eq, Float, Rational, Symbol

from lossgen.language.curves import Curve
from lossgen.language.functions import continued, product, rational
from lossgen.language.program import Statement, expressions, mapped
from lossgen.language.symbols import Element
from lossgen.stabilise.quotients import limit, polynomials

# A limit this near to a fraction of small numbers is that fraction: it is known to 1e-24.
NEAR, LARGEST = 1e-20, 1000


def quotient(node: continued) -> Any:
    """Return the derivative of a curve at x as x**m P(w) / Q(w)."""
    x, order, curve = node.args
    power, above, below = polynomials(curve, int(order))
    numbers = (Float(number) for number in (*above, *below[1:]))
    result = rational(curve.variable(x), *numbers)
    if isinstance(x, Symbol | Element):
        return x**power * result
    # As factors, (r / c) R / c^2 would be r R / c / c / c, which multiplies the error of a
    # subnormal r R.
    for _ in range(power):
        result = product(x, result)
    return result


def with_limits(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return statements as they are printed: a curve has its limit at 0, elsewhere its formula."""
    swaps: dict[Any, Any] = {}
    for statement in statements:
        for part in expressions(statement):
            for node in part.atoms(continued):
                x, order, curve = node.args
                swaps |= {node: simple_limit(curve, int(order)), curve.near(x): Eq(x, 0)}
    if not swaps:
        return statements
    return tuple(mapped(each, lambda part: part.xreplace(swaps)) for each in statements)


def simple_limit(curve: Curve, order: int) -> Any:
    """Return a derivative of a curve at 0, as a fraction where it is one."""
    found = limit(curve, order)
    fraction = Fraction(str(found)).limit_denominator(LARGEST)
    if abs(found * fraction.denominator - fraction.numerator) < NEAR:
        return Rational(fraction.numerator, fraction.denominator)
    return Float(float(found))


__all__ = ["quotient", "simple_limit", "with_limits"]
