"""One bottom-up pass of the rewrite rules over an expression, to a fixed point."""

from __future__ import annotations

from typing import Any

from lossgen.language.symbols import Element

from .rules import RULES


def rewrite(expression: Any) -> Any:
    """Return the expression with every rule of the table applied, innermost parts first."""
    if not expression.args or isinstance(expression, Element):
        return expression
    parts = [rewrite(part) for part in expression.args]
    if tuple(parts) != expression.args:
        expression = expression.func(*parts)
    for rule in RULES:
        changed = rule.apply(expression)
        if changed is not None:
            return rewrite(changed)
    return expression
