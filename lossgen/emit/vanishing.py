"""Factors that vanish faster than any other grows: e^x, and the slope of a sigmoid, s(x) s(-x).

Where such a factor is 0 a product is 0, though another factor be infinite: the gradient of Welsch's
loss is r e^(-r^2), with r^2 infinite at 1e20. And factors that vanish like a square.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import Any

from sympy import Expr, Mul, Piecewise, Pow, Rational, exp

from lossgen.language.entry import Definition
from lossgen.language.functions import (
    count,
    expm1,
    expm1mx,
    hypot1m1,
    log1pmx,
    log_cosh,
    log_hypot1,
    ratio,
    sigmoid,
    versine,
)
from lossgen.language.program import Program, mapped
from lossgen.language.symbols import Element, Index, Size
from lossgen.language.trace import undistributed

# Functions f with f(x) = c x^2 near 0, and c.
_SQUARES: dict[type, Rational] = {
    expm1mx: Rational(1, 2), hypot1m1: Rational(1, 2), log1pmx: Rational(-1, 2),
    log_cosh: Rational(1, 2), log_hypot1: Rational(1, 2), versine: Rational(1, 2),
}  # fmt: skip


def like_a_square(factor: Expr) -> tuple[Expr, Rational] | None:
    """Return x and c where a factor is c x^2 near x = 0, else None."""
    if type(factor) in _SQUARES:
        return factor.args[0], _SQUARES[type(factor)]
    if not isinstance(factor, expm1):
        return None
    number, square = factor.args[0].as_coeff_Mul()
    is_square = isinstance(square, Pow) and square.exp == 2 and number.is_Rational
    return (square.base, number) if is_square else None


def vanishing(factors: list[Expr], names: Set[str] = frozenset()) -> list[Expr]:
    """Return the factors that vanish; `names` are quantities that do."""
    powers = [factor for factor in factors if isinstance(factor, exp)]
    if powers:
        return powers if len(powers) == 1 else []
    bases = {base for factor in factors for base in (factor, _base(factor))}
    known = {f for f in bases if isinstance(f, sigmoid) and sigmoid(-f.args[0]) in bases}
    known |= {base for base in bases if getattr(base, "name", "") in names}
    return [factor for factor in factors if factor in known or _base(factor) in known]


def logistic_argument(powers: list[Expr]) -> Any:
    """Return x where the factors are s(x) and s(-x), once or twice each, else None."""
    bases = [_base(factor) if isinstance(factor, Pow) else factor for factor in powers]
    known = len(bases) == 2 and all(isinstance(base, sigmoid) for base in bases)
    twice = all(factor.exp == 2 for factor in powers if isinstance(factor, Pow))
    if not known or not twice or bases[0].args[0] != -bases[1].args[0]:
        return None
    return next(b.args[0] for b in bases if not b.args[0].could_extract_minus_sign())


def vanishing_names(statements: Iterable[Any]) -> set[str]:
    """Return the quantities that are products with a factor that vanishes."""
    return {
        each.name
        for each in statements
        if isinstance(each, Definition) and vanishing(list(Mul.make_args(each.expression)))
    }


def finite_names(program: Program) -> set[str]:
    """Return the names of what is a number of a bounded range, or a share of a number of places."""
    names = {
        a.name
        for a in program.arguments
        if a.shared or a.domain.high is not None or a.name == "vector"
    }
    for each in program.statements:
        if isinstance(each, Definition) and is_finite(each.expression, names):
            names.add(each.name)
    return names


def is_finite(factor: Expr, names: Set[str]) -> bool:
    """Whether a factor is made of numbers, and of quantities in `names` that are finite."""
    used = {s.name for s in factor.free_symbols if not isinstance(s, Index | Size)}
    divisors = [power.base for power in factor.atoms(Pow) if power.exp.is_negative]
    counted = all(isinstance(divisor, count | Size) for divisor in divisors)
    return used <= names and not factor.has(ratio) and counted


def exposed(program: Program) -> Program:
    """Return the program with softmax weights written out where they multiply what may be large.

    That is an argument of no bounded range. e^-100 has three bits in float32, but its product with
    1e10 has all: `exp_times` takes both.
    """
    real = {a.name for a in program.arguments if a.domain.differentiable}
    large = real - finite_names(program)
    weights = {
        each.name: each
        for each in program.statements
        if isinstance(each, Definition)
        and sum(isinstance(part, exp) for part in Mul.make_args(each.expression)) == 1
    }

    def change(expression: Any) -> Any:
        if not expression.args or isinstance(expression, Element):
            return expression
        parts = [change(part) for part in expression.args]
        if isinstance(expression, Mul):
            return Mul(*_written_out(parts, weights, large))
        return expression if tuple(parts) == expression.args else expression.func(*parts)

    if not weights:
        return program
    with undistributed():
        statements = tuple(mapped(statement, change) for statement in program.statements)
    return replace(program, statements=statements).live(program.outputs)


def _written_out(factors: list[Any], weights: dict[str, Definition], large: Set[str]) -> list[Any]:
    known = [f for f in factors if getattr(f, "name", "") in weights]
    others = [factor for factor in factors if factor not in known]
    plain = [factor for factor in others if not factor.has(Piecewise)]  # a condition is no factor
    names = {symbol.name for factor in plain for symbol in factor.free_symbols}
    if len(known) != 1 or not names & large:
        return factors
    weight = weights[known[0].name]
    places = known[0].indices if isinstance(known[0], Element) else ()
    return [
        weight.expression.xreplace(dict(zip(weight.indices, places, strict=True))),
        *others,
    ]


def _base(factor: Expr) -> Any:
    return getattr(factor, "base", None)
