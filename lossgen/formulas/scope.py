"""The names that a formula may use, and what each stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sympy import Symbol

from lossgen.language.domains import DOMAINS
from lossgen.language.entry import Argument
from lossgen.language.symbols import Array, Index, Size

from . import latex, text
from .errors import FormulaError
from .notation import Notation, typeset, upright
from .tree import Node

Syntax = Literal["latex", "text"]
# The arguments of a loss, or the interface literal that describes them.
Interface = Mapping[str, Any] | Sequence[Argument]
LOSS = "="  # names of quantities begin with this sign, so that none is taken for an argument


@dataclass(frozen=True)
class Scope:
    """Names by the key under which formulas write them: of a LaTeX name, or a plain word.

    `adjoints` holds derivatives by the key of what they are the derivative in.
    """

    syntax: Syntax
    names: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, Index] = field(default_factory=dict)
    extents: Mapping[str, Size] = field(default_factory=dict)
    adjoints: Mapping[str, Any] = field(default_factory=dict)
    loss: str = "L"

    def tree(self, formula: str) -> Node:
        """Return the tree of a formula in the syntax of this scope."""
        return latex.tree(formula, self.names) if self.syntax == "latex" else text.tree(formula)

    def with_names(self, names: Mapping[str, Any], adjoints: Mapping[str, Any]) -> Scope:
        """Return this scope with further names."""
        return replace(self, names={**self.names, **names}, adjoints={**self.adjoints, **adjoints})


def latex_scope(interface: Interface, notation: Notation) -> Scope:
    """Return the names of a loss as they are typeset; its own spelling is understood beside it.

    Raises:
        FormulaError: when the notation gives two arguments one name.
    """
    names: dict[str, Any] = {}
    for argument in arguments_of(interface):
        found = key(latex.tree(notation.name(argument.name)))
        if found in names:
            raise FormulaError(f"{found} stands for {names[found]} and for {argument.name}")
        names[found] = argument.symbol
    for argument in arguments_of(interface):
        for spelled in (typeset(argument.name), upright(argument.name)):
            names.setdefault(key(latex.tree(spelled)), argument.symbol)
    extents = {key(latex.tree(extent)): Size(axis) for axis, extent in notation.extents.items()}
    loss = key(latex.tree(notation.loss))
    return Scope("latex", names, _indices(notation.axes), extents, loss=loss)


def text_scope(interface: Interface, axes: Mapping[str, tuple[str, ...]]) -> Scope:
    """Return the names of a loss as Python writes them; `axes` lists the indices over each axis."""
    names = {argument.name: argument.symbol for argument in arguments_of(interface)}
    extents = {axis: Size(axis) for axis in axes}
    return Scope("text", names, _indices(axes), extents, loss="loss")


def arguments_of(interface: Interface) -> Iterator[Argument]:
    """Yield the arguments that an interface describes, in order."""
    if not isinstance(interface, Mapping):
        yield from interface
        return
    for shared, group in ((False, "arguments"), (True, "shared")):
        for name, facts in interface[group].items():
            domain = replace(
                DOMAINS[facts["domain"]], axes=tuple(facts["axes"]), values=facts.get("values")
            )
            yield Argument(name, domain, shared, facts.get("default"))


def axes_of(interface: Interface) -> dict[str, tuple[str, ...]]:
    """Return the axes of a loss, each with its own name as its index."""
    found: dict[str, tuple[str, ...]] = {}
    for argument in arguments_of(interface):
        for axis in (*argument.domain.axes, argument.domain.values):
            if axis is not None:
                found.setdefault(axis, (axis,))
    return found


def _indices(axes: Mapping[str, tuple[str, ...]]) -> dict[str, Index]:
    return {name: Index(name, axis) for axis, names in axes.items() for name in names}


def key(name: Node, subscripts: int | None = None) -> str:
    """Return a name as it is looked up, with its first `subscripts` subscripts.

    Raises:
        FormulaError: when the node is no name.
    """
    if name.kind not in ("name", "number"):
        raise FormulaError("expected a name", "", name.start, name.end)
    parts = name.parts[:subscripts]
    return f"{name.text}_{{{','.join(map(key, parts))}}}" if parts else name.text


def quantity(label: str, indices: tuple[Index, ...]) -> Any:
    """Return the symbol or array of a quantity that a formula defines."""
    if indices:
        return Array(LOSS + label, (tuple(index.axis for index in indices), None), real=True)
    return Symbol(LOSS + label, real=True)
