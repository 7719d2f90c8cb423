"""Validation of traced formulas: free indices, unknown symbols, functions without a kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Add, Basic, Derivative, I, Mul, Pow, Subs, Symbol, Tuple, nan, oo, zoo
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from .entry import Argument
from .errors import LanguageError
from .folds import Fold
from .functions import SCALAR_FUNCTIONS
from .symbols import Array, Element, Index, Label, Size

_STRUCTURE = (Add, Mul, Pow, Relational, ExprCondPair, BooleanFunction, BooleanAtom, Element, Fold)


def free_indices(expression: Basic) -> set[Index]:
    """Return the indices of `expression` that no fold inside it binds."""
    return {symbol for symbol in expression.free_symbols if isinstance(symbol, Index)}


def check_expression(name: str, expression: Basic, known: set[Symbol]) -> None:
    """Raise LanguageError at the smallest part of `expression` that has no kernel.

    `known` holds the symbols and arrays of arguments and earlier quantities.
    """
    for node in walk(expression):
        if isinstance(node, Symbol):
            _check_symbol(name, node, known)
        elif isinstance(node, Tuple):
            continue  # the variables of a derivative or a sum, which is refused as a whole
        elif node in (zoo, nan, I) or (node.has(I) and not node.args):
            raise LanguageError(f"{name}: {node} is no real number; a loss is real everywhere")
        elif isinstance(node, Derivative | Subs):
            raise LanguageError(f"{name}: {node} is left unevaluated; call .doit() or write it out")
        elif node.is_number and node.is_real is False and node not in (oo, -oo):
            raise LanguageError(f"{name}: {node} is no real number; a loss is real everywhere")
        elif node.args and not isinstance(node, _STRUCTURE + SCALAR_FUNCTIONS):
            raise LanguageError(
                f"{name}: {type(node).__name__} in {node} has no kernel; use the functions of "
                "lossgen.language (exp, log, sqrt, Abs, Max, Piecewise, softplus, ...)"
            )


def check_indices(
    name: str, names: set[str], arguments: Iterable[Argument], formulas: Iterable[Basic]
) -> None:
    """Raise LanguageError where an index has the name of something else.

    Loops and sums are read by name.
    """
    axes = {axis: {axis} for argument in arguments for axis in argument.domain.axes}
    for formula in formulas:
        for index in sorted(formula.atoms(Index), key=str):
            axes.setdefault(index.name, set()).add(index.axis)
    for index_name, found in sorted(axes.items()):
        if index_name in names:
            raise LanguageError(
                f"{name}: {index_name} is an index and also an argument or a let; "
                "give one of them another name"
            )
        if len(found) > 1:
            raise LanguageError(
                f"{name}: the index {index_name} runs over the axes {' and '.join(sorted(found))}; "
                "give one of them another name"
            )


def walk(expression: Basic) -> Iterator[Basic]:
    """Yield the parts of a formula, smallest first, without the lists of bound indices."""
    if isinstance(expression, Fold):
        inside: tuple[Any, ...] = (expression.body, expression.where)
    elif isinstance(expression, Element):
        inside = expression.args
    else:
        inside = expression.args
    for part in inside:
        yield from walk(part)
    yield expression


def _check_symbol(name: str, symbol: Symbol, known: set[Symbol]) -> None:
    if isinstance(symbol, Index | Size) or symbol in known:
        return
    if symbol.is_real is not True and not isinstance(symbol, Array | Label):
        raise LanguageError(
            f"{name}: the symbol {symbol} is not real; a loss takes its symbols as arguments, "
            f"such as {symbol}: Real"
        )
    raise LanguageError(
        f"{name}: {symbol} is neither an argument nor a let; "
        f"add it to the signature, such as {symbol}: Real"
    )
