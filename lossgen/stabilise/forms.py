"""Square roots of quadratic forms, whose vector is moved to the middle of the range first.

sqrt(sum of r[a] P[a, b] r[b]) is inf at 1e20 and 0 at 1e-30 in float32, where the distance is an
ordinary number. With a power of two, s, it is sqrt(sum of (s r[a]) P[a, b] (s r[b])) / s, exactly;
the derivatives follow from that, s being held constant.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Mul, Pow, S

from lossgen.language.entry import Definition
from lossgen.language.functions import square_scale
from lossgen.language.program import Program, Reduction, Statement, take_name
from lossgen.language.symbols import Element


def forms(program: Program) -> Program:
    """Return the program with the vector of each root of a quadratic form scaled."""
    taken = {each.name for each in (*program.statements, *program.arguments)}
    known: dict[str, Statement] = {}
    statements: list[Statement] = []
    for statement in program.statements:
        known[statement.name] = statement
        fold = known.get(_under_root(statement))
        vector = known.get(_vector(fold))
        if isinstance(fold, Reduction) and isinstance(vector, Definition):
            statements.remove(fold)
            statements += _scaled(statement, fold, vector, taken)
        else:
            statements.append(statement)
    return replace(program, statements=tuple(statements)).live(program.outputs)


def _under_root(statement: Statement) -> str:
    """Return the name of what a quantity is the square root of."""
    value = getattr(statement, "expression", S.Zero)
    root = isinstance(value, Pow) and value.exp == S.Half
    return getattr(value.base, "name", "") if root else ""


def _vector(fold: Statement | None) -> str:
    """Return the name of the vector that a sum over two indices holds twice."""
    if not isinstance(fold, Reduction) or fold.operation != "sum" or len(fold.bound) != 2:
        return ""
    if fold.indices:
        return ""
    elements = [f for f in Mul.make_args(fold.body) if isinstance(f, Element)]
    single = [e for e in elements if len(e.indices) == 1 and e.indices[0] in fold.bound]
    names = [element.name for element in single]
    return next((n for n in names if names.count(n) == 2), "")


def _scaled(
    whole: Statement, fold: Reduction, vector: Definition, taken: set[str]
) -> list[Statement]:
    assert isinstance(whole, Definition)

    def named(part: str) -> str:
        return take_name(f"{vector.name}_{part}", taken)

    bound = vector.indices
    squares = Reduction(named("squares"), (), "sum", bound, vector.symbol**2)
    power_of_two: Any = square_scale(squares.symbol)
    scale = Definition(named("scale"), (), power_of_two)
    part = Definition(named("part"), bound, vector.symbol * scale.symbol)
    renamed = {
        element: part.symbol.array[element.indices]
        for element in fold.body.atoms(Element)
        if element.name == vector.name
    }
    inside = replace(fold, body=fold.body.xreplace(renamed))
    root = replace(whole, name=take_name(f"{whole.name}_root", taken))
    length = replace(whole, expression=root.symbol / scale.symbol)
    return [squares, scale, part, inside, root, length]
