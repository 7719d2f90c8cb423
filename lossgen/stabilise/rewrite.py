"""One bottom-up pass of the rewrite rules over an expression, to a fixed point."""

from __future__ import annotations

from typing import Any

from lossgen.language.symbols import Element

from .rules import RULES, Rule


def fired(expression: Any) -> list[Rule]:
    """Return the rules that `rewrite` applies to an expression, each once, in the order met."""
    found: list[Rule] = []
    _rewrite(expression, found)
    return list(dict.fromkeys(found))


def rewrite(expression: Any) -> Any:
    """Return the expression with every rule of the table applied, innermost parts first."""
    return _rewrite(expression, [])


def _rewrite(expression: Any, found: list[Rule]) -> Any:
    if not expression.args or isinstance(expression, Element):
        return expression
    parts = [_rewrite(part, found) for part in expression.args]
    if tuple(parts) != expression.args:
        expression = expression.func(*parts)
    for rule in RULES:
        changed = rule.apply(expression)
        if changed is not None:
            found.append(rule)
            return _rewrite(changed, found)
    return expression
