"""Identities that SymPy decides: a shift of all elements, equal arguments, proper scoring."""

from __future__ import annotations

from typing import Any

from sympy import Add, Dummy, Expr, Mul, Pow, S, diff, expand, factor, log, simplify

from lossgen.language.entry import Entry
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver
from lossgen.language.symbols import Element

from .facts import Undecided
from .plain import Formula
from .scalar import cancelled
from .signs import is_positive, is_zero


def is_shift_invariant(formula: Formula) -> bool:
    """Whether adding one number to every element of the moving argument provably does nothing."""
    return _degree(formula.expression, formula) == 0


def _degree(node: Any, formula: Formula) -> Any:
    """Return d, where a shift by c adds d c to an expression; None if it does something else."""
    if not formula.depends(node):
        return S.Zero
    if node in formula.leaves(node):
        return S.One
    if isinstance(node, Add):
        found = [_degree(part, formula) for part in node.args]
        return None if None in found else Add(*found)
    if isinstance(node, Mul):
        still = [part for part in node.args if not formula.depends(part)]
        moving = [_degree(part, formula) for part in node.args if formula.depends(part)]
        if len(moving) == 1 and moving[0] is not None:
            return Mul(*still) * moving[0]
    if isinstance(node, Fold) and not formula.depends(node.where):
        inner = _degree(node.body, formula)
        alike = isinstance(node, LogSumExp | MaxOver | MinOver | MeanOver)
        if inner == 0 or (alike and inner is not None and inner.is_number):
            return inner
        return None
    parts = [part for part in node.args if formula.depends(part)]
    return S.Zero if all(_degree(part, formula) == 0 for part in parts) else None


def partner(entry: Entry) -> str | None:
    """Return the argument that the moving one is compared with: the next one of its shape."""
    first = entry.argument(entry.wrt[0])
    for argument in entry.per_row:
        alike = argument.domain.axes == first.domain.axes and not argument.domain.integer
        if argument.name != first.name and alike and argument.name not in entry.prepared:
            return argument.name
    return None


def is_zero_at(formula: Formula, other: str | None) -> bool:
    """Whether the loss provably is 0 where the moving argument equals the other one, or 0."""
    own = formula.argument(formula.moving)
    replaced = {
        leaf: S.Zero if other is None else own[leaf.indices] if isinstance(leaf, Element) else own
        for leaf in formula.named(formula.expression)
        if leaf.name == (other or formula.moving)
    }
    try:
        return is_zero(_zeroed(formula.expression, replaced))
    except Undecided:
        return False


def is_symmetric(formula: Formula, other: str) -> bool:
    """Whether the formula provably stays when the moving argument and another are swapped."""
    own, second = formula.argument(formula.moving), formula.argument(other)
    turned = formula.expression.xreplace({own: second, second: own})
    return bool(_multiplied(formula.expression) == _multiplied(turned))


def _multiplied(node: Any) -> Any:
    """Return an expression in which every sum and power of a sum is multiplied out."""
    if not node.args or isinstance(node, Element):
        return node
    if isinstance(node, Fold):
        return type(node)(*node.bound, _multiplied(node.body), where=_multiplied(node.where))
    rebuilt = node.func(*map(_multiplied, node.args))
    return expand(rebuilt, deep=False) if isinstance(rebuilt, Expr) else rebuilt


def _zeroed(node: Any, replaced: Any) -> Any:
    """Return an expression with arguments replaced, and folds of 0 taken as 0."""
    if node in replaced:
        return replaced[node]
    if not node.args or isinstance(node, Element):
        return node
    if isinstance(node, Fold):
        body = cancelled(_zeroed(node.body, replaced))
        if body.is_number:
            if body != 0 or isinstance(node, LogSumExp):
                raise Undecided(f"a fold of {body}")
            return S.Zero
        return type(node)(*node.bound, body, where=node.where.xreplace(replaced))
    parts = [_zeroed(part, replaced) for part in node.args]
    if isinstance(node, Pow) and parts[0] == 0 and parts[1].is_positive:
        return S.Zero
    return node.func(*parts)


def is_proper(formula: Formula, other: str) -> bool:
    """Whether the expected loss of a binary outcome is provably least at its true probability.

    With odds s of the prediction and w of the truth, the derivative in s must have the sign of
    s - w.
    """
    domain = formula.domains[other]
    leaves = formula.leaves(formula.expression)
    outcome = [leaf for leaf in formula.named(formula.expression) if leaf.name == other]
    if len(leaves) != 1 or len(outcome) != 1 or formula.expression.atoms(Fold):
        return False
    s, w = Dummy("s", positive=True), Dummy("w", positive=True)
    share = formula.domains[formula.moving].high == 1
    given = formula.expression.xreplace({next(iter(leaves)): s / (1 + s) if share else log(s)})
    no, yes = (given.subs(outcome[0], domain.low), given.subs(outcome[0], S.One))
    expected: Expr = (w * yes + no) / (1 + w)
    try:
        return is_positive(factor(simplify(diff(expected, s))) / (s - w))
    except (Undecided, NotImplementedError):
        return False
