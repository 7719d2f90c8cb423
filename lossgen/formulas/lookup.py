"""What a name in a formula stands for: a symbol, an element, an index, an extent, a constant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from lossgen.language.symbols import Array, Index

from .errors import FormulaError
from .names import CONSTANTS, equal, plain
from .scope import Scope, key
from .tree import Node, walk
from .vectors import Tensor

if TYPE_CHECKING:
    from .resolve import Resolver

_E = ("e", "E", r"\mathrm{e}")
_DELTA = r"\delta"


def name(resolver: Resolver, part: Node) -> Tensor:
    """Return a symbol, the elements of an array, a bound index, an extent or a constant."""
    if not part.parts and part.text in resolver.bound:
        return Tensor(resolver.bound[part.text])
    found = [
        _elements(resolver, symbol, part.parts[count:])
        for symbol, count in symbols(resolver.scope, part)
        if len(part.parts) - count <= len(getattr(symbol, "axes", ()))
    ]
    if len(found) > 1:
        raise _error(f"this is {found[0].expression} or {found[1].expression}", part)
    return found[0] if found else other(resolver, part)


def symbols(scope: Scope, part: Node) -> Iterator[tuple[Any, int]]:
    """Yield the symbols that a name may be, each with how many subscripts belong to the name."""
    for count in range(len(part.parts) + 1):
        symbol = scope.names.get(key_or_none(part, count))
        if symbol is None:
            symbol = scope.names.get(key_or_none(_plain(part), count))
        if symbol is not None:
            yield symbol, count


def _plain(part: Node) -> Node:
    return Node(part.kind, part.parts, plain(part.text), part.start, part.end)


def _elements(resolver: Resolver, symbol: Any, indices: tuple[Node, ...]) -> Tensor:
    """Return a symbol as it is, or an array at its indices and at all places of the other axes."""
    if not isinstance(symbol, Array):
        return Tensor(symbol)
    places = tuple(resolver.place(axis) for axis in symbol.axes[len(indices) :])
    return Tensor(symbol[(*(index(resolver, each) for each in indices), *places)], places)


def index(resolver: Resolver, part: Node) -> Any:
    """Return an index: a bound one, or a label."""
    if part.kind != "name":
        raise _error("expected an index", part)
    found = name(resolver, part)
    if found.places:
        raise _error("expected an index, found a vector", part)
    return found.expression


def other(resolver: Resolver, part: Node) -> Tensor:
    """Return an extent or a constant, or raise the error for a name that nobody declared."""
    scope = resolver.scope
    whole = key_or_none(part, None)
    found = scope.extents.get(whole, CONSTANTS.get(whole))
    if found is None and whole == scope.loss:
        found = scope.names.get("")
    if found is None and part.text.startswith(r"\operatorname"):
        upright = Node("name", part.parts, part.text.replace("operatorname", "mathrm"))
        found = scope.names.get(key_or_none(upright, None))
    if found is None and part.text in _E and not part.parts:
        found = CONSTANTS["e"]
    if found is None and part.text == _DELTA and len(part.parts) == 2:  # Kronecker's
        found = equal(*(index(resolver, each) for each in part.parts))
    if found is not None:
        return Tensor(found)
    raise _error(_unknown(scope, part), part)


def _unknown(scope: Scope, part: Node) -> str:
    if not part.parts and part.text in scope.indices:
        return f"the index {part.text} is free; a fold has to bind it"
    for symbol, count in symbols(scope, part):
        axes = getattr(symbol, "axes", ())
        wanted = f"the indices of {', '.join(axes)}" if axes else "no index"
        return f"{key(part, count)} takes {wanted}"
    known = [name for name in scope.names if name]
    close = get_close_matches(part.text, known, 1, 0.4)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
    return f"nobody declared this name; {hint}"


def knows(resolver: Resolver, part: Node) -> bool:
    """Whether a name is declared."""
    return part.text in resolver.bound or any(symbols(resolver.scope, part))


def is_e(resolver: Resolver, base: Node) -> bool:
    """Whether the base of a power is Euler's number."""
    return (
        base.kind == "name"
        and not base.parts
        and base.text in _E
        and base.text not in resolver.scope.names
    )


