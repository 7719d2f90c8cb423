"""Partial derivatives of one scalar expression in each of the names that it uses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from sympy import Add, Expr, Function, Max, Min, Mul, Piecewise, Pow, S, Symbol, exp, true

from lossgen.language.entry import Definition
from lossgen.language.functions import share
from lossgen.language.program import Statement
from lossgen.language.symbols import Element, Index, Size

from .rules import CONSTANT, PARTIALS, extremum, power_in_base, power_in_exponent

Partials = dict[Any, Expr]


class Active(set[str]):
    """The names that depend on what is differentiated.

    `moving` are those that depend on any argument of the loss: whether max(x, y) is a hinge or a
    tie must not depend on which of x and y is asked for.
    """

    def __init__(self, names: set[str], moving: set[str]) -> None:
        super().__init__(names)
        self.moving = moving


def partials(expression: Expr, active: Active, own: Statement | None = None) -> Partials:
    """Return the partial derivative of `expression` in each symbol or element named in `active`.

    Two elements of one array are two variables: `s[i, j]` and `s[i, i]` have an entry each. Where
    the statement `own` defines a root, an exponential or a quotient, its slope is written with its
    own name: that of z = r / w in w is -z / w, and never meets the square of w.
    """
    named = isinstance(own, Definition) and isinstance(expression, Pow | exp | Mul | Piecewise)
    slopes = _by_name(expression, own.symbol, active) if named else _walk(expression, active)  # type: ignore[union-attr]
    found = {leaf: slope for leaf, slope in slopes.items() if slope != 0}
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def _by_name(expression: Expr, name: Any, active: Active) -> Partials:
    if isinstance(expression, Piecewise):
        return _branches(expression, lambda value: _by_name(value, name, active))
    if isinstance(expression, Mul):
        return _total(_factor(expression, factor, name, active) for factor in expression.args)
    base, exponent = expression.as_base_exp() if isinstance(expression, Pow) else (None, None)
    if isinstance(expression, exp):
        return _scaled(name, partials(expression.args[0], active))
    if exponent != S.Half:
        return _walk(expression, active)
    slope: Expr = 1 / (2 * name)
    if isinstance(power_in_base(base, S.Half), Piecewise):
        slope = Piecewise((slope, name > 0), (S.Zero, True))
    return _scaled(slope, partials(base, active))


def _factor(whole: Mul, factor: Expr, name: Any, active: Active) -> Partials:
    """Return what one factor of a named product adds to its slope."""
    if isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative:
        return _scaled(factor.exp * name / factor.base, _walk(factor.base, active))
    others = Mul(*(other for other in whole.args if other is not factor))
    return _scaled(others, _walk(factor, active))


def uses(expression: Any, active: set[str]) -> bool:
    """Whether an expression reads one of the names in `active`."""
    return any(
        symbol.name in active
        for symbol in expression.free_symbols
        if not isinstance(symbol, Index | Size)
    )


def _walk(node: Expr, active: Active) -> Partials:
    if isinstance(node, Symbol | Element):
        named = not isinstance(node, Index | Size) and node.name in active
        return {node: S.One} if named else {}
    if not uses(node, active) or isinstance(node, CONSTANT):
        return {}
    if isinstance(node, Add):
        return _total([_walk(term, active) for term in node.args])
    if isinstance(node, Mul):
        return _total(
            _scaled(
                Mul(*(other for other in node.args if other is not factor)), _walk(factor, active)
            )
            for factor in node.args
        )
    if isinstance(node, Pow):
        return _chain(node.args, (power_in_base, power_in_exponent), active)
    if isinstance(node, Piecewise):
        return _branches(node, lambda value: _walk(value, active))
    if isinstance(node, Max | Min):
        return _extremum(node, active)
    if type(node) not in PARTIALS:
        raise NotImplementedError(f"{type(node).__name__} has no row in the table of derivatives")
    return _chain(node.args, PARTIALS[type(node)], active)


def _chain(arguments: Any, rules: tuple[Callable[..., Expr], ...], active: Active) -> Partials:
    return _total(
        _scaled(rule(*arguments), inner)
        for argument, rule in zip(
            arguments, rules, strict=False
        )  # the indices of share have no rule
        if (inner := _walk(argument, active))
    )


def _branches(node: Piecewise, slopes_of: Callable[[Expr], Partials]) -> Partials:
    inner = [(slopes_of(value), condition) for value, condition in node.args]
    leaves = {leaf for slopes, _ in inner for leaf in slopes}
    return {
        leaf: select([(slopes.get(leaf, S.Zero), condition) for slopes, condition in inner])
        for leaf in sorted(leaves, key=str)
    }


def _extremum(node: Expr, active: Active) -> Partials:
    contributions = []
    for own in node.args:
        others = tuple(other for other in node.args if other is not own)
        moving = tuple(other for other in others if uses(other, active.moving))
        fixed = tuple(other for other in others if other not in moving)
        slope = extremum(type(node), own, moving, fixed)
        contributions.append(multiply(slope, _walk(own, active)))
    return _total(contributions)


def select(branches: list[tuple[Expr, Any]]) -> Expr:
    """Return a Piecewise, or the one value that all branches share."""
    values = {value for value, _ in branches}
    return values.pop() if len(values) == 1 else Piecewise(*branches)


def multiply(factor: Expr, slopes: Partials) -> Partials:
    """Return the slopes times a factor, branch by branch where the factor is a Piecewise."""
    return _scaled(factor, slopes)


def _scaled(factor: Expr, slopes: Partials) -> Partials:
    return {leaf: product(factor, slope) for leaf, slope in slopes.items()}


def product(left: Expr, right: Expr) -> Expr:
    """Return left * right; a Piecewise factor takes the other factor into its branches.

    A factor that is infinite or NaN where its branch is not taken must not meet the 0 of the other:
    0 * inf is NaN.
    """
    if left == 0 or right == 0:
        return S.Zero
    if left == 1 or right == 1:
        return right if left == 1 else left
    for piecewise, other in ((left, right), (right, left)):
        if isinstance(piecewise, Piecewise) and any(value == 0 for value, _ in piecewise.args):
            return select(
                [
                    (product(value, _under(other, condition)), condition)
                    for value, condition in piecewise.args
                ]
            )
    return left * right


def _under(expression: Expr, condition: Any) -> Expr:
    """Return the expression where the condition holds, so that no branch asks it again."""
    known = condition != True and expression.has(Piecewise)  # noqa: E712  (SymPy's true)
    return expression.xreplace({condition: true}) if known else expression


def total(terms: list[Expr]) -> Expr:
    """Return the sum; Piecewise terms with the same conditions become one."""
    groups: dict[Any, list[Piecewise]] = {}
    plain: list[Expr] = []
    for term in chain.from_iterable(map(Add.make_args, terms)):
        if isinstance(term, Piecewise):
            groups.setdefault(tuple(condition for _, condition in term.args), []).append(term)
        else:
            plain.append(term)
    merged = [
        select(
            [
                (total([term.args[place][0] for term in members]), condition)
                for place, condition in enumerate(conditions)
            ]
        )
        for conditions, members in groups.items()
    ]
    return Add(factored(plain), *merged)


def factored(terms: list[Expr]) -> Expr:
    """Return the sum with the functions that all terms share in front.

    s(x) s(-x) (1 - t) - s(x) s(-x) t is inf * 0 where what it multiplies is infinite, and the
    product s(x) s(-x) (1 - 2 t) is known to vanish. Not where a difference would lose its brackets:
    (1 - t) + w t.
    """
    rows = [list(Mul.make_args(term)) for term in terms]
    first = rows[0] if len(rows) > 1 else []
    common = [f for f in first if _is_atom(f) and all(f in row for row in rows)]
    rests = [Mul(*(factor for factor in row if factor not in common)) for row in rows]
    rest = Add(*rests)
    if not common or len(Add.make_args(rest)) > len(terms):
        return Add(*terms)
    return Mul(*common, rest)


def _is_atom(factor: Expr) -> bool:
    # A softmax weight stays beside its square, for their difference is w times the other weights.
    return isinstance(factor, Function) and not isinstance(factor, share)


def _total(parts: Any) -> Partials:
    terms: dict[Any, list[Expr]] = {}
    for slopes in parts:
        for leaf, slope in slopes.items():
            terms.setdefault(leaf, []).append(slope)
    return {leaf: total(found) for leaf, found in terms.items()}
