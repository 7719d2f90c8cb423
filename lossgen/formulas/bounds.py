r"""What a fold runs over: indices, ranges `i = 1` to `n`, conditions such as `j \neq i`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy
from sympy import S

from lossgen.language.symbols import Index, Size

from . import lookup
from .errors import FormulaError
from .scope import Scope
from .tree import Node, walk

if TYPE_CHECKING:
    from .resolve import Resolver


def opened(resolver: Resolver, part: Node) -> tuple[list[Index], Any]:
    """Bind the indices of a fold, and return them with the condition under which they take part.

    Raises:
        FormulaError: where it is open what the fold runs over.
    """
    indices: list[Index] = []
    where: list[Node] = []
    ranges: list[tuple[Index, Node]] = []
    for item in part.parts[0].parts:
        given = _index_of(resolver, item)
        if given is not None:
            indices.append(_bound(resolver, given, part))
            if item.kind == "range":
                ranges.append((indices[-1], item))
        if item.kind not in ("name", "range"):
            where.append(item.parts[0] if item.kind == "among" else item)
    if not indices:
        raise _error("expected an index", part.parts[0])
    conditions = [resolver.condition(each) for each in where]
    conditions += [found for index, item in ranges for found in _limits(resolver, index, item)]
    if not conditions:
        return indices, S.true
    return indices, conditions[0] if len(conditions) == 1 else sympy.And(
        *conditions, evaluate=False
    )


def names(part: Node) -> set[str]:
    """Return the names of the indices that a fold may bind."""
    found = set()
    for item in part.parts[0].parts if part.parts else ():
        inner = item.parts[0] if item.kind in ("range", "relation") else item
        found.add(inner.text)
    return found


def extents(part: Node) -> set[str]:
    r"""Return the names that a fold has for extents: n in \sum_{i=1}^{n}."""
    items = part.parts[0].parts if part.kind == "fold" and part.parts else ()
    highs = [item.parts[2] for item in items if item.kind == "range" and len(item.parts) == 3]
    highs = [high.parts[0] if high.kind == "sum" else high for high in highs]
    return {high.text for high in highs if high.kind == "name"}


def _index_of(resolver: Resolver, item: Node) -> Node | None:
    r"""Return the index that an item binds; of `j \neq i` the one that nothing else binds."""
    match item.kind:
        case "name":
            return item
        case "range":
            return item.parts[0]
        case "among":
            return None
        case "relation":
            sides = [side for side in item.parts if side.kind == "name" and not side.parts]
            free = [side for side in sides if not lookup.knows(resolver, side)]
            if len(free) == 1:
                return free[0]
            if len(free) == 2:
                raise _error(
                    "which of the two does it run over? write \\sum_{i} \\sum_{j \\neq i}, or give "
                    "the left side with its index", item,
                )  # fmt: skip
            return None
    raise _error("expected an index; a condition follows a colon: i : i != j", item)


def _bound(resolver: Resolver, given: Node, fold: Node) -> Index:
    if given.kind != "name" or given.parts:
        raise _error("expected an index; a condition follows a colon: i : i != j", given)
    if given.text in resolver.bound:
        raise _error(f"the index {given.text} is in use outside this fold", given)
    found = lookup.index_over(resolver, given, fold)
    resolver.bound[given.text] = found
    return found


def _limits(resolver: Resolver, index: Index, item: Node) -> list[Any]:
    """Return the conditions of a range; none where it is the whole axis."""
    _, low, *high = item.parts
    first = _start(resolver, low)
    found: list[Any] = [] if isinstance(first, int) else [sympy.Ge(index, first, evaluate=False)]
    start = first if isinstance(first, int) else 1
    if high and not _is_end(resolver.scope, index, high[0], start):
        last = _position(resolver, high[0])
        found.append(sympy.Le(index, last, evaluate=False))
    return found


def _start(resolver: Resolver, low: Node) -> Any:
    """Return 0 or 1, how the first place is called, or a place that another index has."""
    if low.kind == "number" and low.text in ("0", "1"):
        return int(low.text)
    return _position(resolver, low)


def _is_end(scope: Scope, index: Index, high: Node, start: int) -> bool:
    """Whether a bound is the last place, in a count that starts at 0 or 1."""
    less = [part for part in high.parts if part.kind == "negative"]
    name = high
    if start == 0:
        one = high.kind == "sum" and len(high.parts) == 2 and less and less[0].parts[0].text == "1"
        if not one:
            return False
        name = high.parts[0]
    extent = scope.extents.get(lookup.key_or_none(name, None)) if name.kind == "name" else None
    extent = Size(name.text) if name.kind == "size" else extent
    return extent is not None and extent == index.size


def _position(resolver: Resolver, bound: Node) -> Any:
    """Return an index, or an index plus or minus a number."""
    if all(part.kind in ("name", "number", "sum", "negative") for part in walk(bound)):
        found = resolver.expression(bound)
        symbols = found.free_symbols
        if len(symbols) == 1 and all(isinstance(symbol, Index) for symbol in symbols):
            return found
    raise _error("expected a range over a whole axis, 1 to n, or up to another index", bound)


def declared(resolver: Resolver, trees: list[Node]) -> dict[str, Size]:
    r"""Return the extents that ranges name: n in \sum_{i=1}^{n}, unless it has a meaning already.

    Raises:
        FormulaError: where one name would be two extents.
    """
    found: dict[str, Size] = {}
    parts = [part for tree in trees for part in walk(tree)]
    indices = {place.text for part in parts for place in lookup.indices_of(part)}
    for fold in parts:
        for item in fold.parts[0].parts if fold.kind == "fold" and fold.parts else ():
            if item.kind == "range" and len(item.parts) == 3:
                _declare(resolver, indices, fold, item, found)
    return found


def _declare(
    resolver: Resolver, indices: set[str], fold: Node, item: Node, found: dict[str, Size]
) -> None:
    index, low, high = item.parts
    if low.text == "0" and high.kind == "sum":
        high = high.parts[0]
    scope, axes = resolver.scope, set(lookup.axes_used(resolver, index.text, fold))
    label = lookup.key_or_none(high, None)
    if high.kind != "name" or len(axes) != 1 or label == "\0":
        return
    if any(lookup.symbols(scope, high)) or label in scope.extents or label in indices:
        return
    size = Size(axes.pop())
    if found.setdefault(label, size) != size:
        raise _error(f"{label} is the extent of two axes", high)


def _error(message: str, part: Node) -> FormulaError:
    return FormulaError(message, "", part.start, part.end)
