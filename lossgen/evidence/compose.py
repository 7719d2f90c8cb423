"""Facts of expressions with folds, from those of their parts.

The rules are those of convex calculus (Boyd and Vandenberghe 2004, Convex Optimization, section
3.2): a sum of convex functions is convex, and so are their maximum and their log-sum-exp; f(u) is
convex where f is and u is affine, or f increases and u is convex. An axis has two elements or more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

from sympy import Add, Dummy, Expr, Max, Min, Mul, Pow, S

from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver
from lossgen.language.symbols import Element

from .curve import curve
from .facts import NOTHING, Facts, constant, is_finite, some_bound
from .plain import Formula, ends
from .scalar import scalar
from .signs import is_nonnegative, is_positive


def facts(node: Expr, formula: Formula) -> Facts:
    """Return what is proven of an expression as a function of the moving argument."""
    if not formula.depends(node):
        return fixed(node, formula)
    folds, leaves = _parts(node, formula)
    if not folds and len(leaves) == 1:
        (leaf,) = leaves
        known = scalar(node, leaf, formula)
        apart = isinstance(node, Add) and not all(map(formula.depends, node.args))
        return _either(known, _sum(node, formula)) if apart else known
    if isinstance(node, Fold):
        return _folded(node, formula)
    if _is_norm(node):
        return _norm(node, formula)
    if isinstance(node, Add):
        return _sum(node, formula)
    if isinstance(node, Mul):
        return _product(node, formula)
    if isinstance(node, Max):
        return reduce(_larger, (facts(part, formula) for part in node.args))
    if len(folds) == 1 and not leaves:
        (fold,) = folds
        return _composed(node, fold, formula)
    return NOTHING


def _parts(node: Any, formula: Formula) -> tuple[set[Any], set[Any]]:
    """Return the outermost folds that depend on the argument, and its elements outside them."""
    if isinstance(node, Fold):
        return ({node}, set()) if formula.depends(node) else (set(), set())
    if isinstance(node, Element) or not node.args:
        return set(), formula.leaves(node)
    found = [_parts(part, formula) for part in node.args]
    return set().union(*(f for f, _ in found)), set().union(*(leaf for _, leaf in found))


def fixed(node: Expr, formula: Formula) -> Facts:
    """Return the bounds of what does not depend on the argument."""
    if not formula.named(node) and not node.atoms(Fold):
        return constant(node, node)
    if node in formula.named(node):
        return constant(*ends(formula.domains[node.name]))
    leaves = formula.named(node)
    if len(leaves) == 1 and not node.atoms(Fold):
        (leaf,) = leaves
        found = scalar(node, leaf, replace(formula, moving=leaf.name))
        return constant(found.low, found.high, found.above)
    if is_nonnegative(node):
        return constant(S.Zero, S.Infinity, is_positive(node))
    return constant(S.NegativeInfinity, S.Zero if is_nonnegative(-node) else S.Infinity)


def _composed(node: Expr, fold: Fold, formula: Formula) -> Facts:
    """Return the facts of f(u), where u is a fold."""
    inner = facts(fold, formula)
    u = Dummy("u", real=True)
    outer = curve(node.xreplace({fold: u}), u, inner.low, inner.high)
    open_ends = inner.above or not is_finite(inner.low)
    if not open_ends or is_finite(inner.high):
        # At a closed end a curve is not asked whether it is smooth.
        outer = Facts(**{**outer.__dict__, "smooth": False})
    return Facts(
        outer.low, outer.high, outer.above and open_ends,
        convex=outer.convex and _bends(outer, inner.affine, inner.convex, inner.concave),
        concave=outer.concave and _bends(outer, inner.affine, inner.concave, inner.convex),
        slope=_times(outer.slope, inner.slope), smooth=outer.smooth and inner.smooth,
    )  # fmt: skip


def _bends(outer: Facts, affine: bool, alike: bool, opposite: bool) -> bool:
    return affine or (outer.increasing and alike) or (outer.decreasing and opposite)


def _times(one: Any, other: Any) -> Any:
    if S.Zero in (one, other):
        return S.Zero
    return one * other if is_finite(one) and is_finite(other) else S.Infinity


def _sum(node: Add, formula: Formula) -> Facts:
    terms = list(node.args)
    pair = next((p for one in terms for other in terms if (p := _gap(one, other, formula))), None)
    if pair is not None:
        known, used = pair
        rest = [term for term in terms if term not in used]
        return reduce(_plus, (facts(term, formula) for term in rest), known)
    return reduce(_plus, (facts(term, formula) for term in terms))


def _either(one: Facts, other: Facts) -> Facts:
    """Return what is known in one of two ways."""
    lower = other if not is_finite(one.low) or other.above else one
    return Facts(
        lower.low, one.high if is_finite(one.high) else other.high, lower.above,
        one.convex or other.convex, one.concave or other.concave,
        one.increasing or other.increasing, one.decreasing or other.decreasing,
        Min(one.slope, other.slope), one.smooth or other.smooth,
    )  # fmt: skip


def _plus(one: Facts, other: Facts) -> Facts:
    low, high = one.low + other.low, one.high + other.high
    return Facts(
        low, high, is_finite(low) and (one.above or other.above), one.convex and other.convex,
        one.concave and other.concave, one.increasing and other.increasing,
        one.decreasing and other.decreasing, one.slope + other.slope, one.smooth and other.smooth,
    )  # fmt: skip


def _gap(fold: Any, term: Any, formula: Formula) -> tuple[Facts, tuple[Any, Any]] | None:
    """Return the facts of a log-sum-exp or maximum less one of its own elements."""
    if not isinstance(fold, LogSumExp | MaxOver) or fold.where != S.true or len(fold.bound) != 1:
        return None
    (index,) = fold.bound
    places = {place for element in term.atoms(Element) for place in element.indices}
    if not any(fold.body.xreplace({index: place}) == -term for place in places):
        return None
    body = facts(fold.body, formula)
    soft = isinstance(fold, LogSumExp)
    slope = body.slope if _is_own(fold, formula) else 2 * body.slope
    known = Facts(
        S.Zero, S.Infinity, soft, convex=body.affine, slope=slope, smooth=soft and body.smooth
    )
    return known, (fold, term)


def _product(node: Mul, formula: Formula) -> Facts:
    still = [part for part in node.args if not formula.depends(part)]
    moving = [part for part in node.args if formula.depends(part)]
    if not still:
        folds, leaves = _parts(node, formula)
        if len(folds) != 1 or leaves:
            return NOTHING
        (fold,) = folds
        return _composed(node, fold, formula)
    factor, rest = fixed(Mul(*still), formula), facts(Mul(*moving), formula)
    if is_nonnegative(-factor.high) if is_finite(factor.high) else False:
        factor, rest = factor.negated, rest.negated
    size = Max(abs(factor.low), abs(factor.high))
    slope = _times(size, rest.slope)
    if not (is_finite(factor.low) and is_nonnegative(factor.low)):
        flat = rest.affine
        return Facts(convex=flat, concave=flat, slope=slope, smooth=rest.smooth)
    low, above = _scaled(factor, rest.low)
    high, _ = _scaled(factor, rest.high)
    positive = is_positive(factor.low) or factor.above
    return Facts(
        low, high, rest.above and above and positive, rest.convex, rest.concave, rest.increasing,
        rest.decreasing, slope, rest.smooth,
    )  # fmt: skip


def _scaled(factor: Facts, bound: Any) -> tuple[Any, bool]:
    """Return a bound times a factor that is not negative, and whether it is reached as before."""
    if bound == 0:
        return bound, True
    if factor.low == factor.high:
        return (bound * factor.low, True) if is_positive(factor.low) else (bound, False)
    if not is_finite(bound):
        return bound, False
    if is_positive(bound) or is_positive(-bound):
        far = bound * factor.high
        return (Min(S.Zero, far) if is_positive(-bound) else far), False
    return S.Infinity, False


def _folded(fold: Fold, formula: Formula) -> Facts:
    if formula.depends(fold.where):
        return NOTHING
    body = facts(fold.body, formula)
    known: Facts = _FOLDS[type(fold)](fold, body, formula)
    if fold.where == S.true:
        return known
    # Nothing may take part: 0, or an infinity.
    low = Min(known.low, 0) if isinstance(fold, SumOver | MeanOver) else S.NegativeInfinity
    high = Max(known.high, 0) if isinstance(fold, SumOver | MeanOver) else S.Infinity
    return Facts(**{**known.__dict__, "low": low, "high": high, "above": False})


def _is_own(fold: Fold, formula: Formula) -> bool:
    """Whether each element of the argument occurs in one element of the fold only."""
    folds, leaves = _parts(fold.body, formula)
    return (
        not folds
        and len(leaves) == 1
        and all(set(fold.bound) <= set(leaf.indices) for leaf in leaves)
    )


def _summed(fold: Fold, body: Facts, formula: Formula) -> Facts:
    low = S.Zero if is_finite(body.low) and is_nonnegative(body.low) else _many(body.low)
    high = S.Zero if is_finite(body.high) and is_nonnegative(-body.high) else _many(body.high)
    slope = body.slope if _is_own(fold, formula) else _many(body.slope)
    return Facts(
        low, high, body.above and low == 0, body.convex, body.concave, body.increasing,
        body.decreasing, slope, body.smooth,
    )  # fmt: skip


def _many(bound: Any) -> Any:
    """Return some bound of a sum whose terms have a bound."""
    if not is_finite(bound) or bound == 0:
        return bound
    return some_bound() if is_nonnegative(bound) else -some_bound()


def _mean(fold: Fold, body: Facts, formula: Formula) -> Facts:
    return body


def _soft_maximum(fold: Fold, body: Facts, formula: Formula) -> Facts:
    return Facts(
        body.low, _many(body.high) if body.high != 0 else some_bound(), body.above, body.convex,
        False, body.increasing, body.decreasing, body.slope, body.smooth,
    )  # fmt: skip


def _largest(fold: Fold, body: Facts, formula: Formula) -> Facts:
    return Facts(body.low, body.high, body.above, convex=body.convex, slope=body.slope)


def _smallest(fold: Fold, body: Facts, formula: Formula) -> Facts:
    return Facts(body.low, body.high, body.above, concave=body.concave, slope=body.slope)


def _larger(one: Facts, other: Facts) -> Facts:
    low = Max(one.low, other.low)
    above = (one.above and low == one.low) or (other.above and low == other.low)
    return Facts(
        low, Max(one.high, other.high), above, convex=one.convex and other.convex,
        slope=Max(one.slope, other.slope),
    )  # fmt: skip


_FOLDS: dict[type[Fold], Callable[[Fold, Facts, Formula], Facts]] = {
    SumOver: _summed,
    MeanOver: _mean,
    LogSumExp: _soft_maximum,
    MaxOver: _largest,
    MinOver: _smallest,
}


def _is_norm(node: Expr) -> bool:
    return (
        isinstance(node, Pow)
        and node.exp == S.Half
        and isinstance(node.base, SumOver | MeanOver)
        and isinstance(node.base.body, Pow)
        and node.base.body.exp == 2
    )


def _norm(node: Pow, formula: Formula) -> Facts:
    """Return the facts of a root of a sum or mean of squares."""
    fold: Any = node.base
    inner = facts(fold.body.base, formula)
    if not inner.affine:
        return Facts(low=S.Zero)
    slope = inner.slope if _is_own(fold, formula) else _many(inner.slope)
    return Facts(low=S.Zero, convex=True, slope=slope)
