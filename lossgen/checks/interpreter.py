"""The interpreter: an untouched entry, evaluated over jets at one row.

It walks the author's expressions as they are, folds included. Nothing is rewritten, simplified or
derived; named quantities are evaluated when first asked for, once for each tuple of indices.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Eq,
    Float,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    sign,
)  # fmt: skip
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from lossgen.language.entry import Definition, Entry
from lossgen.language.folds import Fold
from lossgen.language.functions import DEFINITIONS, stop_gradient
from lossgen.language.symbols import Element, Index, Label, Size

from .apply import binary, power, unary
from .chain import product
from .foldings import FOLDS
from .functions import BINARY, NAN, UNARY
from .jets import Jet, constant, paired, scaled
from .kinks import Judge, absolute, extremum, signum

Places = Mapping[Index, int]
Row = Mapping[str, Any]  # argument name -> array of its numbers, as the kernel sees them


class Interpreter:
    """One row of an entry: `leaves(name, place)` gives the jet of an argument's element."""

    def __init__(
        self,
        entry: Entry,
        row: Row,
        leaves: Callable[[str, tuple[int, ...]], Jet],
        judge: Judge,
        dtype: np.dtype[Any],
    ) -> None:
        self.definitions = {definition.name: definition for definition in entry.definitions}
        self.row, self.leaves, self.judge, self.dtype = row, leaves, judge, dtype
        self.sizes = axis_sizes(entry, row)
        self.known: dict[Any, Jet] = {}

    def jet(self, node: Basic, places: Places) -> Jet:
        """Return the jet of an expression, where `places` holds the values of its free indices."""
        kind: Any = type(node)
        return _rule(kind)(self, node, places)

    def function(self, node: Basic, places: Places) -> Jet:
        """Return a scalar function; one without a row of its own by its definition."""
        if type(node) in UNARY:
            return unary(type(node), self.jet(node.args[0], places))
        if type(node) in BINARY:
            return binary(type(node), *(self.jet(part, places) for part in node.args))
        if type(node) in DEFINITIONS:
            return self.jet(DEFINITIONS[type(node)](*node.args), places)
        raise NotImplementedError(f"the reference has no rule for {type(node).__name__} in {node}")

    def leaf(self, node: Symbol | Element, places: Places) -> Jet:
        """Return an argument or a named quantity."""
        place: tuple[int, ...] = ()
        if isinstance(node, Element):
            place = tuple(self.integer(index, places) for index in node.indices)
        key = (node.name, place)
        if key not in self.known:
            definition = self.definitions.get(node.name)
            self.known[key] = (
                self.quantity(definition, place) if definition else self.leaves(node.name, place)
            )
        return self.known[key]

    def quantity(self, definition: Definition, place: tuple[int, ...]) -> Jet:
        """Return a named quantity at one place, with the reach of its own expression."""
        places = dict(zip(definition.indices, place, strict=True))
        return self.jet(definition.expression, places)

    def integer(self, node: Basic, places: Places) -> int:
        """Return an index, a label or an extent."""
        if isinstance(node, Index):
            return places[node]
        if isinstance(node, Size):
            return self.sizes[node.name]
        if isinstance(node, Label):
            return int(self.row[node.name])
        if isinstance(node, Element):
            place = tuple(self.integer(index, places) for index in node.indices)
            return int(self.row[node.name][place])
        return int(self.jet(node, places).value)

    def fold(self, node: Fold, places: Places) -> Jet:
        """Return a fold over the elements that take part."""
        free = sorted(node.free_symbols & places.keys(), key=str)
        key = (node, tuple(places[index] for index in free))
        if key not in self.known:
            elements = [self.jet(node.body, inside) for inside in self.elements(node, places)]
            self.known[key] = FOLDS[type(node)](elements, self.judge)
        return self.known[key]

    def elements(self, node: Fold, places: Places) -> Iterator[Places]:
        """Yield the places of the elements for which the condition holds."""
        extents = [range(self.sizes[index.axis]) for index in node.bound]
        for found in itertools.product(*extents):
            inside = {**places, **dict(zip(node.bound, found, strict=True))}
            if node.where == S.true or self.holds(node.where, inside):
                yield inside

    def branch(self, node: Piecewise, places: Places) -> Jet:
        """Return the author's branch at the point."""
        for value, condition in node.args:
            if self.holds(condition, places):
                return self.jet(value, places)
        return constant(NAN)

    def holds(self, condition: Basic, places: Places) -> bool:
        """Whether a condition holds at the point."""
        if isinstance(condition, BooleanTrue | BooleanFalse):
            return bool(condition)
        if isinstance(condition, And):
            return all(self.holds(part, places) for part in condition.args)
        if isinstance(condition, Or):
            return any(self.holds(part, places) for part in condition.args)
        if isinstance(condition, Not):
            return not self.holds(condition.args[0], places)
        if isinstance(condition, Relational):
            return _RELATIONS[type(condition)](self.order(condition, places))
        raise NotImplementedError(f"the reference has no rule for the condition {condition}")

    def order(self, condition: Relational, places: Places) -> int:
        """Return the sign of left - right."""
        if condition.lhs.is_integer and condition.rhs.is_integer:
            left, right = self.integer(condition.lhs, places), self.integer(condition.rhs, places)
            return (left > right) - (left < right)
        return self.judge.compare(self.jet(condition.lhs, places), self.jet(condition.rhs, places))

    def power(self, node: Pow, places: Places) -> Jet:
        """Return a power, where the root of a bare argument differs at 0 from that of a sum."""
        leaf = isinstance(node.base, Symbol | Element) and node.base.name not in self.definitions
        return power(self.jet(node.base, places), self.jet(node.exp, places), leaf)

    def number(self, node: Any, _: Places) -> Jet:
        """Return a literal: floats as the kernel holds them, rationals and pi exactly."""
        if isinstance(node, Float):
            return constant(mpf(float(self.dtype.type(float(node)))))
        if isinstance(node, Rational):
            return constant(mpf(node.p) / node.q)
        if node in (S.Infinity, S.NegativeInfinity):
            return constant(mpf("inf") if node == S.Infinity else mpf("-inf"))
        return constant(node._to_mpmath(mp.mp.prec + 8))

    def times(self, node: Mul, places: Places) -> Jet:
        """Return a product; a number, or a parameter beside a fold, only scales it."""
        folded = any(isinstance(factor, Fold) for factor in node.args)
        factors, scales = [], []
        for factor in node.args:
            jet = self.jet(factor, places)
            if factor.is_Number or (folded and not jet.moves):
                scales.append(jet.value)
            else:
                factors.append(jet)
        result = reduce(product, factors) if factors else constant(1)
        return reduce(scaled, scales, result)


