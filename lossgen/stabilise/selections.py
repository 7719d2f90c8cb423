"""Selections that a rule made inside a formula get a name, so that a kernel can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sympy import Piecewise, Symbol

from lossgen.language.entry import Definition
from lossgen.language.program import Statement
from lossgen.language.symbols import Element
from lossgen.language.validate import free_indices

NAME = "selected"


def named(written: Statement, changed: Statement, taken: set[str]) -> list[Statement]:
    """Return the statements that compute `changed`, new selections inside it by name.

    One that stands for the whole formula, or inside a branch of another, stays where it is: what a
    branch computes must not be multiplied by a slope of 0 where the branch is not taken.
    """
    if not isinstance(written, Definition) or not isinstance(changed, Definition):
        return [changed]
    old = written.expression.atoms(Piecewise)
    found = [part for part in _outermost(changed.expression) if part not in old]
    if not found or changed.expression in found:
        return [changed]
    statements: list[Statement] = []
    swaps = {}
    for part in dict.fromkeys(found):
        indices = tuple(index for index in changed.indices if index in free_indices(part))
        statement = Definition(_fresh(taken), indices, part)
        statements.append(statement)
        swaps[part] = statement.symbol
    return [*statements, replace(changed, expression=changed.expression.xreplace(swaps))]


def _outermost(node: Any) -> Iterable[Any]:
    if isinstance(node, Piecewise):
        yield node
    elif node.args and not isinstance(node, Symbol | Element):
        for part in node.args:
            yield from _outermost(part)


def _fresh(taken: set[str]) -> str:
    chosen, number = NAME, 2
    while chosen in taken:
        chosen, number = f"{NAME}_{number}", number + 1
    taken.add(chosen)
    return chosen
