"""A loss that stands in no catalogue: its value as a formula, its arguments with their domains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lossgen.formulas import bounds, lookup
from lossgen.formulas.equations import Equation, placed, read_all
from lossgen.formulas.errors import FormulaError
from lossgen.formulas.names import CONSTANTS, ProductOver, plain
from lossgen.formulas.notation import Notation
from lossgen.formulas.scope import Scope, axes_of, key, latex_scope, text_scope
from lossgen.formulas.tree import Node, walk
from lossgen.formulas.vectors import renamed
from lossgen.language.entry import Argument, Definition, Entry, base

from .claim import is_latex, parts_of
from .naming import spelled
from .regions import Region, Regions


def stated(
    value: str, wrt: str, named: Regions, where: Sequence[str], claims: Sequence[str]
) -> tuple[Entry, dict[str, Region]]:
    """Return the loss that a formula states, and the regions of its arguments by their names.

    `named` gives the regions by the names of the formulas; a name without one is a real number.
    `claims` are the other formulas, whose names are arguments too.

    Raises:
        FormulaError: with the place, where the formula cannot be read or has no argument `wrt`.
    """
    texts = [*parts_of(value), *(part for given in where for part in parts_of(given))]
    others = [part for given in claims for part in parts_of(given)]
    latex = any(map(is_latex, (*texts, *others, wrt, *named)))
    empty = latex_scope([], Notation()) if latex else text_scope([], {})
    keys = {key(empty.tree(name)): region for name, region in named.items()}
    names = [*keys, *_names(empty, [*texts, *others], keys)]
    target = key(empty.tree(wrt))
    if target not in names:
        raise FormulaError(f"no formula has the name {wrt}, in which the derivative is taken")
    arguments = {name: _argument(name, keys.get(name, Region())) for name in names}
    entry = _entry(arguments, latex, texts, arguments[target])
    regions = {arguments[name].name: region for name, region in keys.items()}
    return entry, regions


def _argument(name: str, region: Region) -> Argument:
    return Argument(spelled(name), region.domain)


def _names(scope: Scope, texts: Sequence[str], known: Mapping[str, Region]) -> list[str]:
    """Return the names that formulas leave undefined, in the order of their appearance."""
    trees = []
    for text in texts:
        with placed(text):
            trees.append(scope.tree(text))
    parts = [part for tree in trees for part in _right(tree)]
    indices = {name for part in parts if part.kind == "fold" for name in bounds.names(part)}
    indices |= {
        place.text
        for part in parts
        if part.kind == "element" or plain(part.text) in known
        for place in lookup.indices_of(part)
    }
    lefts = [tree.parts[0] for tree in trees if tree.kind == "equation"]
    extents = {axis for region in known.values() for axis in region.axes}
    defined = {*known, *CONSTANTS, *extents, *map(str.upper, extents)}
    defined |= {name for part in parts for name in bounds.extents(part)}
    defined |= {lookup.key_or_none(left, None) for left in lefts}
    defined |= {plain(left.text) for left in lefts if _is_indexed(left, indices)}
    below = {id(place) for part in parts for place in lookup.indices_of(part)}
    found: dict[str, None] = {}
    for part in parts:
        if part.kind != "name" or id(part) in below or part.text in indices:
            continue
        if part.text == r"\delta" and len(part.parts) == 2:  # Kronecker's
            continue
        name = lookup.key_or_none(part, None)
        if not {name, plain(part.text), plain(name)} & defined:
            found.setdefault(name if part.parts else plain(name))
    return list(found)


def _is_indexed(left: Node, indices: set[str]) -> bool:
    """Whether a left side defines a vector: its subscripts are indices."""
    return bool(left.parts) and all(place.text in indices for place in left.parts)


def _right(tree: Node) -> list[Node]:
    return list(walk(tree.parts[1] if tree.kind == "equation" else tree))


def _entry(arguments: dict[str, Argument], latex: bool, texts: list[str], wrt: Argument) -> Entry:
    notation = {argument.name: name for name, argument in arguments.items()}
    listed = tuple(arguments.values())
    if latex:
        axes = {axis: (axis,) for axis in axes_of(listed)}
        scope = latex_scope(listed, Notation(notation, axes, {axis: axis.upper() for axis in axes}))
    else:
        scope = text_scope(listed, axes_of(listed))
    value, *others = read_all(texts, scope)
    if value.indices:
        raise FormulaError("the value has a free index; a sum has to bind it", value.text)
    _check(value, others)
    symbols, definitions = _quantities(others)
    notation |= {spelled(each.label): each.label for each in others}
    return Entry(
        "", listed, definitions, renamed(value.expression, symbols),
        wrt=(wrt.name,), notation=notation,
    )  # fmt: skip


def _quantities(equations: Sequence[Equation]) -> tuple[dict[Any, Any], tuple[Definition, ...]]:
    """Return the definitions of the language, and their symbols for those of the formulas.

    A symbol knows the sign of what it stands for, which may depend on the sign of others.
    """
    symbols: dict[Any, Any] = {}
    definitions: tuple[Definition, ...] = ()
    for _ in range(len(equations) + 1):
        definitions = tuple(
            Definition(spelled(each.label), each.indices, renamed(each.expression, symbols))
            for each in equations
        )
        symbols = {
            base(each.symbol): base(definition.symbol)
            for each, definition in zip(equations, definitions, strict=True)
        }
    return symbols, definitions


def _check(value: Equation, others: Sequence[Equation]) -> None:
    for equation in (value, *others):
        if equation.expression.has(ProductOver):
            raise FormulaError(
                "a product over an index is not differentiated; write the sum of logarithms",
                equation.text,
            )