def axis_sizes(entry: Entry, row: Row) -> dict[str, int]:
    """Return the extent of each axis, read off the arrays of one row."""
    sizes: dict[str, int] = {}
    for argument in entry.arguments:
        for name, extent in zip(argument.domain.axes, np.shape(row[argument.name]), strict=True):
            if sizes.setdefault(name, extent) != extent:
                raise ValueError(f"{entry.name}: {argument.name} disagrees about axis {name}")
    return sizes


_RELATIONS: dict[type[Relational], Callable[[int], bool]] = {
    Eq: lambda order: order == 0,
    Ne: lambda order: order != 0,
    Lt: lambda order: order < 0,
    Le: lambda order: order <= 0,
    Gt: lambda order: order > 0,
    Ge: lambda order: order >= 0,
}


def _integer(interpreter: Interpreter, node: Basic, places: Places) -> Jet:
    return constant(interpreter.integer(node, places))


# First match wins: an Index is a Symbol, and an extent is no argument.
_RULES: dict[Any, Callable[[Interpreter, Any, Places], Jet]] = {
    (Index, Size, Label): _integer,
    (Symbol, Element): Interpreter.leaf,
    Add: lambda self, node, places: paired([self.jet(term, places) for term in node.args]),
    Mul: Interpreter.times,
    Pow: Interpreter.power,
    (Rational, Float, NumberSymbol, type(S.Infinity), type(S.NegativeInfinity)): Interpreter.number,
    Fold: Interpreter.fold,
    Piecewise: Interpreter.branch,
    Abs: lambda self, node, places: absolute(self.jet(node.args[0], places), self.judge),
    sign: lambda self, node, places: signum(self.jet(node.args[0], places), self.judge),
    Max: lambda self, node, places: extremum(
        [self.jet(part, places) for part in node.args], True, self.judge
    ),
    Min: lambda self, node, places: extremum(
        [self.jet(part, places) for part in node.args], False, self.judge
    ),
    stop_gradient: lambda self, node, places: _stopped(self.jet(node.args[0], places)),
}  # fmt: skip


@cache
def _rule(kind: type) -> Callable[[Interpreter, Any, Places], Jet]:
    return next(
        (rule for base, rule in _RULES.items() if issubclass(kind, base)), Interpreter.function
    )


def _stopped(jet: Jet) -> Jet:
    return Jet(jet.value, jet.reach, exact=jet.exact)
