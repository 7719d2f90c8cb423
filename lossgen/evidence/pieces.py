"""A function of one variable, cut where its branches meet, each piece over all positive numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    And,
    Dummy,
    Expr,
    Function,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Poly,
    Pow,
    S,
    atan,
    cos,
    cosh,
    diff,
    erf,
    erfc,
    exp,
    fraction,
    log,
    loggamma,
    sign,
    sin,
    sinh,
    tanh,
    together,
)  # fmt: skip
from sympy.core.relational import Relational

from .facts import Undecided
from .signs import is_positive, is_zero

_MOST = 12  # pieces of one function
_ENTIRE = (exp, cosh, sinh, tanh, cos, sin, atan, erf, erfc)


@dataclass(frozen=True)
class Piece:
    """The function over (low, high), as `expression` of `s`, where x is `place`.

    s is any positive number.
    """

    expression: Expr
    s: Any
    place: Expr
    low: Any
    high: Any

    def derivative(self, of: Expr) -> Expr:
        """Return the derivative in x of an expression of s."""
        return diff(of, self.s) / diff(self.place, self.s)

    def ends(self) -> tuple[tuple[Any, str], tuple[Any, str]]:
        """Return where s is at the low and at the high end, each with the side it comes from."""
        if self.low is S.NegativeInfinity:
            return (S.Infinity, "-"), (S.Zero, "+")
        return (S.Zero, "+"), (S.Infinity, "-")


class _Split(Exception):
    """The sign of `difference` changes inside the piece, or is open."""

    def __init__(self, difference: Expr) -> None:
        super().__init__(difference)
        self.difference = difference


def pieces(expression: Expr, x: Any, low: Any, high: Any) -> list[Piece]:
    """Return the pieces of an expression between two ends, in order.

    Raises:
        Undecided: where branches meet, or whether a piece is analytic, is open.
    """
    waiting: list[tuple[Any, Any]] = [(low, high)]
    found: list[Piece] = []
    if low is S.NegativeInfinity and high is S.Infinity:
        waiting = [(low, S.Zero), (S.Zero, high)]
    while waiting:
        if len(waiting) + len(found) > _MOST:
            raise Undecided(f"{expression} has more than {_MOST} pieces")
        start, end = waiting.pop()
        s, place = _coordinate(start, end)
        try:
            simple = resolved(expression.xreplace({x: place}))
        except _Split as split:
            middle = place.subs(s, _root(split.difference, s))
            waiting += [(start, middle), (middle, end)]
            continue
        check_analytic(simple)
        found.append(Piece(simple, s, place, start, end))
    return found[::-1]


def _coordinate(low: Any, high: Any) -> tuple[Any, Expr]:
    s = Dummy("s", positive=True)
    if high is S.Infinity:
        return s, low + s
    if low is S.NegativeInfinity:
        return s, high - s
    return s, low + (high - low) * s / (1 + s)


def _root(difference: Expr, s: Any) -> Expr:
    """Return where a difference is 0, if that is at one place inside the piece."""
    above = fraction(together(difference))[0]
    if not above.is_polynomial(s) or Poly(above, s).degree() != 1:
        raise Undecided(f"the sign of {difference}")
    slope, offset = Poly(above, s).all_coeffs()
    root = together(-offset / slope)
    if not (is_positive(slope) or is_positive(-slope)):
        raise Undecided(f"the sign of {slope}")
    if not is_positive(root):
        raise Undecided(f"whether {root} is inside")
    return root


def order(difference: Expr) -> int:
    """Return the sign of an expression; raises `_Split` if it is open."""
    if is_zero(difference):
        return 0
    if is_positive(difference):
        return 1
    if is_positive(-difference):
        return -1
    raise _Split(difference)


def at(expression: Expr, x: Any, place: Expr) -> Expr:
    """Return the value at one place, as the author's branches say."""
    try:
        return resolved(expression.xreplace({x: place}))
    except _Split as split:
        raise Undecided(f"the sign of {split.difference}") from None


def resolved(node: Any) -> Any:
    """Return an expression without branches; raises `_Split` where one of them is open."""
    if isinstance(node, Piecewise):
        for value, condition in node.args:
            if _holds(condition):
                return resolved(value)
        return S.NaN
    if not node.args:
        return node
    parts = [resolved(part) for part in node.args]
    rule = _RULES.get(node.func)
    return rule(parts) if rule else node.func(*parts)


def _extremum(way: int) -> Callable[[list[Any]], Any]:
    def pick(parts: list[Any]) -> Any:
        best = parts[0]
        for part in parts[1:]:
            best = part if order(part - best) == way else best
        return best

    return pick


_RULES: dict[Any, Callable[[list[Any]], Any]] = {
    Abs: lambda parts: parts[0] if order(parts[0]) >= 0 else -parts[0],
    sign: lambda parts: S(order(parts[0])),
    Max: _extremum(1),
    Min: _extremum(-1),
}

_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda found: found < 0, "<=": lambda found: found <= 0, ">": lambda found: found > 0,
    ">=": lambda found: found >= 0, "==": lambda found: found == 0, "!=": lambda found: found != 0,
}  # fmt: skip


def _holds(condition: Any) -> bool:
    match condition:
        case And():
            return all(_holds(part) for part in condition.args)
        case Or():
            return any(_holds(part) for part in condition.args)
        case Not():
            return not _holds(condition.args[0])
        case Relational():
            found = order(resolved(condition.lhs) - resolved(condition.rhs))
            return _HOLDS[condition.rel_op](found)
    return bool(condition)


def check_analytic(expression: Expr) -> None:
    """Raise Undecided unless an expression is analytic for all numbers of its symbols."""
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Undecided(f"{expression} is no number")
    for part in expression.atoms(Function, Pow):
        if isinstance(part, Pow):
            if part.exp.is_Integer and part.exp > 0:
                continue
            if not (is_positive(part.base) or (part.exp.is_integer and is_positive(-part.base))):
                raise Undecided(f"the sign of {part.base}")
        elif isinstance(part, log | loggamma):
            if not is_positive(part.args[0]):
                raise Undecided(f"the sign of {part.args[0]}")
        elif not isinstance(part, _ENTIRE):
            raise Undecided(f"where {part} is analytic")
