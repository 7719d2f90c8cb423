"""The conventions at kinks and at undefined points, as one table: which apply to an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Abs, Basic, Max, Min, Piecewise, S

from lossgen.language.entry import Entry
from lossgen.language.folds import MaxOver, MeanOver, MinOver, SumOver
from lossgen.language.functions import product, ratio, xlog1py, xlogy
from lossgen.language.symbols import Element


@dataclass(frozen=True)
class Convention:
    """A sentence for a page, and which parts of a formula call for it."""

    applies: Callable[[Basic], bool]
    sentence: str


def _is_hinge(node: Basic) -> bool:
    return isinstance(node, Max | Min) and any(part.is_number for part in node.args)


def _is_tie(node: Basic) -> bool:
    extremum = isinstance(node, Max | Min) and not any(part.is_number for part in node.args)
    return extremum or isinstance(node, MaxOver | MinOver)


def _is_norm(node: Any) -> bool:
    return bool(node.is_Pow) and node.exp == S.Half and not isinstance(node.base, Element)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(lambda node: isinstance(node, Abs), "The slope of the absolute value at 0 is 0."),
    Convention(_is_hinge, "The hinge $\\max(z, 0)$ has slope 0 at $z = 0$."),
    Convention(_is_tie, "A tie in a maximum or minimum is shared equally."),
    Convention(_is_norm, "The gradient of a norm or root at zero is 0."),
    Convention(
        lambda node: isinstance(node, Piecewise),
        "Where branches meet, value and derivatives are those of the branch that holds there.",
    ),
    Convention(
        lambda node: isinstance(node, xlogy | xlog1py | ratio | product),
        "$0 \\log 0 = 0$: a term whose factor is 0 is left out, in value and derivatives.",
    ),
    Convention(lambda node: isinstance(node, SumOver), "A sum over nothing is 0."),
    Convention(lambda node: isinstance(node, MeanOver), "A mean over nothing is 0."),
)


def conventions(entry: Entry) -> list[str]:
    """Return the sentences of the conventions that apply to an entry, in the order of the table."""
    nodes = list(_nodes(entry))
    return [row.sentence for row in CONVENTIONS if any(row.applies(node) for node in nodes)]


def _nodes(entry: Entry) -> Iterable[Basic]:
    pending: list[Basic] = [entry.value, *(part.expression for part in entry.definitions)]
    while pending:
        node = pending.pop()
        yield node
        pending += node.args
