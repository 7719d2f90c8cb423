"""Elements of a unit vector by their names, and lengths below sums of them.

The chain rule writes the slope of a length with what it divides, and x[k] / norm_x^2 has left the
range where x is 1e-25 in float32. The direction has a name, and its elements are at most 1. A sum
of terms that are divided by the length is divided at the end: at 1e-45 each of them is infinite.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Mul, Piecewise, Pow, S

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Statement, mapped
from lossgen.language.symbols import Element


def directions(program: Program) -> Program:
    """Return the program with each quotient of an element and its norm by the name that it has."""
    norms = {s.name for s in program.statements if getattr(s, "operation", "") == "norm"}
    known: list[tuple[Element, Any, Definition]] = []

    def change(expression: Any) -> Any:
        named = _renamed(expression, known)
        for _, length, _ in known:
            named = _divided(named, length)
        return named

    statements: list[Statement] = []
    for statement in program.statements:
        statements.append(mapped(statement, change) if known else statement)
        known += _direction(statement, norms)
    return replace(program, statements=tuple(statements))


def _direction(statement: Any, norms: set[str]) -> list[tuple[Element, Any, Definition]]:
    """Return (x[k], norm_x, statement) where a statement defines x[k] / norm_x, 0 for no vector."""
    whole = getattr(statement, "expression", None)
    if not isinstance(statement, Definition) or not isinstance(whole, Piecewise):
        return []
    quotient = whole.args[0][0]
    element, length = quotient.as_numer_denom()
    vector = isinstance(element, Element) and getattr(length, "name", "") in norms
    return [(element, length, statement)] if vector and whole.args[-1][0] == 0 else []


def _renamed(expression: Any, known: list[tuple[Element, Any, Definition]]) -> Any:
    if not expression.args or isinstance(expression, Element):
        return expression
    parts = [_renamed(part, known) for part in expression.args]
    if isinstance(expression, Mul):
        return Mul(*_product(parts, known))
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _product(factors: list[Any], known: list[tuple[Element, Any, Definition]]) -> list[Any]:
    """Return the factors with an element and a power of the length below the line joined."""
    for factor in factors:
        for element, length, unit in known:
            at = _places(factor, element)
            if at is None:
                continue
            below = next((f for f in factors if _divides(f, length.xreplace(at))), None)
            if below is None:
                continue
            rest = list(factors)
            rest.remove(factor)
            rest.remove(below)
            joined = [unit.symbol.xreplace(at), below * length.xreplace(at)]
            joined += [factor / factor.base] if isinstance(factor, Pow) else []
            return _product([*rest, *(each for each in joined if each != 1)], known)
    return factors


def _places(factor: Any, element: Element) -> dict[Any, Any] | None:
    """Return which index of the unit vector stands for which, None where it is another vector."""
    power = isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp > 0
    base = factor.base if power else factor
    if not isinstance(base, Element) or base.array != element.array:
        return None
    return dict(zip(element.indices, base.indices, strict=True))


def _divides(factor: Any, length: Any) -> bool:
    return isinstance(factor, Pow) and factor.base == length and bool(factor.exp <= S.NegativeOne)


def _divided(expression: Any, length: Any) -> Any:
    """Return the expression with each sum that a power of the length divides as one quotient."""
    if not expression.has(length) or not expression.args or isinstance(expression, Element):
        return expression
    power = _power_below(expression, length) if isinstance(expression, Add) else 0
    if power:
        return Mul(_times(expression, length, power), length**-power)
    parts = [_divided(part, length) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _power_below(expression: Any, length: Any) -> Any:
    """Return the power of the length that divides an expression: any for 0."""
    if expression == 0:
        return S.Infinity
    if isinstance(expression, Mul):
        return Add(*(_power_below(factor, length) for factor in expression.args))
    if isinstance(expression, Add):
        return min(_power_below(term, length) for term in expression.args)
    if isinstance(expression, Piecewise):
        return min(_power_below(value, length) for value, _ in expression.args)
    return -expression.exp if _divides(expression, length) else S.Zero


def _times(expression: Any, length: Any, power: Any) -> Any:
    """Return an expression times a power of the length that divides it."""
    if power == 0 or expression == 0:
        return expression
    if isinstance(expression, Mul):
        factors = []
        for factor in expression.args:
            taken = min(power, _power_below(factor, length))
            factors.append(_times(factor, length, taken))
            power -= taken
        return Mul(*factors)
    if isinstance(expression, Add):
        return Add(*(_times(term, length, power) for term in expression.args))
    if isinstance(expression, Piecewise):
        return Piecewise(
            *((_times(v, length, power), condition) for v, condition in expression.args)
        )
    return expression * length**power
