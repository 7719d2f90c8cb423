"""Writing statements of the Hessian diagonal with the author's indices, and none of them twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lossgen.language.entry import Definition
from lossgen.language.program import Reduction, Scatter, Statement
from lossgen.language.symbols import Element, Index

from .adjoint import statement_expressions


def renamed(statement: Statement, back: dict[Index, Index]) -> Statement:
    """Write the places of the argument with the author's indices, where that captures nothing."""
    if isinstance(statement, Scatter) or not set(statement.indices) & set(back):
        return statement
    bound = statement.bound if isinstance(statement, Reduction) else ()
    if set(back.values()) & {*bound, *statement.indices}:
        return statement
    indices = tuple(back.get(index, index) for index in statement.indices)
    if isinstance(statement, Definition):
        return replace(statement, indices=indices, expression=statement.expression.xreplace(back))
    return replace(
        statement,
        indices=indices,
        body=statement.body.xreplace(back),
        where=statement.where.xreplace(back),
    )


def merged(name: str, others: list[Statement], places: set[Index]) -> list[Statement]:
    """Return the statements, a sum over own index and place being written over the own index alone.

    That is right where only its diagonal is read, as in s[a, a].
    """
    statement = next(other for other in others if other.name == name)
    if not isinstance(statement, Reduction) or not set(statement.indices) & places:
        return others
    read = [
        element
        for other in others
        for element in _elements(other)
        if element.name == statement.name
    ]
    dropped: dict[int, int] = {}
    for place, index in enumerate(statement.indices):
        for partner, own in enumerate(statement.indices):
            same = all(element.indices[place] == element.indices[partner] for element in read)
            if index in places and own not in places and same and read:
                dropped[place] = partner
    if not dropped:
        return others
    renaming = {
        statement.indices[place]: statement.indices[partner] for place, partner in dropped.items()
    }
    kept = [place for place in range(len(statement.indices)) if place not in dropped]
    single = replace(
        statement,
        indices=tuple(statement.indices[place] for place in kept),
        body=statement.body.xreplace(renaming),
        where=statement.where.xreplace(renaming),
    )
    array = single.symbol
    uses = {
        element: array.array[tuple(element.indices[place] for place in kept)] if kept else array
        for element in read
    }
    return [single if other is statement else _substituted(other, uses) for other in others]


def _elements(statement: Statement) -> list[Element]:
    return [
        element
        for expression in statement_expressions(statement)
        for element in sorted(expression.atoms(Element), key=str)
    ]


def _substituted(statement: Statement, uses: dict[Element, Any]) -> Statement:
    if isinstance(statement, Definition):
        return replace(statement, expression=statement.expression.xreplace(uses))
    return replace(
        statement, body=statement.body.xreplace(uses), where=statement.where.xreplace(uses)
    )
