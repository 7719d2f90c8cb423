"""Square roots of sums of squares become one fold, a norm, that neither overflows nor underflows.

sqrt(sum of x[k]^2) is inf at 1e20 and 0 at 1e-30 in float32, where the norm is an ordinary number;
its gradient x / norm has no square in it at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import Mul, Pow, S, sqrt

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Statement
from lossgen.language.symbols import Element


def norms(program: Program) -> Program:
    """Return the program with each root of a sum of squares as a fold of the operation `norm`."""
    sums: dict[str, Reduction] = {}
    statements: list[Statement] = []
    for statement in program.statements:
        if isinstance(statement, Reduction) and _is_square(statement.body):
            sums[statement.name] = statement
        statements += _norm(statement, sums)
    return replace(program, statements=tuple(statements)).live(program.outputs)


def _is_square(body: Any) -> bool:
    return isinstance(body, Pow) and body.exp == 2


def _norm(statement: Statement, sums: dict[str, Reduction]) -> list[Statement]:
    if not isinstance(statement, Definition):
        return [statement]
    value = statement.expression
    root, inside = next(_roots(value, sums), (None, None))
    if root is None or sums[inside.name].operation != "sum":
        return [statement]
    # What stands beside the sum under the root, and beside the root: a root mean square.
    fold, factor, rest = sums[inside.name], root.base / inside, value / root
    places = inside.indices if isinstance(inside, Element) else ()
    outside = set(places) == set(statement.indices) and not set(places) & set(fold.bound)
    if not outside or factor.is_positive is not True:
        return [statement]
    moved = dict(zip(fold.indices, places, strict=True))
    body, where = fold.body.base.xreplace(moved), fold.where.xreplace(moved)
    alone = factor == rest == 1
    name = statement.name if alone else f"{statement.name}_norm"
    norm = Reduction(name, statement.indices, "norm", fold.bound, body, where)
    if alone:
        return [norm]
    return [norm, replace(statement, expression=norm.symbol * sqrt(factor) * rest)]


def _roots(value: Any, sums: dict[str, Reduction]) -> Iterator[tuple[Any, Any]]:
    """Yield each square root among the factors, with the sum of squares under it."""
    for root in Mul.make_args(value):
        if isinstance(root, Pow) and root.exp == S.Half:
            for inside in Mul.make_args(root.base):
                if getattr(inside, "name", "") in sums:
                    yield root, inside
