"""Folds: sums, means, maxima, minima and log-sum-exps over one or several indices."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, Tuple, sympify
from sympy.logic.boolalg import Boolean

from .errors import LanguageError
from .symbols import Index


class Fold(Expr):
    """A fold of `body` over the bound indices, restricted to `where`.

    The bound indices are local to the fold. Subclasses say how elements combine and what an empty
    fold is worth.
    """

    is_commutative = True
    is_real = True

    def __new__(cls, *arguments: Any, where: Any = True) -> Fold:
        if cls is not Fold and len(arguments) == 3 and isinstance(arguments[0], Tuple):
            bound, body, where = arguments  # SymPy rebuilds a node from its args
        else:
            *given, body = arguments
            bound = Tuple(*_indices(cls.__name__, given))
            body, where = _body(cls.__name__, body), sympify(where)
        _check_uses(cls.__name__, bound, body, where)
        return Expr.__new__(cls, bound, body, where)

    @property
    def bound(self) -> tuple[Index, ...]:
        """Indices that the fold runs over."""
        return tuple(self.args[0].args)

    @property
    def body(self) -> Expr:
        """What is folded."""
        return self.args[1]

    @property
    def where(self) -> Boolean:
        """Condition under which an element takes part."""
        return self.args[2]

    @property
    def free_symbols(self) -> set[Any]:
        """Free symbols, without the bound indices."""
        return (self.body.free_symbols | self.where.free_symbols) - set(self.bound)

    def _sympystr(self, printer: Any) -> str:
        indices = ", ".join(printer._print(index) for index in self.bound)
        tail = "" if self.where == S.true else f", where={printer._print(self.where)}"
        return f"{type(self).__name__}({indices}, {printer._print(self.body)}{tail})"


class SumOver(Fold):
    """Sum of the body; 0 if nothing takes part."""


class MeanOver(Fold):
    """Mean of the body over the elements that take part; 0 if nothing does."""


class MaxOver(Fold):
    """Largest body, a tie shared equally by the derivative; -oo if nothing takes part."""


class MinOver(Fold):
    """Smallest body, a tie shared equally by the derivative; oo if nothing takes part."""


class LogSumExp(Fold):
    """log of the sum of e^body; -oo if nothing takes part."""


def _indices(fold: str, given: list[Any]) -> tuple[Index, ...]:
    if not given:
        raise LanguageError(f"{fold} needs an index and a body, such as {fold}(k, x[k])")
    for index in given:
        if not isinstance(index, Index):
            raise LanguageError(
                f"{fold}({index}, ...): expected an axis index made by axis('k') or "
                "k.indices('i j')"
            )
    if len(set(given)) != len(given):
        raise LanguageError(
            f"{fold} names the index {given[0]} twice; use k.indices('i j') for two"
        )
    return tuple(given)


def _body(fold: str, body: Any) -> Expr:
    expression = sympify(body)
    if not isinstance(expression, Expr):
        raise LanguageError(
            f"{fold}(..., {body}): the body must be a number; write "
            "Piecewise((1, condition), (0, True)) or give the condition as where="
        )
    return expression


def _check_uses(fold: str, bound: Tuple, body: Expr, where: Boolean) -> None:
    used = body.free_symbols | where.free_symbols
    for index in bound:
        if index not in used:
            raise LanguageError(
                f"{fold}({index}, {body}): neither the body nor where= uses the index {index}; "
                f"if a multiple is meant, write {index}.size * ({body})"
            )
