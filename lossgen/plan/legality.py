"""The legality check between plan and emission: nothing is read before it is complete."""

from __future__ import annotations

from typing import Any

from lossgen.language.program import Scatter, expressions
from lossgen.language.symbols import Index

from .tree import Leaf, Loop, Plan, PlanError, instance, leaves, references


def check(result: Plan) -> None:
    """Raise PlanError if a name is read before its statement is complete, or defined twice."""
    defined = {argument.name for argument in result.program.arguments}
    _check(result, result.items, defined, [])


def _check(result: Plan, items: list[Leaf | Loop], defined: set[str], loops: list[Index]) -> None:
    for item in items:
        if isinstance(item, Loop):
            inner = set(defined)
            _check(result, item.items, inner, [*loops, item.index])
            defined |= {
                leaf.statement.name
                for leaf in leaves([item])
                if not isinstance(leaf.statement, Scatter)
            }
            continue
        statement = item.statement
        for expression in expressions(statement):
            for name, places in references(expression):
                _require(result, name, places, defined, statement.name)
        if not isinstance(statement, Scatter):
            if statement.name in defined:
                raise PlanError(f"{result.program.name}: {statement.name} is defined twice")
            defined.add(statement.name)


def _require(
    result: Plan, name: str, places: tuple[Any, ...], defined: set[str], reader: str
) -> None:
    if name in result.macros:
        for inner, at in references(instance(result.macros[name], places)):
            _require(result, inner, at, defined, reader)
    elif name not in defined | _axes(result):
        raise PlanError(f"{result.program.name}: {reader} reads {name} before it is complete")


def _axes(result: Plan) -> set[str]:
    return {axis for argument in result.program.arguments for axis in argument.domain.axes}
