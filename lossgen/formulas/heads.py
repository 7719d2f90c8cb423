r"""Left sides of equations: `L`, `\partial L / \partial z_j`, `\rho'(r)`, `p_k`, `\nabla_x L`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lossgen.language.symbols import Array, Index

from .derivatives import written
from .errors import FormulaError
from .lookup import axes_used, index_over, key_or_none, symbols
from .resolve import Resolver
from .scope import Scope, key, quantity
from .tree import Node

VALUE = ""


@dataclass(frozen=True)
class Head:
    """What an equation defines, at which indices, and its right side.

    `label` is the key of the quantity, empty for the loss; `order` how often the loss is
    differentiated in it, 0 for the quantity itself.
    """

    label: str
    order: int
    symbol: Any
    indices: tuple[Index, ...]
    right: Node

    @property
    def slope(self) -> bool:
        """Whether this is a derivative of the loss."""
        return self.order > 0


def head_of(tree: Node, scope: Scope, claim: bool) -> Head:
    """Return the head of a formula or an equation.

    Of a `claim` the left side may be a function of something, as `L(x)`, or have a name of its own.

    Raises:
        FormulaError: where the left side is nothing that can be defined.
    """
    if tree.kind != "equation":
        return _bare(0, tree)
    left, right = written(tree.parts[0]), tree.parts[1]
    if claim:
        left = _function(left)
    if left.kind == "derivative":
        return _slope(left, right, scope, tree)
    if left.kind == "name" and not left.parts and not any(symbols(scope, left)):
        letter = left.text.rstrip("'")
        if letter == scope.loss or (claim and letter != left.text):
            return _bare(len(left.text) - len(letter), right)
    label, places = _split(left, scope, right)
    return _named(label, places, 0, scope, tree, right)


def _bare(order: int, right: Node) -> Head:
    return Head(VALUE, order, quantity("d " * order, ()), (), right)


def _function(left: Node) -> Node:
    """Return the name of a function of something; another left side as it is."""
    if left.kind == "product" and len(left.parts) == 2 and left.parts[1].kind == "bracket":
        return left.parts[0]
    if left.kind == "derivative":
        return replace(left, parts=(_function(left.parts[0]), *left.parts[1:]))
    return left


def _slope(left: Node, right: Node, scope: Scope, tree: Node) -> Head:
    if left.text == "of":
        raise FormulaError("a derivative of what?", "", left.start, left.end)
    above, *below = left.parts
    if above.kind != "name" or any(symbols(scope, above)):
        raise FormulaError("expected the derivative of the loss", "", above.start, above.end)
    order = int(left.text)
    if not below:
        return _bare(order, right)
    labels, places = zip(*(_split(part, scope, right) for part in below), strict=True)
    if len(set(labels)) > 1:
        raise FormulaError("mixed derivatives are not read", "", left.start, left.end)
    indices = dict.fromkeys(each for found in places for each in found)
    return _named(labels[0], tuple(indices), order, scope, tree, right)


def _named(
    label: str, places: tuple[Node, ...], order: int, scope: Scope, tree: Node, right: Node
) -> Head:
    array = scope.names.get(label)
    found: list[Index] = []
    for number, place in enumerate(places):
        if place.kind != "name" or place.parts:
            raise FormulaError("expected an index", "", place.start, place.end)
        if isinstance(array, Array):
            found.append(Index(place.text, array.axes[number % len(array.axes)]))
        else:
            found.append(index_over(Resolver(scope), place, tree))
    indices = tuple(dict.fromkeys(found))
    return Head(label, order, quantity("d " * order + label, indices), indices, right)


def _split(left: Node, scope: Scope, right: Node) -> tuple[str, tuple[Node, ...]]:
    """Return the key of what is defined, and its indices: the subscripts that are no name."""
    for count in range(len(left.parts) + 1):
        symbol = scope.names.get(key_or_none(left, count))
        if isinstance(symbol, Array) and len(symbol.axes) == len(left.parts) - count:
            return key(left, count), left.parts[count:]
    for symbol, count in symbols(scope, left):
        if len(getattr(symbol, "axes", ())) == len(left.parts) - count:
            label = next(name for name, known in scope.names.items() if known is symbol)
            return label, left.parts[count:]
    if scope.syntax == "text":
        return key(left, 0), left.parts
    count = len(left.parts)
    while count and _is_index(left.parts[count - 1], scope, right):
        count -= 1
    return key(left, count), left.parts[count:]


def _is_index(place: Node, scope: Scope, right: Node) -> bool:
    """Whether a subscript of a new name runs over an axis, as one that indexes arrays does."""
    if place.kind != "name" or place.parts or place.text in scope.names:
        return False
    return place.text in scope.indices or any(axes_used(Resolver(scope), place.text, right))
