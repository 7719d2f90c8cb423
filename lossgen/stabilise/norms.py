"""Square roots of sums of squares become one fold, a norm, that neither overflows nor underflows.

sqrt(sum of x[k]^2) is inf at 1e20 and 0 at 1e-30 in float32, where the norm is an ordinary number;
its gradient x / norm has no square in it at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Mul, Pow, S

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Statement
from lossgen.language.symbols import Element


def norms(program: Program) -> Program:
    """Return the program with each root of a sum of squares as a fold of the operation `norm`."""
    sums: dict[str, Reduction] = {}
    statements: list[Statement] = []
    taken = {statement.name for statement in program.statements}
    for given in program.statements:
        if isinstance(given, Reduction) and _is_square(given.body):
            sums[given.name] = given
        for statement in _apart(given, sums, taken):
            statements.append(_norm(statement, sums))
    return replace(program, statements=tuple(statements)).live(program.outputs)


def _apart(statement: Statement, sums: dict[str, Reduction], taken: set[str]) -> list[Statement]:
    """Return a definition whose value is a multiple of a root, the root in a statement before it.

    So a root mean square is a norm over the root of the number of terms.
    """
    value = statement.expression if isinstance(statement, Definition) else None
    if not isinstance(value, Mul) or statement.indices or "norm" in taken:
        return [statement]
    for factor in value.args:
        if _is_root(factor) and getattr(factor.base, "name", "") in sums:
            taken.add("norm")
            norm = Definition("norm", (), factor)
            rest = Mul(norm.symbol, *(other for other in value.args if other != factor))
            return [norm, replace(statement, expression=rest)]
    return [statement]


def _is_root(node: Any) -> bool:
    return isinstance(node, Pow) and node.exp == S.Half


def _is_square(body: Any) -> bool:
    return isinstance(body, Pow) and body.exp == 2


def _norm(statement: Statement, sums: dict[str, Reduction]) -> Statement:
    root = statement.expression if isinstance(statement, Definition) else None
    inside = root.base if _is_root(root) else None
    fold = sums.get(getattr(inside, "name", ""))
    if fold is None or fold.operation != "sum" or not isinstance(statement, Definition):
        return statement
    places = inside.indices if isinstance(inside, Element) else ()
    if set(places) != set(statement.indices) or set(places) & set(fold.bound):
        return statement
    moved = dict(zip(fold.indices, places, strict=True))
    body, where = fold.body.base.xreplace(moved), fold.where.xreplace(moved)
    return Reduction(statement.name, statement.indices, "norm", fold.bound, body, where)
