"""Removable singularities in a parameter: powers over a factor that vanishes, as box-cox atoms.

(x^a - a x + a - 1) / (a (a - 1)) is 0/0 at a = 0 and at a = 1, and loses its digits near both. In
partial fractions of the parameter each pole has terms c b^e(a), which cancel at the pole; there

    c b^e(a) / (a - a0)  =  c b^e0 / (a - a0)  +  c b^e0 s boxcox(b, e - e0),    e - e0 = s (a - a0)

and the first terms of all sum to 0: what is left has no pole. Only linear exponents and simple
poles are understood. A rewrite is used after it has been compared with the formula in numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Float, Mul, Pow, Rational, S, Symbol, apart, expand, log

from lossgen.language.entry import Argument
from lossgen.language.functions import boxcox
from lossgen.language.symbols import Element

# Decimal digits of the comparison, and how many have to agree.
DIGITS, AGREEING = 60, 30


@dataclass(frozen=True)
class Term:
    """coefficient * base**exponent, the coefficient free of the parameter."""

    coefficient: Expr
    base: Expr
    exponent: Expr


def regular(expression: Any, arguments: Iterable[Argument]) -> Any:
    """Return the expression without the removable poles in its scalar parameters."""
    parameters = [
        a for a in arguments if a.shared and not a.domain.axes and a.domain.values is None
    ]
    for argument in parameters:
        if argument.symbol in expression.free_symbols:
            expression = _everywhere(expression, argument)
    return expression


def _everywhere(expression: Any, argument: Argument) -> Any:
    if not expression.args or isinstance(expression, Element):
        return expression
    if isinstance(expression, Add | Mul):
        changed = _without_poles(expression, argument)
        if changed is not None:
            return changed
    parts = [_everywhere(part, argument) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _without_poles(expression: Expr, argument: Argument) -> Any:
    """Return the expression by pole, None if it has none or is of another kind."""
    p = argument.symbol
    if not any(_is_pole(pole, argument) for pole in _denominators(expression, p)):
        return None
    groups: dict[Any, list[Term]] = {}
    rest: list[Expr] = []
    for term in _terms(expression):
        parted = _parted(term, p)
        if parted is None:
            return None
        for pole, found in parted:
            if pole is None:
                rest.append(found)
            else:
                groups.setdefault(pole, []).append(found)
    moved = [_group(pole, terms, p) for pole, terms in sorted(groups.items(), key=str)]
    if None in moved or not groups:
        return None
    result = Add(*rest, *moved)
    return result if _agree(expression, result, p, list(groups)) else None


def _is_pole(place: Any, argument: Argument) -> bool:
    return bool(place.is_number) and argument.domain.contains(float(place))


def _denominators(expression: Expr, p: Symbol) -> list[Any]:
    """Return the places at which a linear factor below the line vanishes."""
    found = []
    for factor in expression.atoms(Pow):
        slope = factor.base.diff(p) if factor.exp == -1 else S.Zero
        if slope.is_Number and slope != 0:
            found.append(-factor.base.subs(p, 0) / slope)
    return found


def _terms(expression: Expr) -> list[Expr]:
    """Return the terms of a sum, a factor before a sum taken into it."""
    if isinstance(expression, Mul):
        sums = [factor for factor in expression.args if isinstance(factor, Add)]
        inner = next((each for each in sums if any(part.has(Pow) for part in each.args)), None)
        if inner is not None:
            rest = [factor for factor in expression.args if factor is not inner]
            return [term for part in inner.args for term in _terms(Mul(*rest, part))]
    if isinstance(expression, Add):
        return [term for part in expression.args for term in _terms(part)]
    return [expression]


def _parted(term: Expr, p: Symbol) -> list[tuple[Any, Any]] | None:
    """Return a term in partial fractions of p: (pole, Term), or (None, expression) without pole."""
    rational, powers, others = S.One, [], []
    for factor in Mul.make_args(term):
        if not factor.has(p):
            others.append(factor)
        elif factor.is_rational_function(p) and factor.free_symbols == {p}:
            rational = rational * factor
        elif isinstance(factor, Pow) and not factor.base.has(p):
            powers.append(factor)
        else:
            return None
    if len(powers) > 1 or any(power.exp.diff(p).has(p) for power in powers):
        return None
    base, exponent = powers[0].args if powers else (S.One, S.Zero)
    found: list[tuple[Any, Any]] = []
    for part in Add.make_args(apart(expand(rational), p) if rational.has(p) else rational):
        below = 1 / part
        if below.is_polynomial(p) and below.has(p):
            slope = expand(below).diff(p)
            if slope.has(p):
                return None
            pole = -below.subs(p, 0) / slope
            found.append((pole, Term(Mul(1 / slope, *others), base, exponent)))
        else:
            found.append((None, Mul(part, *others, *powers)))
    return found


def _group(pole: Any, terms: list[Term], p: Symbol) -> Any:
    """Return the terms over (p - pole) without the pole, None if it is a true one."""
    left, moved = [], []
    for term in terms:
        at = term.exponent.subs(p, pole)
        whole = term.coefficient * Pow(term.base, at)
        slope = term.exponent.diff(p)
        left.append(whole)
        if at != 0 and not term.base.is_positive:
            return None  # 0 * inf, where the base is 0
        if slope != 0:
            moved.append(whole * slope * boxcox(term.base, term.exponent - at))
    return Add(*moved) if expand(Add(*left)) == 0 else None


def _agree(old: Expr, new: Expr, p: Symbol, poles: list[Any]) -> bool:
    """Whether two forms are the same number beside the poles, and the new one continuous there."""
    leaves = sorted((old.free_symbols | new.free_symbols) - {p}, key=str)
    elements = sorted(old.atoms(Element) | new.atoms(Element), key=str)
    names = [*elements, *(leaf for leaf in leaves if not elements or not _inside(leaf, elements))]
    numbers = [Rational(2 * place + 3, 3 * place + 5) for place in range(len(names))]
    given = dict(zip(names, numbers, strict=True))
    tiny = Rational(1, 10 ** (DIGITS // 2 + 5))
    for at in (Rational(37, 100), Rational(-13, 10), *(pole + tiny for pole in poles)):
        pair = [_number(each.xreplace({**given, p: at})) for each in (old, new)]
        if abs(pair[0] - pair[1]) > abs(pair[0]) * Float(10) ** -AGREEING:
            return False
    return all(_number(new.xreplace({**given, p: pole})).is_finite for pole in poles)


def _inside(leaf: Any, elements: list[Any]) -> bool:
    return any(leaf in element.free_symbols for element in elements)


def _number(expression: Expr) -> Any:
    plain = expression.replace(boxcox, lambda x, a: log(x) if a == 0 else (x**a - 1) / a)
    return plain.evalf(2 * DIGITS)
