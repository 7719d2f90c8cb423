"""Squares of signs in a derived program: at a corner the curvature is that of the inner side.

The second derivative of f(|u|) is f''(|u|) sign(u)^2, which is 0 at u = 0, where that of the inner
side is f''(0). The two signs may stand in different statements, under the names of slopes.
"""

from __future__ import annotations

from typing import Any

from sympy import Mul, Symbol, sign

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Statement, expressions
from lossgen.language.symbols import Element

from .factors import factors_of


def has_a_sign(program: Program) -> bool:
    """Whether the author's own formula has the function sign, which is 0 at 0 also squared."""
    return any(
        part.has(sign)
        for statement in program.statements
        if not statement.name.startswith(("d_", "h_", "hv_")) and "_by_" not in statement.name
        for part in expressions(statement)
    )


class Signs:
    """The names whose definition is a product with one sign: its argument, and the rest."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[tuple[Any, ...], Any, Any]] = {}

    def learn(self, statement: Statement) -> None:
        """Take in a definition, if it is such a product."""
        if not isinstance(statement, Definition):
            return
        split = [self.of(factor) for factor in factors_of(statement.expression)]
        signed = [at for at, _ in split if at is not None]
        if len(signed) == 1:
            rest = Mul(*(bare for _, bare in split))
            self.known[statement.name] = (statement.indices, signed[0], rest)

    def of(self, factor: Any) -> tuple[Any, Any]:
        """Return the argument of the sign in a factor (None without) and the factor without it."""
        if isinstance(factor, sign):
            return factor.args[0], 1
        if isinstance(factor, Symbol | Element) and factor.name in self.known:
            indices, at, rest = self.known[factor.name]
            places = factor.indices if isinstance(factor, Element) else ()
            renaming = dict(zip(indices, places, strict=True))
            return at.xreplace(renaming), rest.xreplace(renaming)
        return None, factor

    def squared(self, expression: Any) -> Any:
        """Return the expression with each product of two equal signs as 1."""
        if not expression.args or isinstance(expression, Element):
            return expression
        if isinstance(expression, Mul):
            return self._paired(expression)
        parts = [self.squared(part) for part in expression.args]
        return expression if tuple(parts) == expression.args else expression.func(*parts)

    def _paired(self, product: Mul) -> Any:
        factors = [self.squared(factor) for factor in factors_of(product)]
        split = [self.of(factor) for factor in factors]
        for place, (at, bare) in enumerate(split):
            partner = next(
                (other for other in range(place) if at is not None and split[other][0] == at), None
            )
            if partner is not None:
                factors[place], factors[partner] = bare, split[partner][1]
                split[place], split[partner] = (None, None), (None, None)
        return Mul(*factors)
