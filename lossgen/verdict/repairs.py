"""Changes that are tried one by one, where what a part should be cannot be worked out.

A term inside a sum over an index, an even power or a norm: its sign is turned, it is multiplied by
a small number, a name is added to it, and the whole formula is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Mul, Rational, S
from sympy.logic.boolalg import Boolean

from lossgen.formulas.evaluate import Definition
from lossgen.formulas.vectors import rebuilt
from lossgen.language.entry import Entry
from lossgen.language.folds import Fold
from lossgen.language.symbols import Element, Index

from .blame import Finding
from .candidates import symbols
from .samples import Samples, alike

_FACTORS = (
    S.NegativeOne,
    Integer(2),
    S.Half,
    Integer(3),
    Rational(1, 3),
    Integer(4),
    Rational(1, 4),
)
Path = tuple[int, ...]
# Points at which a change is tried first.
_FIRST = 2
_MOST = 1500


def repaired(
    expression: Any, samples: Samples, indices: tuple[Any, ...], known: Mapping[Any, Definition],
    entry: Entry,
) -> Iterator[Finding]:  # fmt: skip
    """Yield the single changes that make a formula right."""
    wrong = ~alike(samples.numbers(expression), samples.target)
    first = samples.where(np.isin(np.arange(len(samples)), np.flatnonzero(wrong)[:_FIRST]))
    for count, (finding, path, new) in enumerate(_changes(expression, indices, known, entry)):
        if count > _MOST:
            return
        changed = put(expression, path, new)
        if _is_right(changed, first) and _is_right(changed, samples):
            yield finding
            return


def put(expression: Any, path: Path, new: Any) -> Any:
    """Return an expression with another part at the end of a path of places."""
    if not path:
        return new
    parts = list(expression.args)
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return rebuilt(expression, parts)


def paths(expression: Any, part: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths to every place at which a part stands in an expression."""
    if expression == part:
        yield path
    for place, inner in enumerate(expression.args):
        yield from paths(inner, part, (*path, place))


def _is_right(expression: Any, samples: Samples) -> bool:
    return bool(np.all(alike(samples.numbers(expression), samples.target)))


def _changes(
    expression: Any, indices: tuple[Any, ...], known: Mapping[Any, Definition], entry: Entry
) -> Iterator[tuple[Finding, Path, Any]]:
    parts = list(_terms(expression, indices, ()))
    for part, _, path in parts:
        for number in _FACTORS:
            cause = "sign" if number == -1 else "factor"
            finding = Finding(cause, part, 1, float(number))
            yield finding, path, Mul(number, part, evaluate=False)
    for part, places, path in parts:
        names = symbols(places, known, entry)
        for name in (S.One, *(name for name in names if not isinstance(name, Fold))):
            for constant in (1, -1, 2, -2):
                finding = Finding("term", part, 1, float(constant), name)
                term = Mul(Integer(constant), name, evaluate=False)
                yield finding, path, Add(part, term, evaluate=False)


def _terms(
    expression: Any, places: tuple[Any, ...], path: Path
) -> Iterator[tuple[Any, tuple[Any, ...], Path]]:
    """Yield the parts that can be terms, each with the indices that it may use and its path."""
    if isinstance(expression, Expr) and not isinstance(expression, Index):
        yield expression, places, path
    if isinstance(expression, Element | Boolean):
        return
    fold = isinstance(expression, Fold)
    inner = (*places, *expression.bound) if fold else places
    for place, part in enumerate(expression.args):
        if not fold or place == 1:
            yield from _terms(part, inner, (*path, place))
