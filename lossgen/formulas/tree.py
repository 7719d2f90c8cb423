"""What was read: a small tree that both notations share, with the place of each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .errors import FormulaError

# Deep enough for any formula that a person can read, shallow enough for Python's stack.
DEEPEST = 60
# Ten times the longest of our pages; a longer one would take a second.
LONGEST = 5_000

Kind = Literal[
    "number", "name", "sum", "negative", "product", "quotient", "power", "call", "fold", "cases",
    "relation", "and", "or", "not", "true", "false", "indicator", "derivative", "equation",
    "bracket", "list", "range", "among", "keyword", "size", "norm", "inner", "dot", "hadamard",
    "transpose", "element", "ones", "partial",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula.

    `text` is the digits, the name, the function, the fold, the relation or the order of a norm;
    `parts` what it is applied to: of a name its subscripts, of a fold the list of what it runs
    over, and the body, of cases value and condition in turn, of a derivative what is differentiated
    and in what (its `text` says how often).

    A fold runs over names, over a `range` (index, first and last place, the last left out where
    nothing is said), and `among` those for which a condition holds.
    """

    kind: Kind
    parts: tuple[Node, ...] = ()
    text: str = ""
    start: int = 0
    end: int = 0
    depth: int = 1


def node(kind: Kind, parts: tuple[Node, ...], text: str = "", *, span: tuple[int, int]) -> Node:
    """Return a node over the span of its text.

    Raises:
        FormulaError: when formulas are nested too deeply.
    """
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > DEEPEST:
        raise FormulaError(f"nested more than {DEEPEST} deep; give inner parts a name", "", *span)
    return Node(kind, parts, text, *span, depth)


def spanning(kind: Kind, parts: tuple[Node, ...], text: str = "") -> Node:
    """Return a node from the first of its parts to the last."""
    return node(kind, parts, text, span=(parts[0].start, parts[-1].end))


def walk(part: Node) -> Iterator[Node]:
    """Yield a tree and all that is in it."""
    yield part
    for inner in part.parts:
        yield from walk(inner)
