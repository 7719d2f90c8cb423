"""Questions about the loops of a form: what its outputs need, where a statement stands."""

from __future__ import annotations

from lossgen.language.program import Statement, expressions
from lossgen.language.symbols import Index
from lossgen.plan import Leaf, Loop, leaves, references

from .form import Form, is_zero


def optional(form: Form) -> set[str]:
    """Return the outputs that a caller may decline by None: gradients beside other outputs."""
    if form.name == "derivatives" or len(form.entry.gradients) > 1:
        return {name for name in form.outputs if name.startswith("d_")}
    return set()


def form_items(form: Form) -> list[Leaf | Loop]:
    """Return the loops of a form without the zeros that accumulated outputs start from."""
    return _pruned(form.plan.items, form)


def _pruned(items: list[Leaf | Loop], form: Form) -> list[Leaf | Loop]:
    kept: list[Leaf | Loop] = []
    for item in items:
        if isinstance(item, Loop):
            inner = Loop(item.index, _pruned(item.items, form))
            if inner.items:
                kept.append(inner)
        else:
            name = item.statement.name
            shared = name in form.outputs and form.is_shared(name)
            if not (is_zero(item.statement) and shared):
                kept.append(item)
    return kept


def path_of(items: list[Leaf | Loop], statement: Statement) -> list[Index]:
    """Return the indices of the loops around a statement, outermost first."""
    for item in items:
        if isinstance(item, Loop) and any(leaf.statement is statement for leaf in leaves([item])):
            return [item.index, *path_of(item.items, statement)]
    return []


def loop_of(items: list[Leaf | Loop], statement: Statement) -> Loop | None:
    """Return the innermost loop around a statement."""
    for item in items:
        if isinstance(item, Loop):
            if any(
                isinstance(inner, Leaf) and inner.statement is statement for inner in item.items
            ):
                return item
            found = loop_of(item.items, statement)
            if found:
                return found
    return None


def needs_of(form: Form) -> dict[str, set[str]]:
    """Return, for each statement of a form, the outputs that depend on it."""
    program = form.plan.program
    needs: dict[str, set[str]] = {statement.name: set() for statement in program.statements}
    for name in program.outputs:
        needs[name] = {name}
    for statement in reversed(program.statements):
        for expression in expressions(statement):
            for name, _ in references(expression):
                if name in needs:
                    needs[name] |= needs[statement.name]
    return needs
