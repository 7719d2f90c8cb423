"""What stands below and above a factor of LaTeX: indices, powers, bounds of folds, transposes."""

from __future__ import annotations

from collections.abc import Container

from .errors import FormulaError
from .names import fold_of
from .tree import Node, node, spanning

_TRANSPOSED = (r"\top", r"\intercal")


def scripted(base: Node, scripts: list[Node], taken: Container[str]) -> Node:
    """Return a factor with its scripts; `taken` holds names that are no functions.

    Raises:
        FormulaError: with the place, where two scripts are one too many or have no meaning.
    """
    for kind in ("above", "below"):
        if sum(script.text == kind for script in scripts) > 1:
            raise FormulaError(f"two {kind} one another; use braces", "", *_span(scripts[-1]))
    for script in sorted(scripts, key=lambda script: script.text, reverse=True):
        if script.text == "below":
            base = _lowered(base, script, taken)
        elif script.text == "above":
            base = _raised(base, script)
        else:
            base = node("call", (base,), "relu", span=(base.start, script.end))
    return base


def _lowered(base: Node, script: Node, taken: Container[str]) -> Node:
    """Return a name with indices, a fold with what it runs over, a norm or logarithm with base."""
    span = (base.start, script.end)
    fold = fold_of(base.text, taken) if base.kind in ("fold", "name") else None
    if fold is not None:
        return node("fold", (_bound(script.parts),), fold, span=span)
    if len(script.parts) != 1:
        raise FormulaError("only a fold has a condition below it", "", *_span(script))
    below = tuple(index for item in script.parts[0].parts for index in _indices(item))
    match base.kind:
        case "name" if not base.parts:
            return node("name", below, base.text, span=span)
        case "norm" if len(below) == 1 and below[0].kind in ("name", "number"):
            return node("norm", base.parts, below[0].text, span=span)
        case "call" if base.text == "log" and not base.parts and len(below) == 1:
            return _logarithm(below[0], span)
        case "bracket":
            return node("element", (base, *below), span=span)
        case "number" if base.text == "1" and len(below) == 1 and below[0].kind == "relation":
            return node("indicator", below, span=span)
    raise FormulaError("only a name, a fold or a vector takes a subscript", "", *_span(script))


def _bound(below: tuple[Node, ...]) -> Node:
    """Return what a fold runs over: indices, ranges such as i = 1, conditions such as i != j."""
    listed, *conditions = below
    found = []
    for item in listed.parts:
        if item.kind == "relation" and item.text == "==":
            found.append(spanning("range", item.parts))
        else:
            found += _indices(item)
    return spanning("list", (*found, *(spanning("among", (where,)) for where in conditions)))


def _indices(item: Node) -> list[Node]:
    """Return the indices of `ij` or `i, j`, another item as it is."""
    plain = item.kind == "product" and all(
        part.kind == "name" and not part.parts for part in item.parts
    )
    return list(item.parts) if plain else [item]


def _logarithm(base: Node, span: tuple[int, int]) -> Node:
    known = {"2": "log2", "10": "log10", "e": "log"}
    if base.text not in known:
        raise FormulaError("only logarithms to the bases 2, 10 and e are read", "", *_span(base))
    return node("call", (), known[base.text], span=span)


def _raised(base: Node, script: Node) -> Node:
    span = (base.start, script.end)
    above = script.parts[0]
    if base.kind == "fold":
        return _up_to(base, above, span)
    if above.kind == "name" and above.text in _TRANSPOSED:
        return node("transpose", (base,), span=span)
    return node("power", (base, above), span=span)


def _up_to(fold: Node, high: Node, span: tuple[int, int]) -> Node:
    if not fold.parts:
        raise FormulaError("what runs up to this? write \\sum_{i=1}^{n}", "", *span)
    first, *others = fold.parts[0].parts
    if others or first.kind not in ("name", "range"):
        raise FormulaError("an upper bound belongs to one index", "", *_span(high))
    if first.kind == "name":
        first = spanning("range", (first, node("number", (), "1", span=_span(first))))
    bound = node("range", (*first.parts, high), span=(first.start, high.end))
    return node("fold", (spanning("list", (bound,)),), fold.text, span=span)


def _span(part: Node) -> tuple[int, int]:
    return part.start, part.end
