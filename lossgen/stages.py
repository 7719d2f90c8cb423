"""Stages: a program whose log-sum-exps are a maximum and a sum, ready to be laid out as loops.

`lse = largest + log(total)` with `total = sum of e^(body - largest)`, and a softmax weight is
`e^(body - largest) / total`: at logits near 1e4, e^(body - lse) is wrong by 1e3 ulp and this by 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sympy import Add, Expr, exp, log

from lossgen.language.entry import Definition
from lossgen.language.functions import share
from lossgen.language.program import Program, Reduction, Scatter, Statement
from lossgen.language.symbols import Element
from lossgen.language.trace import undistributed


def lower(program: Program) -> Program:
    """Return the program with only sums, maxima and minima as reductions, and no softmax weight."""
    with undistributed():
        folds = {
            statement.name: statement
            for statement in program.statements
            if isinstance(statement, Reduction) and statement.operation == "logsumexp"
        }
        lowered: list[Statement] = []
        for statement in program.statements:
            changed = _map(statement, lambda part: _expand(part, folds))
            if statement.name in folds and isinstance(changed, Reduction):
                lowered += _split(changed)
            else:
                lowered.append(changed)
    return replace(program, statements=tuple(lowered)).live(program.outputs)


def _parts(fold: Reduction) -> tuple[Reduction, Reduction, Definition]:
    largest = replace(fold, name=f"{fold.name}_max", operation="max")
    term = exp(Add(fold.body, -largest.symbol))
    total = replace(fold, name=f"{fold.name}_sum", operation="sum", body=term)
    name = f"softmax_{fold.name.removeprefix('lse_')}"
    return largest, total, Definition(name, (*fold.indices, *fold.bound), term / total.symbol)


def _split(fold: Reduction) -> list[Statement]:
    largest, total, weight = _parts(fold)
    value = largest.symbol + log(total.symbol)
    return [largest, total, Definition(fold.name, fold.indices, value), weight]


def _expand(expression: Any, folds: dict[str, Reduction]) -> Any:
    if not expression.args or isinstance(expression, Element):
        return expression
    if isinstance(expression, share):
        return _weight(expression, folds)
    parts = [_expand(part, folds) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _weight(node: Expr, folds: dict[str, Reduction]) -> Expr:
    fold, term = node.args[1], node.args[2:]
    places = fold.indices if isinstance(fold, Element) else ()
    weight = _parts(folds[fold.name])[2].symbol
    return weight.array[(*places, *term)]


def _map(statement: Statement, change: Callable[[Any], Any]) -> Statement:
    if isinstance(statement, Definition):
        return replace(statement, expression=change(statement.expression))
    if isinstance(statement, Scatter):
        return replace(statement, body=change(statement.body))
    return replace(statement, body=change(statement.body), where=change(statement.where))
