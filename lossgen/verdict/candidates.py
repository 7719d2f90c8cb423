"""What a forgotten term or factor may be: the names of a formula, its parts, and their products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Mul, Pow, S, Symbol, exp

from lossgen.formulas.evaluate import Definition
from lossgen.language.entry import Entry
from lossgen.language.folds import SumOver
from lossgen.language.functions import sigmoid
from lossgen.language.symbols import Array, Element, Index, Size

from .samples import Floats, Samples, factor, is_simple

# Parts that are tried alone, and how many of them in pairs.
_SINGLE, _PAIRED = 120, 40


def candidates(
    expression: Any, indices: tuple[Any, ...], known: Mapping[Any, Definition], entry: Entry
) -> list[Any]:
    """Return what may have been forgotten in an expression, the likeliest first."""
    found: dict[Any, None] = {S.One: None}
    for symbol in _symbols(expression, indices, known, entry):
        found[symbol] = None
    names = list(found)
    for each in names[1:]:
        found[_less(S.One, each)] = None
        found[Pow(each, Integer(2), evaluate=False)] = None
        found[Pow(each, S.NegativeOne, evaluate=False)] = None
        found[exp(each, evaluate=False)] = None
        found[sigmoid(each, evaluate=False)] = None
    for part in _parts(expression):
        found.setdefault(part)
    return list(found)[:_SINGLE]


def _less(left: Any, right: Any) -> Any:
    return Add(left, Mul(S.NegativeOne, right, evaluate=False), evaluate=False)


def _symbols(
    expression: Any, indices: tuple[Any, ...], known: Mapping[Any, Definition], entry: Entry
) -> Iterator[Any]:
    """Yield the names of a loss and of a formula, arrays at its indices and in sums."""
    arguments = [argument.symbol for argument in entry.arguments if not argument.domain.integer]
    for symbol in (*arguments, *known):
        if not isinstance(symbol, Array):
            if isinstance(symbol, Symbol) and symbol.name not in ("=", ""):
                yield symbol
            continue
        fitting = [[index for index in indices if index.axis == axis] for axis in symbol.axes]
        if all(fitting):
            yield Element(symbol, *(some[0] for some in fitting))
        bound = [Index(f"{axis}#{place}", axis) for place, axis in enumerate(symbol.axes)]
        yield SumOver(*bound, Element(symbol, *bound))
    for axis in {axis for argument in entry.arguments for axis in argument.domain.axes}:
        yield Size(axis)


def _parts(expression: Any) -> Iterator[Any]:
    """Yield the parts of an expression that bind no index of an outer fold, small ones first."""
    pending, found = [expression], []
    while pending:
        part = pending.pop()
        if isinstance(part, Expr) and not part.is_Number and not isinstance(part, Index):
            found.append(part)
        if not isinstance(part, SumOver) and not hasattr(part, "bound") and not isinstance(part, Element):
            pending += list(part.args)
    yield from sorted(dict.fromkeys(found), key=lambda part: (len(str(part)), str(part)))


def matched(
    wanted: Floats, candidates: list[Any], samples: Samples
) -> Iterator[tuple[float, Any]]:
    """Yield candidates, or products of two, of which the wanted numbers are a simple multiple."""
    usable = [(each, samples.numbers(each)) for each in candidates]
    usable = [(each, numbers) for each, numbers in usable if np.all(np.isfinite(numbers))]
    for expression, numbers in usable:
        constant = factor(numbers, wanted)
        if constant is not None and is_simple(constant):
            yield constant, expression
            return
    for place, (left, first) in enumerate(usable[:_PAIRED]):
        for right, second in usable[place:]:
            constant = factor(first * second, wanted)
            if constant is not None and is_simple(constant):
                yield constant, Mul(left, right, evaluate=False)
                return

