"""Signs of expressions, decided by SymPy from the signs of their symbols.

Each symbol stands for all numbers of its kind, so that a sign which is decided is proven. Intervals
are mapped to all positive numbers before: t in (0, 1) is q / (1 + q).
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Dummy,
    Expr,
    Integer,
    S,
    cosh,
    exp,
    expand,
    factor,
    fraction,
    igcd,
    ilcm,
    sinh,
    tanh,
    together,
)

_HIGHEST = 8  # power of one exponential in a polynomial of exponentials


def is_positive(expression: Any) -> bool:
    """Whether an expression is proven to be above 0."""
    return _decided(expression, "is_positive")


def is_nonnegative(expression: Any) -> bool:
    """Whether an expression is proven never to be below 0."""
    return _decided(expression, "is_nonnegative")


def is_zero(expression: Any) -> bool:
    """Whether an expression is proven to be 0."""
    return bool(expression == 0 or expand(together(grown(expression))) == 0)


def _decided(expression: Expr, question: str) -> bool:
    if expression is S.NaN or (not expression.is_finite and expression.is_number):
        return expression is S.Infinity
    if getattr(expression, question):
        return True
    above, below = fraction(factor(together(grown(expression))))
    signs = [
        _sign(factor_, question) for part in (above, below) for factor_ in part.as_ordered_factors()
    ]
    return None not in signs and signs.count(-1) % 2 == 0


def _sign(part: Expr, question: str) -> int | None:
    """Return 1 or -1, or None if the sign of a factor is open."""
    for candidate in (part, expand(part)):
        if getattr(candidate, question):
            return 1
        if getattr(-candidate, question):
            return -1
    return None


def grown(expression: Expr) -> Expr:
    """Return an expression with e^x written as w, or as 1 + w where x has a sign; w is not < 0."""
    spelled = expression.rewrite([cosh, sinh, tanh], exp)
    powers: dict[Any, list[Any]] = {}
    for node in spelled.atoms(exp):
        coefficient, rest = node.exp.as_coeff_Mul()
        if coefficient.is_Rational and rest.is_real:
            powers.setdefault(rest, []).append(coefficient)
    replaced = {}
    for rest, coefficients in powers.items():
        unit = igcd(0, *(c.p for c in coefficients)) / Integer(
            ilcm(1, *(c.q for c in coefficients))
        )
        known = _exponential(rest)
        for coefficient in coefficients:
            if abs(coefficient / unit) <= _HIGHEST:
                replaced[exp(coefficient * rest)] = known ** (coefficient / unit)
    return spelled.xreplace(replaced)


def _exponential(argument: Expr) -> Expr:
    if argument.is_positive:
        return 1 + Dummy("w", positive=True)
    if argument.is_nonnegative:
        return 1 + Dummy("w", nonnegative=True)
    return Dummy("w", positive=True)
