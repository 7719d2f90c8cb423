"""A norm as the root of a sum of squares, scaled where squares would leave the range.

The plain sum is taken first; only where it is near an end of the range (0 and infinity included)
the sum of (body * scale)^2 is taken as well, with a power of two that moves it to the middle. The
direction body / norm of small numbers is taken of the scaled ones: a subnormal norm has few digits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Mul, Ne, Piecewise, Pow, S, sqrt
from sympy.logic.boolalg import true

from lossgen.language.entry import Definition
from lossgen.language.functions import square_scale
from lossgen.language.program import Program, Reduction, Statement, mapped
from lossgen.language.symbols import Element


def norms(program: Program) -> Program:
    """Return the program without folds of the operation `norm`."""
    folds = {
        statement.name: _Norm(statement)
        for statement in program.statements
        if isinstance(statement, Reduction) and statement.operation == "norm"
    }
    lowered: list[Statement] = []
    for statement in program.statements:
        if statement.name in folds:
            lowered += folds[statement.name].statements
        else:
            lowered.append(mapped(statement, lambda part: _directions(part, folds)))
    return replace(program, statements=tuple(lowered))


class _Norm:
    """The quantities that a norm becomes."""

    def __init__(self, fold: Reduction) -> None:
        self.fold = fold
        name, free = fold.name, fold.indices
        squares = replace(fold, name=f"{name}_squares", operation="sum", body=fold.body**2)
        power_of_two: Any = square_scale(squares.symbol)
        scale = Definition(f"{name}_scale", free, power_of_two)
        off = Ne(scale.symbol, S.One)
        part = Definition(f"{name}_part", (*free, *fold.bound), fold.body * scale.symbol)
        scaled = replace(squares, name=f"{name}_scaled", body=part.symbol**2, when=off)
        sides = Piecewise((sqrt(scaled.symbol), off), (sqrt(squares.symbol), true))
        root = Definition(f"{name}_root", free, sides)
        norm = Definition(name, free, root.symbol / scale.symbol)
        up = scale.symbol > 1
        lift = Definition(f"{name}_lift", free, Piecewise((scale.symbol, up), (S.One, True)))
        length = Piecewise((root.symbol, up), (norm.symbol, True))
        length = Definition(f"{name}_length", free, length)
        lifted = fold.body * lift.symbol / length.symbol
        direction = Definition(f"{name}_direction", part.indices, lifted)
        self.direction = direction
        self.statements: list[Statement] = [
            squares, scale, part, scaled, root, norm, lift, length, direction,
        ]  # fmt: skip

    def of(self, norm: Any, factors: list[Any]) -> tuple[Any, Any] | None:
        """Return a factor that is the body of this norm, and the direction that it has."""
        places = norm.indices if isinstance(norm, Element) else ()
        moved = dict(zip(self.fold.indices, places, strict=True))
        body: Any = self.fold.body
        array = getattr(body, "array", None)
        for factor in factors:
            if isinstance(factor, Element) and factor.array == array:
                own = dict(zip(body.indices, factor.indices, strict=True))
                at = tuple(own.get(i, moved.get(i, i)) for i in self.direction.indices)
                if body.xreplace(moved).xreplace(own) == factor:
                    return factor, self.direction.symbol.array[at]
        return None


def _directions(expression: Any, folds: dict[str, _Norm]) -> Any:
    """Write body / norm as a direction, as often as the product has both."""
    if not folds or not expression.args or isinstance(expression, Element):
        return expression
    parts = [_directions(part, folds) for part in expression.args]
    if isinstance(expression, Mul):
        return _direction(list(_single_factors(parts)), folds)
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _single_factors(factors: list[Any]) -> Any:
    for factor in factors:
        if isinstance(factor, Pow) and factor.exp.is_Integer:
            one = factor.base if factor.exp > 0 else 1 / factor.base
            yield from [one] * abs(int(factor.exp))
        else:
            yield factor


def _direction(factors: list[Any], folds: dict[str, _Norm]) -> Any:
    for inverse in list(factors):
        norm = inverse.base if isinstance(inverse, Pow) and inverse.exp == -1 else None
        known = folds.get(getattr(norm, "name", ""))
        found = known.of(norm, factors) if known is not None else None
        if found is not None:
            factors.remove(inverse)
            factors.remove(found[0])
            factors.append(found[1])
    return Mul(*factors)
