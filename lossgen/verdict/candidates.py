"""What a forgotten term or factor may be: the names of a formula, its parts, and their products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Mul, Piecewise, Pow, S, Symbol, exp, log
from sympy.core.relational import Relational

from lossgen.formulas.evaluate import Definition
from lossgen.formulas.names import equal
from lossgen.formulas.vectors import Tensor, softmax
from lossgen.language.entry import Entry
from lossgen.language.folds import Fold, SumOver
from lossgen.language.functions import sigmoid
from lossgen.language.symbols import Array, Element, Index, Label, Size

from .samples import Exact, Samples, factor, floats, is_simple

# Parts that are tried alone, and how many of them in pairs.
_SINGLE, _PAIRED = 160, 60
_TOLERANCE = 1e-9


class Candidates:
    """Expressions that may have been forgotten, with their numbers at all points of a search."""

    def __init__(self, expressions: Sequence[Any], samples: Samples) -> None:
        numbers = [(each, samples.numbers(each)) for each in expressions]
        usable = [(each, floats(found)) for each, found in numbers]
        usable = [(each, found) for each, found in usable if np.all(np.isfinite(found))]
        self.expressions = [each for each, _ in usable]
        self.table = np.array([found for _, found in usable]).reshape(len(usable), len(samples))
        self.places = {
            (id(values), tuple(at.values())): place
            for place, (values, at) in enumerate(zip(samples.values, samples.places, strict=True))
        }

    def matched(self, wanted: Exact, samples: Samples) -> tuple[float, Any] | None:
        """Return a candidate, or a product of two, of which numbers are a simple multiple."""
        chosen = [
            self.places[id(values), tuple(at.values())]
            for values, at in zip(samples.values, samples.places, strict=True)
        ]
        table, numbers = self.table[:, chosen], wanted.astype(np.float64)
        if not np.all(np.isfinite(numbers)) or not np.any(numbers):
            return None
        for place in _proportional(table, numbers):
            constant = factor(table[place], numbers)
            if constant is not None and is_simple(constant):
                return constant, self.expressions[place]
        first, second = np.triu_indices(min(len(table), _PAIRED))
        with np.errstate(over="ignore"):
            products = table[first] * table[second]
        for place in _proportional(products, numbers):
            left, right = first[place], second[place]
            constant = factor(table[left] * table[right], numbers)
            if constant is not None and is_simple(constant):
                pair = (self.expressions[left], self.expressions[right])
                return constant, Mul(*pair, evaluate=False)
        return None


def _proportional(table: Any, wanted: Any) -> Iterator[int]:
    """Yield the rows of a table of which numbers are a multiple, quickly and roughly decided."""
    largest = int(np.argmax(np.abs(wanted)))
    with np.errstate(all="ignore"):
        ratios = wanted[largest] / table[:, largest]
        error = np.abs(table * ratios[:, None] - wanted)
        size = np.abs(wanted) + 1e-6 * np.abs(wanted[largest])
        yield from map(int, np.flatnonzero(np.all(error <= 1e-6 * size, axis=1)))


def candidates(
    expression: Any, indices: tuple[Any, ...], known: Mapping[Any, Definition], entry: Entry
) -> list[Any]:
    """Return what may have been forgotten in an expression, the likeliest first."""
    found: dict[Any, None] = {S.One: None}
    names = list(symbols(indices, known, entry))
    found.update(dict.fromkeys(names))
    found.update(dict.fromkeys(_selections(indices, entry)))
    for condition in sorted(expression.atoms(Relational) | entry.value.atoms(Relational), key=str):
        if not any(isinstance(symbol, Index) for symbol in condition.free_symbols):
            found[Piecewise((S.One, condition), (S.Zero, True), evaluate=False)] = None
    for each in names:
        found[_less(S.One, each)] = None
        found[Pow(each, Integer(2), evaluate=False)] = None
        found[Pow(each, S.NegativeOne, evaluate=False)] = None
    parts = [expression, entry.value, *(each.expression for each in entry.definitions)]
    for part in parts:
        found.update(dict.fromkeys(_parts(part, indices)))
    for each in names:
        for function in (exp, sigmoid, log):
            found[function(each, evaluate=False)] = None
            found[function(Mul(S.NegativeOne, each, evaluate=False), evaluate=False)] = None
    return list(found)[:_SINGLE]


def _less(left: Any, right: Any) -> Any:
    return Add(left, Mul(S.NegativeOne, right, evaluate=False), evaluate=False)


def symbols(indices: Sequence[Any], known: Mapping[Any, Definition], entry: Entry) -> Iterator[Any]:
    """Yield the names of a loss and of a formula, arrays at these indices and in sums."""
    arguments = [argument.symbol for argument in entry.arguments if not argument.domain.integer]
    labels = [a.symbol for a in entry.arguments if isinstance(a.symbol, Label)]
    for symbol in (*arguments, *known):
        if not isinstance(symbol, Array):
            if isinstance(symbol, Symbol) and symbol.name != "=":
                yield symbol
            continue
        fitting = [
            [place for place in (*indices, *labels) if place.axis == axis] for axis in symbol.axes
        ]
        if all(fitting):
            yield from {Element(symbol, *(some[end] for some in fitting)): None for end in (0, -1)}
            yield from _shares(symbol, fitting)
        bound = [Index(f"{axis}#{place}", axis) for place, axis in enumerate(symbol.axes)]
        yield SumOver(*bound, Element(symbol, *bound))
    for axis in sorted({axis for argument in entry.arguments for axis in argument.domain.axes}):
        yield Size(axis)


def _shares(symbol: Array, fitting: list[list[Any]]) -> Iterator[Any]:
    """Yield the softmax of a vector at an index."""
    if len(fitting) == 1:
        for index in fitting[0]:
            yield softmax(Tensor(Element(symbol, index), (index,))).expression


def _selections(indices: Sequence[Any], entry: Entry) -> Iterator[Any]:
    """Yield 1 where two indices are equal, or an index is the label."""
    labels = [a.symbol for a in entry.arguments if isinstance(a.symbol, Label)]
    for place, first in enumerate(indices):
        for second in (*indices[place + 1 :], *labels):
            if first.axis == second.axis:
                yield equal(first, second)


def _parts(expression: Any, indices: Sequence[Any]) -> Iterator[Any]:
    """Yield the parts of an expression that use no other indices, small ones first."""
    pending, found = [expression], []
    while pending:
        part = pending.pop()
        if not isinstance(part, Element | Fold):
            pending += list(part.args)
        if isinstance(part, Expr) and not part.is_Number and not isinstance(part, Index):
            used = {symbol for symbol in part.free_symbols if isinstance(symbol, Index)}
            if used <= set(indices):
                found.append(part)
    yield from sorted(dict.fromkeys(found), key=lambda part: (len(str(part)), str(part)))
