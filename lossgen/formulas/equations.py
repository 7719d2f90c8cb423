"""Equations that belong together: a value, the quantities that it uses, derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from lossgen.language.symbols import Index, Size

from . import bounds, lookup
from .errors import FormulaError
from .evaluate import Definition
from .heads import Head, head_of
from .names import fold_of, function_of
from .resolve import Resolver
from .scope import Scope, quantity
from .tree import Node, walk


@dataclass(frozen=True)
class Equation:
    """`symbol[indices] = expression`, and the text that it was read from.

    `label` is the key of the quantity, empty for the loss; an `order` other than 0 says that the
    equation gives a derivative of the loss in it. `sources` says where in the text each part of the
    expression stood.
    """

    label: str
    order: int
    symbol: Any
    indices: tuple[Index, ...]
    expression: Any
    text: str
    sources: Mapping[Any, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def slope(self) -> bool:
        """Whether this is a derivative of the loss."""
        return self.order > 0

    @property
    def definition(self) -> Definition:
        """What the evaluator needs."""
        return Definition(self.indices, self.expression)


def read(formula: str, scope: Scope, where: Iterable[str] = ()) -> tuple[Equation, ...]:
    """Read a formula (alone, or as an equation) and the definitions that it uses.

    The formula is the first of what is returned. Its free indices are those of its left side, or,
    where it has none, whatever it leaves free.

    Raises:
        FormulaError: with the place, when one of them cannot be read.
    """
    return read_all([formula, *where], scope)


def read_all(texts: Iterable[str], scope: Scope) -> tuple[Equation, ...]:
    """Read equations that may use one another, in any order."""
    texts = list(texts)
    heads = _heads(texts, scope, scope)
    named = {head.label: head.symbol for head in heads if head.label and not head.slope}
    if any(function_of(name) or fold_of(name) for name in named):
        heads = _heads(texts, scope, scope.with_names(named, {}))  # \sigma is no function here
    scope = replace(scope, extents={**scope.extents, **_extents(scope, texts, heads)})
    scope = scope.with_names(*_quantities(texts, heads, scope))
    found: dict[int, Equation] = {}
    for place in _in_order(heads, scope):
        with placed(texts[place]):
            equation = _resolved(heads[place], scope, texts[place])
        found[place] = equation
        if equation.label and equation.indices and not heads[place].slope:
            scope = scope.with_names({equation.label: equation.symbol}, {})
    return tuple(found[place] for place in range(len(texts)))


def _heads(texts: list[str], scope: Scope, reader: Scope) -> list[Head]:
    """Return the heads of equations; `reader` knows which names are no functions."""
    heads: list[Head] = []
    for place, text in enumerate(texts):
        with placed(text):
            heads.append(head_of(reader.tree(text), scope, claim=not place))
    return heads


def _extents(scope: Scope, texts: list[str], heads: list[Head]) -> dict[str, Size]:
    for text, head in zip(texts, heads, strict=True):  # for the place of an error
        with placed(text):
            bounds.declared(Resolver(scope), [head.right])
    return bounds.declared(Resolver(scope), [head.right for head in heads])


def _quantities(
    texts: list[str], heads: list[Head], scope: Scope
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the symbols that equations define, and those of derivatives."""
    names: dict[str, Any] = {}
    slopes: dict[str, Any] = {}
    for text, head in zip(texts, heads, strict=True):
        known = slopes if head.slope else names
        if head.label in known:
            raise FormulaError(f"{head.label or scope.loss} is defined twice", text)
        known[head.label] = head.symbol
    return names, slopes


def _in_order(heads: list[Head], scope: Scope) -> list[int]:
    """Return the places of equations, each after those that it uses: a vector shows its axes."""
    named = {head.label: place for place, head in enumerate(heads) if not head.slope and head.label}
    order: list[int] = []

    def visit(place: int, above: tuple[int, ...]) -> None:
        if place in order or place in above:
            return
        for part in walk(heads[place].right):
            for count in range(len(part.parts) + 1) if part.kind == "name" else ():
                used = named.get(lookup.key_or_none(part, count))
                if used is not None:
                    visit(used, (*above, place))
        order.append(place)

    for place in range(len(heads)):
        visit(place, ())
    return order


def _resolved(head: Head, scope: Scope, text: str) -> Equation:
    named = {index.name: index for index in head.indices}
    free = named if head.label and named else _free(head.right, scope)
    resolver = Resolver(scope, free)
    found = resolver.tensor(head.right)
    indices = (*(head.indices or free.values()), *found.places)
    symbol = head.symbol
    if found.places or (free and not head.indices):
        symbol = quantity("d " * head.order + head.label, indices)
    return Equation(
        head.label, head.order, symbol, indices, found.expression, text, resolver.sources
    )


@contextmanager
def placed(text: str) -> Iterator[None]:
    """Add the text to errors that only know a place in it."""
    try:
        yield
    except FormulaError as error:
        error.text = error.text or text
        raise


def _free(right: Node, scope: Scope) -> dict[str, Index]:
    """Return the indices that a formula without a left side leaves free."""
    found: dict[str, Index] = {}
    resolver = Resolver(scope)
    for part in walk(right):
        for place in lookup.indices_of(part):
            name = place.text
            bound = place.parts or name in scope.names or _binds(right, place)
            if place.kind == "name" and not bound and name not in found:
                known = scope.indices.get(name)
                used = set(lookup.axes_used(resolver, name, right))
                if len(used) == 1:
                    found[name] = Index(name, used.pop())
                elif known is not None and known.axis in used:
                    found[name] = known
    return found


def _binds(part: Node, place: Node) -> bool:
    """Whether a fold around `place` binds it."""
    inside = part.start <= place.start and place.end <= part.end
    here = part.kind == "fold" and place.text in bounds.names(part)
    return inside and (here or any(_binds(inner, place) for inner in part.parts))


def definitions(equations: Iterable[Equation]) -> Mapping[Any, Definition]:
    """Return what the quantities of the equations are, by symbol."""
    return {_base(equation.symbol): equation.definition for equation in equations}


def _base(symbol: Any) -> Any:
    return getattr(symbol, "array", symbol)
