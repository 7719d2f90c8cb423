"""Facts of an expression in one number of the moving argument, for all values of the others."""

from __future__ import annotations

from functools import reduce
from itertools import product
from typing import Any

from sympy import Dummy, Expr, Max, Min, S, Symbol, diff, expand, together
from sympy.core.relational import Relational

from lossgen.language.domains import Domain
from lossgen.language.symbols import Element

from .curve import curve
from .facts import NOTHING, Facts, is_finite
from .plain import Formula, ends

_MOST = 32  # cases of the other arguments


def scalar(node: Expr, leaf: Any, formula: Formula) -> Facts:
    """Return the facts of a node without folds in which one number of the argument occurs."""
    low, high = ends(formula.domains[formula.moving])
    x = Dummy("x", real=True)
    expression = node.xreplace({leaf: x})
    others = {
        other: formula.domains[other.name]
        for other in sorted(formula.named(expression), key=str)
        if isinstance(other, Element) or other.name not in formula.shared
    }
    if low is S.NegativeInfinity and high is S.Infinity:
        expression, others = residual(expression, x, others)
    found = [_uniform(curve(case, x, low, high), formula) for case in _cases(expression, others)]
    return reduce(both, found) if found else NOTHING


def residual(expression: Expr, x: Any, others: dict[Any, Domain]) -> tuple[Expr, dict[Any, Domain]]:
    """Return a function of x - y as one of a single number, wherever y is."""
    for other, domain in others.items():
        if domain.name == "Real":
            moved = cancelled(expression.xreplace({x: x + other}))
            if other not in moved.atoms(Symbol, Element):
                rest = {name: d for name, d in others.items() if name != other}
                return moved, rest
    return expression, others


def cancelled(expression: Any) -> Any:
    """Return an expression whose sums and comparisons are multiplied out."""
    if not expression.args or isinstance(expression, Element):
        return expression
    parts = [cancelled(part) for part in expression.args]
    if isinstance(expression, Relational):
        return expression.func(expand(parts[0] - parts[1]), 0)
    rebuilt = expression.func(*parts)
    return expand(rebuilt) if rebuilt.is_Add else rebuilt


def _cases(expression: Expr, others: dict[Any, Domain]) -> list[Expr]:
    """Return the expression for each kind of number that the other arguments can be."""
    choices = [_choices(expression, other, domain) for other, domain in others.items()]
    found = [
        expression.subs(dict(zip(others, chosen, strict=True)), simultaneous=True)
        for chosen in product(*choices)
    ]
    return found[:_MOST] if len(found) <= _MOST else []


def _choices(expression: Expr, other: Any, domain: Domain) -> list[Any]:
    """Return 0, 1 and a symbol for all numbers between; a straight line has its ends only."""
    if domain.name == "Sign":
        return [S.NegativeOne, S.One]
    inside = Dummy("q", positive=True)
    if domain.high == 1:
        straight = Dummy("t", positive=True)
        line = expression.subs(other, straight)
        if together(diff(line, straight, 2)) == 0:
            return [S.Zero, S.One]
        middle = inside / (1 + inside)
        return [middle] if domain.open_low else [S.Zero, middle, S.One]
    if domain.low == 0:
        return [inside] if domain.open_low else [S.Zero, inside]
    return [Dummy("y", real=True)]


def _uniform(facts: Facts, formula: Formula) -> Facts:
    """Return facts whose bounds hold for all numbers of the other arguments."""
    parameters = set(formula.printed)

    def kept(bound: Any, weakest: Any) -> Any:
        free = {s for s in bound.atoms(Dummy) if s not in parameters and s.name != "bound"}
        return weakest if free or bound.atoms(Element) else bound

    low = kept(facts.low, S.NegativeInfinity)
    return Facts(
        low, kept(facts.high, S.Infinity), facts.above and is_finite(low), facts.convex,
        facts.concave, facts.increasing, facts.decreasing, kept(facts.slope, S.Infinity),
        facts.smooth,
    )  # fmt: skip


def both(one: Facts, other: Facts) -> Facts:
    """Return what holds in both of two cases."""
    return Facts(
        Min(one.low, other.low), Max(one.high, other.high),
        one.above and other.above and one.low == other.low,
        one.convex and other.convex, one.concave and other.concave,
        one.increasing and other.increasing, one.decreasing and other.decreasing,
        Max(one.slope, other.slope), one.smooth and other.smooth,
    )  # fmt: skip
