"""Square roots of sums of squares become one fold, a norm, that neither overflows nor underflows.

sqrt(sum of x[k]^2) is inf at 1e20 and 0 at 1e-30 in float32, where the norm is an ordinary number;
its gradient x / norm has no square in it at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Pow, S

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
        statements.append(_norm(statement, sums))
    return replace(program, statements=tuple(statements)).live(program.outputs)


def _is_square(body: Any) -> bool:
    return isinstance(body, Pow) and body.exp == 2


def _norm(statement: Statement, sums: dict[str, Reduction]) -> Statement:
    root = statement.expression if isinstance(statement, Definition) else None
    inside = root.base if isinstance(root, Pow) and root.exp == S.Half else None
    fold = sums.get(getattr(inside, "name", ""))
    if fold is None or fold.operation != "sum" or not isinstance(statement, Definition):
        return statement
    places = inside.indices if isinstance(inside, Element) else ()
    if set(places) != set(statement.indices) or set(places) & set(fold.bound):
        return statement
    moved = dict(zip(fold.indices, places, strict=True))
    body, where = fold.body.base.xreplace(moved), fold.where.xreplace(moved)
    return Reduction(statement.name, statement.indices, "norm", fold.bound, body, where)