def size(resolver: Resolver, part: Node) -> Tensor:
    """Return the extent of an axis, written with a dot."""
    found = resolver.bound.get(part.text) or resolver.scope.indices.get(part.text)
    if found is None:
        raise _error(f"{part.text} is no axis", part)
    return Tensor(found.size)


def derivative(resolver: Resolver, part: Node) -> Tensor:
    """Return the derivative of the loss in a quantity, which an equation of its own defines."""
    below = differentiated(resolver.scope, part)
    for count in range(len(below.parts) + 1):
        symbol = resolver.scope.adjoints.get(key_or_none(below, count))
        if symbol is not None and len(getattr(symbol, "axes", ())) == len(below.parts) - count:
            return _elements(resolver, symbol, below.parts[count:])
    raise _error("this derivative is used and nowhere defined", part)


def differentiated(scope: Scope, part: Node) -> Node:
    """Return below of a first derivative whose numerator is the loss."""
    above, *below = part.parts
    if key_or_none(above, None) != scope.loss:
        raise _error(f"expected the derivative of {scope.loss}", above)
    if len(below) != 1 or below[0].kind != "name":
        raise _error("expected a derivative in a name", part)
    return below[0]


def axes_used(resolver: Resolver, index: str, context: Node) -> Iterator[str]:
    """Yield the axes at which vectors in `context` have the subscript `index`."""
    parts = list(walk(context))
    for part in parts:
        for place, axis in _subscripted(resolver, part):
            if place.kind == "name" and place.text == index and not place.parts:
                yield axis
    for other in _compared(parts, index):  # with what it is compared runs over the same axis
        for symbol, count in symbols(resolver.scope, other):
            if count == len(other.parts) and getattr(symbol, "axis", None):
                yield symbol.axis
        for part in parts:
            for place, axis in _subscripted(resolver, part):
                if place.text == other.text and not other.parts:
                    yield axis


def _compared(parts: list[Node], index: str) -> Iterator[Node]:
    r"""Yield the names that \delta_{ij} or [i = j] compares an index with."""
    for part in parts:
        kronecker = part.kind == "name" and part.text == _DELTA
        if (kronecker or part.kind == "relation") and len(part.parts) == 2:
            for left, right in (part.parts, part.parts[::-1]):
                if left.kind == "name" and left.text == index and right.kind == "name":
                    yield right


def _subscripted(resolver: Resolver, part: Node) -> Iterator[tuple[Node, str]]:
    """Yield the subscripts of a name or another vector, each with the axis that it runs over."""
    if part.kind == "element":
        with suppress(FormulaError):
            within = type(resolver)(resolver.scope, resolver.bound)
            yield from zip(part.parts[1:], within.tensor(part.parts[0]).axes, strict=False)
    if part.kind == "name":
        for symbol, count in symbols(resolver.scope, part):
            if isinstance(symbol, Array) and len(part.parts) - count <= len(symbol.axes):
                yield from zip(part.parts[count:], symbol.axes, strict=False)


def indices_of(part: Node) -> tuple[Node, ...]:
    """Return the subscripts of a name or another vector."""
    if part.kind == "name":
        return part.parts
    return part.parts[1:] if part.kind == "element" else ()


def index_over(resolver: Resolver, given: Node, context: Node) -> Index:
    """Return the index of a name: over the axis where `context` uses it, or a declared one."""
    known = resolver.scope.indices.get(given.text)
    axes = set(axes_used(resolver, given.text, context))
    if len(axes) == 1:
        return Index(given.text, axes.pop())
    if known is not None and (not axes or known.axis in axes):
        return known
    raise _error(f"it does not follow over which axis the index {given.text} runs", given)


def key_or_none(part: Node, subscripts: int | None) -> str:
    """Return the key of a name, or one that nothing has."""
    try:
        return key(part, subscripts)
    except FormulaError:
        return "\0"


def _error(message: str, part: Node) -> FormulaError:
    return FormulaError(message, "", part.start, part.end)
