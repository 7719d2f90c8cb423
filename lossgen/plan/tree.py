"""The tree of loops that a plan is, and how statements are read and renamed in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Statement
from lossgen.language.symbols import Element, Index


class PlanError(ValueError):
    """A program that cannot be laid out as loops; a defect of lossgen, not of the loss."""


@dataclass
class Leaf:
    """One statement, its indices renamed to those of the loops around it."""

    statement: Statement


@dataclass
class Loop:
    """A loop over an axis, and what happens in each iteration."""

    index: Index
    items: list[Leaf | Loop] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """A tree of loops for one program.

    `macros` are the definitions that are computed where they are read; `stored` gives, for each
    quantity that outlives a loop, the positions of its indices that are kept.
    """

    program: Program
    items: list[Leaf | Loop]
    macros: dict[str, Definition]
    stored: dict[str, tuple[int, ...]]


def loops_of(statement: Statement) -> tuple[Index, ...]:
    """Return the indices that a statement loops over, free ones first."""
    if isinstance(statement, Definition):
        return statement.indices
    if isinstance(statement, Reduction):
        return (*statement.indices, *statement.bound)
    return statement.bound


def rename(statement: Statement, own: Index, wanted: Index) -> Statement:
    """Write the statement with `wanted` for its index `own` (and the other way round)."""
    if own == wanted:
        return statement
    swap = {own: wanted, wanted: own}

    def swapped(indices: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(index.xreplace(swap) for index in indices)

    if isinstance(statement, Definition):
        expression = statement.expression.xreplace(swap)
        return replace(statement, indices=swapped(statement.indices), expression=expression)
    body, where = statement.body.xreplace(swap), statement.where.xreplace(swap)
    if isinstance(statement, Reduction):
        indices, bound = swapped(statement.indices), swapped(statement.bound)
        when = statement.when.xreplace(swap)
        return replace(statement, indices=indices, bound=bound, body=body, where=where, when=when)
    target, bound = swapped(statement.target), swapped(statement.bound)
    return replace(statement, target=target, bound=bound, body=body, where=where)


def references(expression: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the names that an expression reads, with their indices, in a stable order."""
    found = {(node.name, node.indices) for node in expression.atoms(Element)}
    arrays = {node.array for node in expression.atoms(Element)}
    for symbol in expression.free_symbols - arrays:
        if not isinstance(symbol, Index):
            found.add((symbol.name, ()))
    return sorted(found, key=str)


def instance(macro: Definition, places: tuple[Any, ...]) -> Any:
    """Return the expression of a definition at the indices `places`."""
    return macro.expression.xreplace(dict(zip(macro.indices, places, strict=True)))


def leaves(items: list[Leaf | Loop]) -> list[Leaf]:
    """Return all leaves below `items`, in order."""
    found: list[Leaf] = []
    for item in items:
        found += [item] if isinstance(item, Leaf) else leaves(item.items)
    return found


def names_of(items: list[Leaf | Loop]) -> set[str]:
    """Return the names of all statements below `items`."""
    return {leaf.statement.name for leaf in leaves(items)}


def show(items: list[Leaf | Loop], depth: int = 0) -> str:
    """Return the tree of loops as indented text."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Loop):
            lines.append("    " * depth + f"for {item.index}:")
            lines.append(show(item.items, depth + 1))
        else:
            lines.append("    " * depth + str(item.statement.name))
    return "\n".join(lines)
