"""One minus a cosine of two vectors, as half the squared distance of their directions when near.

1 - x.y / (|x| |y|) is 0 below an angle of 3e-4 in float32, and the products overflow at 1e20. With
u = x / |x| and v = y / |y| it is |u - v|^2 / 2, which is taken where the angle is below 60 degrees.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Integer, Mul, Piecewise, Pow, Rational, S

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Statement, take_name
from lossgen.language.symbols import Element


def cosines(program: Program) -> Program:
    """Return the program with each 1 - cosine in its accurate form."""
    pass_ = _Cosines({statement.name for statement in program.statements})
    statements: list[Statement] = []
    for statement in program.statements:
        if isinstance(statement, Reduction):
            pass_.folds[statement.name] = statement
        if isinstance(statement, Definition):
            expression = pass_.rewrite(statement.expression)
            statements += pass_.new
            pass_.new = []
            statement = replace(statement, expression=expression)
        statements.append(statement)
    return replace(program, statements=tuple(statements)).live(program.outputs)


class _Cosines:
    """The folds met so far, and the statements that a rewrite needs ahead of it."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.folds: dict[str, Reduction] = {}
        self.new: list[Statement] = []

    def rewrite(self, expression: Any) -> Any:
        """Return the expression with what is 1 - cosine rewritten."""
        if not expression.args or isinstance(expression, Element):
            return expression
        parts = [self.rewrite(part) for part in expression.args]
        if tuple(parts) != expression.args:
            expression = expression.func(*parts)
        if isinstance(expression, Add) and Integer(1) in expression.args:
            for term in expression.args:
                found = self.vectors(-term)
                if found is not None:
                    rest = [other for other in expression.args if other not in (S.One, term)]
                    return Add(self.near(*found), *rest)
        return expression

    def vectors(self, term: Any) -> tuple[Reduction, Reduction, Reduction] | None:
        """Return dot product and norms of a term that is dot / (norm norm), of whole rows."""
        above: list[Any] = []
        below: list[Any] = []
        for factor in Mul.make_args(term):
            (below if isinstance(factor, Pow) and factor.exp == -1 else above).append(factor)
        dot = self.folds.get(getattr(above[0], "name", "")) if len(above) == 1 else None
        norms = [self.folds.get(getattr(factor.base, "name", "")) for factor in below]
        if dot is None or len(norms) != 2 or None in norms or dot.indices:
            return None
        first, second = norms
        if first.operation != "norm" or second.operation != "norm" or dot.operation != "sum":  # type: ignore[union-attr]
            return None
        same = dot.bound == first.bound == second.bound  # type: ignore[union-attr]
        if not same or dot.body != first.body * second.body:  # type: ignore[union-attr]
            return None
        return dot, first, second  # type: ignore[return-value]

    def near(self, dot: Reduction, first: Reduction, second: Reduction) -> Any:
        """Add the statements of 1 - cosine, and return it."""
        units = []
        for norm in (first, second):
            unit = Piecewise((norm.body / norm.symbol, norm.symbol > 0), (S.Zero, True))
            stem = norm.name.removeprefix("norm_")
            units.append(Definition(take_name(f"unit_{stem}", self.taken), dot.bound, unit))
        u, v = (unit.symbol for unit in units)
        cosine = replace(dot, name=take_name("cosine", self.taken), body=u * v)
        squares = replace(dot, name=take_name("unit_distance", self.taken), body=(u - v) ** 2)
        self.new += [*units, cosine, squares]
        near = (squares.symbol / 2, cosine.symbol > Rational(1, 2))
        return Piecewise(near, (1 - cosine.symbol, True))
