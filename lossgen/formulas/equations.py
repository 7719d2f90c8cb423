"""Equations that belong together: a value, the quantities that it uses, derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lossgen.language.symbols import Array, Index

from .errors import FormulaError
from .evaluate import Definition
from .resolve import Resolver, check_loss, walk
from .scope import Scope, key, quantity
from .tree import Node

VALUE = ""


@dataclass(frozen=True)
class Equation:
    """`symbol[indices] = expression`, and the text that it was read from.

    `label` is the key of the quantity, empty for the loss; `slope` says that the equation gives the
    derivative of the loss in it.
    """

    label: str
    slope: bool
    symbol: Any
    indices: tuple[Index, ...]
    expression: Any
    text: str

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
    heads: list[tuple[str, bool, Any, tuple[Index, ...], Node]] = []
    names: dict[str, Any] = {}
    slopes: dict[str, Any] = {}
    for text in texts:
        with _placed(text):
            head = _head(scope.tree(text), scope)
            label, slope, symbol, _, _ = head
            known = slopes if slope else names
            if label in known:
                raise FormulaError(f"{label or scope.loss} is defined twice", text)
            known[label] = symbol
            heads.append(head)
    full = scope.with_names(names, slopes)
    equations = []
    for text, (label, slope, symbol, indices, right) in zip(texts, heads, strict=True):
        with _placed(text):
            named = {index.name: index for index in indices}
            free = named if label else _free(right, full)
            expression = Resolver(full, free).expression(right)
            indices = indices or tuple(free.values())
            equations.append(Equation(label, slope, symbol, indices, expression, text))
    return tuple(equations)


@contextmanager
def _placed(text: str) -> Iterator[None]:
    """Add the text to errors that only know a place in it."""
    try:
        yield
    except FormulaError as error:
        error.text = error.text or text
        raise


def _head(tree: Node, scope: Scope) -> tuple[str, bool, Any, tuple[Index, ...], Node]:
    """Return label, whether a derivative, symbol, indices and right side of an equation."""
    if tree.kind != "equation":
        return VALUE, False, quantity(VALUE, ()), (), tree
    left, right = tree.parts
    if left.kind == "derivative":
        left = check_loss(scope, left)
        slope = True
    else:
        slope = False
        if key(left) == scope.loss:
            return VALUE, False, quantity(VALUE, ()), (), right
    label, places = _split(left, scope)
    resolver = Resolver(scope)
    indices = tuple(_axis_named(resolver, place, left, label, scope, tree) for place in places)
    prefix = "d " if slope else ""
    return label, slope, quantity(prefix + label, indices), indices, right


def _split(left: Node, scope: Scope) -> tuple[str, tuple[Node, ...]]:
    """Return the key of what is defined, and its indices: the subscripts that name an index."""
    for count in range(len(left.parts) + 1):
        symbol = scope.names.get(key(left, count))
        if isinstance(symbol, Array) and len(symbol.axes) == len(left.parts) - count:
            return key(left, count), left.parts[count:]
    if scope.syntax == "text":
        return left.text, left.parts
    count = len(left.parts)
    while count and not left.parts[count - 1].parts and left.parts[count - 1].text in scope.indices:
        count -= 1
    return key(left, count), left.parts[count:]


def _axis_named(
    resolver: Resolver, place: Node, left: Node, label: str, scope: Scope, tree: Node
) -> Index:
    """Return the index at one place of a left side."""
    if place.kind != "name" or place.parts:
        raise FormulaError("expected an index", "", place.start, place.end)
    array = scope.names.get(label)
    if isinstance(array, Array):
        return Index(place.text, array.axes[left.parts.index(place) - len(left.parts)])
    return resolver.index_over(place, tree)


def _free(right: Node, scope: Scope) -> dict[str, Index]:
    """Return the indices that a formula without a left side leaves free."""
    found: dict[str, Index] = {}
    for part in walk(right):
        for place in part.parts if part.kind == "name" else ():
            name = place.text
            bound = place.parts or name in scope.names or _binds(right, place)
            if place.kind == "name" and not bound and name not in found:
                known = scope.indices.get(name)
                used = set(Resolver(scope).axes_used(name, right))
                if (known is not None and known.axis in used) or len(used) == 1:
                    found[name] = Index(name, known.axis if known else used.pop())
    return found


def _binds(part: Node, place: Node) -> bool:
    """Whether a fold around `place` binds it."""
    inside = part.start <= place.start and place.end <= part.end
    here = part.kind == "fold" and any(index.text == place.text for index in part.parts[0].parts)
    return inside and (here or any(_binds(inner, place) for inner in part.parts))


def definitions(equations: Iterable[Equation]) -> Mapping[Any, Definition]:
    """Return what the quantities of the equations are, by symbol."""
    return {_base(equation.symbol): equation.definition for equation in equations}


def _base(symbol: Any) -> Any:
    return getattr(symbol, "array", symbol)
