"""Sums that derivation makes: what does not depend on the index goes before the sum.

A sum over k for every m of f(k) g(m) costs n^2 steps, g(m) times one sum n. Equal sums share one
name, also with the sums of the program that is differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Add, Expr, Mul, Piecewise, S
from sympy.logic.boolalg import Boolean, true

from lossgen.language.program import Reduction, Statement
from lossgen.language.symbols import Index, Size

Key = tuple[Expr, tuple[Index, ...], Boolean]


class Sums:
    """The sums that have a name already."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.known: dict[Key, Any] = {}
        for statement in statements:
            self.note(statement)

    def note(self, statement: Statement) -> None:
        """Remember a statement if it is a sum."""
        if isinstance(statement, Reduction) and statement.operation == "sum":
            key = (statement.body, statement.bound, statement.where)
            self.known.setdefault(key, statement.symbol)

    def over(
        self, bound: tuple[Index, ...], where: Boolean, body: Expr, add: Callable[[Expr], Any]
    ) -> Expr:
        """Return the sum of `body` over `bound` as an expression of named sums.

        `add` makes the statement of a new sum of a body, and returns its name.
        """
        outside: dict[Expr, list[Expr]] = {}
        if body == 0:
            return S.Zero
        total: list[Expr] = []
        for term in Add.make_args(body):
            if is_selected_outside(term, bound):
                total.append(self.branches(bound, where, term, add))
                continue
            before, inside = _split(term, bound, where)
            outside.setdefault(inside, []).append(before)
        for inside, factors in outside.items():
            if inside == 1 and where == true:
                total.append(Mul(Add(*factors), *(Size(index.axis) for index in bound)))
                continue
            key = (inside, bound, where)
            if key not in self.known:
                self.known[key] = add(inside)
            total.append(Add(*factors) * self.known[key])
        return Add(*total)

    def branches(
        self, bound: tuple[Index, ...], where: Boolean, term: Expr, add: Callable[[Expr], Any]
    ) -> Expr:
        """Return the sum of a selection that is the same for all summands."""
        return Piecewise(
            *((self.over(bound, where, value, add), condition) for value, condition in term.args)
        )


def is_selected_outside(term: Expr, bound: tuple[Index, ...]) -> bool:
    """Whether a term is a selection that is the same for all values of the bound indices."""
    if not isinstance(term, Piecewise):
        return False
    return not any(condition.free_symbols & set(bound) for _, condition in term.args)


def _split(term: Expr, bound: tuple[Index, ...], where: Boolean) -> tuple[Expr, Expr]:
    """Return the factors of a term without and with a bound index; a sign goes before the sum."""
    before: list[Expr] = []
    inside: list[Expr] = []
    for factor in Mul.make_args(term):
        depends = factor.free_symbols & set(bound)
        (inside if depends else before).append(factor)
    return Mul(*before), Mul(*inside) if inside else S.One
