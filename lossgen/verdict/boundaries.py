"""Rows on both sides of every place where a formula changes its branch.

A branch with a wrong condition is wrong only between two boundaries, its own and the right one,
which may lie close together. So both are looked for: where a comparison changes between two rows,
the segment between them is halved until it is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Any

import mpmath as mp
import numpy as np
from sympy import Abs, Add, Max, Min, Mul, S, sign
from sympy.core.relational import Relational

from lossgen.formulas.errors import FormulaError
from lossgen.formulas.evaluate import Definition, Values, evaluate
from lossgen.language.entry import Entry
from lossgen.language.folds import Fold
from lossgen.language.symbols import Element, Index

from .points import Row, completed
from .question import extents
from .regions import Regions

# How near to the boundary rows lie, as a part of the segment: off the kink, and before the next.
_BESIDE = 2.0**-10
_HALVINGS = 12
# Segments for each comparison, and comparisons of a formula.
_SEGMENTS, _MOST = 2, 8
_DIGITS = 20


def beside(
    entry: Entry, formulas: Sequence[Any], known: Mapping[Any, Definition], rows: Sequence[Row],
    regions: Regions,
) -> Iterator[Row]:  # fmt: skip
    """Yield rows on both sides of the boundaries in formulas, between the rows given."""
    definitions = [definition.expression for definition in known.values()]
    found = dict.fromkeys(part for each in (*formulas, *definitions) for part in switches(each))
    for switch in list(found)[:_MOST]:
        for ends in islice(_opposite(entry, switch, known, rows), _SEGMENTS):
            yield from _halved(entry, switch, known, ends, regions)


def switches(expression: Any) -> Iterator[Any]:
    """Yield the differences whose sign decides a branch, but for those of single elements."""
    kinds = (Abs, sign, Max, Min, Relational)
    if isinstance(expression, kinds) and any(
        isinstance(symbol, Index) for symbol in expression.free_symbols
    ):
        return
    match expression:
        case Relational():
            yield _less(expression.lhs, expression.rhs)
        case Abs() | sign():
            yield expression.args[0]
        case Max() | Min():
            for left, right in combinations(expression.args, 2):
                yield _less(left, right)
        case Fold() | Element():
            return
    for part in expression.args:
        yield from switches(part)


def _less(left: Any, right: Any) -> Any:
    return Add(left, Mul(S.NegativeOne, right, evaluate=False), evaluate=False)


def _opposite(
    entry: Entry, switch: Any, known: Mapping[Any, Definition], rows: Sequence[Row]
) -> Iterator[tuple[Row, Row]]:
    """Yield pairs of rows of one shape at which a difference has opposite signs."""
    sides: dict[Any, dict[int, Row]] = {}
    for row in rows:
        side = _side(entry, switch, known, row)
        shape = tuple(
            np.asarray(row[a.name]).tobytes() if a.domain.integer else np.shape(row[a.name])
            for a in entry.arguments
        )
        other = sides.setdefault(shape, {}).pop(-side, None) if side else None
        if other is not None:
            yield other, row
        elif side:
            sides[shape][side] = row


def _side(entry: Entry, switch: Any, known: Mapping[Any, Definition], row: Row) -> int:
    with mp.workdps(_DIGITS):
        try:
            value = evaluate(switch, Values(row, extents(entry, row), known), {}).value
        except (FormulaError, KeyError):
            return 0
        return int(value > 0) - int(value < 0)


def _halved(
    entry: Entry,
    switch: Any,
    known: Mapping[Any, Definition],
    ends: tuple[Row, Row],
    regions: Regions,
) -> Iterator[Row]:
    low, high = 0.0, 1.0
    start = _side(entry, switch, known, _between(entry, ends, low, regions))
    if start == _side(entry, switch, known, _between(entry, ends, high, regions)):
        return  # the numbers of finite sets, which stay, decide it
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        same = _side(entry, switch, known, _between(entry, ends, middle, regions)) == start
        low, high = (middle, high) if same else (low, middle)
    for at in (low - _BESIDE, high + _BESIDE):
        if 0 <= at <= 1:
            yield _between(entry, ends, at, regions)


def _between(entry: Entry, ends: tuple[Row, Row], share: float, regions: Regions) -> Row:
    """Return a row between two; integers and numbers of finite sets are those of the first."""
    first, second = ends
    row = dict(first)
    for argument in entry.arguments:
        region = regions.get(argument.name)
        if not argument.domain.integer and not (region is not None and region.members):
            name = argument.name
            row[name] = (1 - share) * np.asarray(first[name], float) + share * np.asarray(
                second[name], float
            )
    return completed(entry, row)
