"""The rewrite rules applied to an expression, innermost parts first, to a fixed point."""

from __future__ import annotations

from typing import Any

from sympy import Add, Float, Integer, Mul, Pow

from lossgen.language.symbols import Element

from .cost import cost
from .names import NOTHING, Names
from .rule import Rule
from .rules import RULES


def fired(expression: Any, names: Names = NOTHING) -> list[Rule]:
    """Return the rules that `rewrite` applies to an expression, each once, in the order met."""
    found: list[Rule] = []
    rewrite(expression, names, found)
    return list(dict.fromkeys(found))


def rewrite(expression: Any, names: Names = NOTHING, found: list[Rule] | None = None) -> Any:
    """Return the expression with every rule of the table applied, innermost parts first.

    The rules that fired are added to `found`.
    """
    if not expression.args or isinstance(expression, Element):
        return expression
    found = [] if found is None else found
    parts = [rewrite(part, names, found) for part in expression.args]
    if tuple(parts) != expression.args:
        return rewrite(expression.func(*parts), names, found)
    if expression.is_Mul and expression.args[0] in (Float(1), Float(-1)):
        return rewrite(Mul(Integer(expression.args[0]), *expression.args[1:]), names, found)
    if isinstance(expression, Add):
        expression = _shared_term_gone(expression, names)
    better = _cheapest(expression, names)
    if better is None:
        return expression
    rule, changed = better
    found.append(rule)
    return rewrite(changed, names, found)


def _shared_term_gone(expression: Add, names: Names) -> Any:
    """Write the difference of two named differences with one term in common without that term.

    (x - y) - (x - z) is z - y, which is exact where z and y are close.
    """
    for plus in expression.args:
        for minus in expression.args:
            left, right = names.meaning(plus), names.meaning(-minus)
            if isinstance(left, Add) and isinstance(right, Add) and plus != -minus:
                whole = Add(*left.args, *(-term for term in right.args))
                if len(Add.make_args(whole)) == 2:
                    rest = [term for term in expression.args if term not in (plus, minus)]
                    return Add(whole, *rest)
    return expression


def _cheapest(expression: Any, names: Names) -> tuple[Rule, Any] | None:
    """Return what the rules make of an expression at the least cost, and which rule it was."""
    best: tuple[Any, Rule, Any] | None = None
    for rule in _candidates(expression):
        for changed in rule.results(expression, names):
            key = (cost(changed), rule.name, str(changed))
            if best is None or key < best[0]:
                best = (key, rule, changed)
    return None if best is None else best[1:]


def _candidates(expression: Any) -> list[Rule]:
    kind = type(expression)
    if kind not in (Add, Mul, Pow):
        return [rule for rule in RULES if type(rule.find) is kind]
    return [rule for rule in RULES if isinstance(rule.find, kind)]
