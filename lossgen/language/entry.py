"""Entries: a loss as it was written, before anything is derived from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Symbol, latex

from .domains import Domain
from .symbols import Array, Element, Index, Label


@dataclass(frozen=True)
class Argument:
    """An argument of a loss: one value per row, or shared by all rows.

    `default` is None for an argument that must be given.
    """

    name: str
    domain: Domain
    shared: bool = False
    default: float | None = None

    @property
    def symbol(self) -> Symbol:
        """The symbol or array that stands for the argument in formulas."""
        if self.domain.axes:
            tag = (self.domain.axes, self.domain.values)
            return Array(self.name, tag, **self.domain.assumptions())
        if self.domain.values is not None:
            return Label(self.name, (self.domain.values,))
        return Symbol(self.name, **self.domain.assumptions())


@dataclass(frozen=True)
class Definition:
    """`name[indices] = expression`: a named quantity."""

    name: str
    indices: tuple[Index, ...]
    expression: Expr

    @property
    def symbol(self) -> Any:
        """The name as it is used in formulas: a symbol, or an element of an array."""
        return quantity(self.name, self.indices, self.expression)


def quantity(name: str, indices: tuple[Index, ...], like: Expr | None = None) -> Any:
    """Return an opaque symbol (or element, where there are indices) with the sign of `like`."""
    assumptions: dict[str, Any] = {"real": True}
    if like is not None and like.is_positive:
        assumptions["positive"] = True
    elif like is not None and like.is_nonnegative:
        assumptions["nonnegative"] = True
    if not indices:
        return Symbol(name, **assumptions)
    array = Array(name, (tuple(index.axis for index in indices), None), **assumptions)
    return Element(array, *indices)


def base(symbol: Any) -> Any:
    """Return the array of an element, and a symbol itself."""
    return getattr(symbol, "array", symbol)


@dataclass(frozen=True)
class Entry:
    """A traced loss: arguments, named quantities in the author's order, and the value.

    `value` and the definitions hold the author's expression, folds included, untouched. `prepare`
    gets the arguments of one row by name, as NumPy arrays, and returns the trailing integer
    arguments named in `prepared`.
    """

    name: str
    arguments: tuple[Argument, ...]
    definitions: tuple[Definition, ...]
    value: Expr
    summary: str = ""
    source: str = ""
    aliases: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    prepare: Callable[..., dict[str, Any]] | None = None
    prepared: tuple[str, ...] = ()
    notation: dict[str, str] = field(default_factory=dict, hash=False)
    claims: tuple[str, ...] = ()
    notes: str = ""

    def argument(self, name: str) -> Argument:
        """Return the argument of that name; KeyError if there is none."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        raise KeyError(name)

    @property
    def per_row(self) -> tuple[Argument, ...]:
        """Arguments with one value per row, prepared ones included."""
        return tuple(argument for argument in self.arguments if not argument.shared)

    @property
    def shared(self) -> tuple[Argument, ...]:
        """Arguments shared by all rows."""
        return tuple(argument for argument in self.arguments if argument.shared)

    @property
    def gradients(self) -> tuple[str, ...]:
        """Arguments that the kernels differentiate: per-row ones, shared arrays, those of wrt."""
        return tuple(
            argument.name
            for argument in self.arguments
            if argument.domain.differentiable
            and (not argument.shared or argument.domain.axes or argument.name in self.wrt)
        )

    def latex_name(self, name: str) -> str:
        """Return the notation of an argument or quantity in formulas."""
        return self.notation.get(name) or latex(Symbol(name))
