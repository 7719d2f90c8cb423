"""Square roots of quadratic forms, whose vector is moved to the middle of the range first.

sqrt(sum of r[a] P[a, b] r[b]) is inf at 1e20 and 0 at 1e-30 in float32, where the distance is an
ordinary number. With a power of two, s, it is sqrt(sum of (s r[a]) P[a, b] (s r[b])) / s, exactly;
the derivatives follow from that, s being held constant.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Mul, Pow, S, Symbol

from lossgen.language.entry import Definition
from lossgen.language.functions import outer_product, square_scale
from lossgen.language.program import Program, Reduction, Statement, names_in, take_name
from lossgen.language.symbols import Element


def forms(program: Program) -> Program:
    """Return the program with the vector of each root of a quadratic form scaled."""
    taken = {each.name for each in (*program.statements, *program.arguments)}
    known: dict[str, Statement] = {}
    statements: list[Statement] = []
    for statement in program.statements:
        known[statement.name] = statement
        fold = known.get(_read_once(_under_root(statement), program))
        vector = known.get(_vector(fold))
        whole = statement if isinstance(statement, Definition) else None
        if whole is None or not isinstance(fold, Reduction) or not isinstance(vector, Definition):
            statements.append(statement)
            continue
        statements.remove(fold)
        statements += _scaled(whole, fold, vector, taken)
    return replace(program, statements=tuple(statements)).live(program.outputs)


def _read_once(name: str, program: Program) -> str:
    """Return the name if one statement alone reads it: for any other it has to keep its value."""
    readers = [each for each in program.statements if name in names_in(each)]
    return name if len(readers) == 1 and name not in program.outputs else ""


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
    whole: Definition, fold: Reduction, vector: Definition, taken: set[str]
) -> list[Statement]:
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


def outer_products(program: Program) -> Program:
    """Return the derivative with the products of two scaled elements written as the vector's own.

    The scale leaves no digit of an element that is far smaller than the largest.
    """
    known = {each.name: each for each in program.statements if isinstance(each, Definition)}
    scaled = {
        name: scale
        for name, each in known.items()
        for scale in _scales(each.expression)
        if isinstance(getattr(known.get(scale.name), "expression", None), square_scale)
    }
    new: list[Statement] = []
    for statement in program.statements:
        if isinstance(statement, Definition):
            found = _outer(statement, known, scaled)
            new += found[:-1]
            statement = found[-1]
        new.append(statement)
    return replace(program, statements=tuple(new))


def _scales(expression: Any) -> list[Any]:
    return [factor for factor in Mul.make_args(expression) if isinstance(factor, Symbol)]


def _outer(statement: Definition, known: dict[str, Definition], scaled: Any) -> list[Definition]:
    """Return a statement with its product of two scaled elements, behind what else it needs."""
    factors = list(Mul.make_args(statement.expression))
    pair = [f for f in factors if isinstance(f, Element) and f.name in scaled]
    if len(pair) != 2 or pair[0].array != pair[1].array:
        return [statement]
    scale = scaled[pair[0].name]
    rest = Mul(*(factor for factor in factors if factor not in pair))
    if rest.free_symbols & set(statement.indices):
        return [statement]
    factor = Definition(f"{statement.name}_factor", (), Mul(scale, rest))
    vector = known[pair[0].name].expression / scale
    own = known[pair[0].name].indices
    sides = [vector.xreplace(dict(zip(own, each.indices, strict=True))) for each in pair]
    product: Any = outer_product(*sides, scale, factor.symbol)
    return [factor, replace(statement, expression=product)]
