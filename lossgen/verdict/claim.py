"""What somebody claims: a formula that was read, or a Python function, as numbers at rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf

from lossgen.formulas.equations import Equation, definitions, read_all
from lossgen.formulas.errors import FormulaError
from lossgen.formulas.evaluate import Definition, Number, Values, evaluate, settled
from lossgen.formulas.notation import notation
from lossgen.formulas.scope import Scope, axes_of, key, latex_scope, quantity, text_scope
from lossgen.language.entry import Entry
from lossgen.language.interface import interface

from .points import Row
from .question import Subject

Numbers = list[list[Number]]

# High precision decides for a formula; a function computes in float64 and may lose some digits.
EXACTLY, IN_FLOATS = 1e-12, 1e-6


@dataclass(frozen=True)
class Claim:
    """Numbers claimed at rows, and how near they have to be to the exact ones.

    `numbers` gives, for each row, a list in the order of the argument's places.
    """

    text: str
    numbers: Callable[[Sequence[Row]], Numbers]
    tolerance: float


def formula(subject: Subject, text: str) -> Claim:
    """Return the claim of a formula, alone or followed by `; name = ...` definitions.

    Raises:
        FormulaError: with the place, when the text cannot be read.
    """
    scope, known = scope_of(subject.entry, text)
    equations = read_all(parts_of(text), scope)
    first = _asked(equations, subject, scope)
    indices = _ordered(first, subject, text)
    known = {**known, **definitions(equations)}

    def numbers(rows: Sequence[Row]) -> Numbers:
        return [_table(first, indices, known, subject.entry, row) for row in rows]

    return Claim(text, numbers, EXACTLY)


def parts_of(text: str) -> list[str]:
    """Return the equations of a text, one a line or divided by semicolons."""
    parts = [part.strip().strip("$") for part in re.split(r"[;\n]", text)]
    return [part for part in parts if part] or [""]


def is_latex(text: str) -> bool:
    """Whether a formula has a sign that only LaTeX has."""
    return bool(re.search(r"[\\{}^]|_\{", text))


def scope_of(entry: Entry, text: str) -> tuple[Scope, dict[Any, Definition]]:
    """Return the names that a formula about an entry may use, and the author's quantities."""
    facts = interface(entry)
    known: dict[Any, Definition] = {}
    names: dict[str, Any] = {"": quantity("", ())}
    if is_latex(text):
        printed = notation(entry)
        scope = latex_scope(facts, printed)
    else:
        indices = {**axes_of(facts), **notation(entry).axes}
        scope = text_scope(facts, indices)
    for definition in entry.definitions:
        symbol = getattr(definition.symbol, "array", definition.symbol)
        known[symbol] = Definition(definition.indices, definition.expression)
        name = definition.name
        if scope.syntax == "latex":
            name = key(scope.tree(notation(entry).name(name)))
        names[name] = symbol
    known[quantity("", ())] = Definition((), entry.value)
    return scope.with_names(names, {}), known


def _asked(equations: Sequence[Equation], subject: Subject, scope: Scope) -> Equation:
    """Return the equation that makes the claim: the first, or the derivative in the argument."""
    for equation in equations:
        symbol = scope.names.get(equation.label)
        if equation.slope and symbol is not None and symbol.name == subject.wrt:
            return equation
    return equations[0]


def _ordered(equation: Equation, subject: Subject, text: str) -> tuple[Any, ...]:
    """Return the free indices of a claim in the order of the argument's axes."""
    axes = subject.entry.argument(subject.wrt).domain.axes if subject.what != "value" else ()
    found = list(equation.indices)
    ordered = []
    for axis in axes:
        fitting = [index for index in found if index.axis == axis]
        if not fitting:
            continue  # the formula is the same at every place
        if len(fitting) > 1 and not equation.label:
            raise FormulaError(
                f"which of {fitting[0].name} and {fitting[1].name} is the first "
                f"index of {subject.wrt} is open; write an equation with its indices", text,
            )  # fmt: skip
        found.remove(fitting[0])
        ordered.append(fitting[0])
    if found:
        raise FormulaError(
            f"the index {found[0].name} is free, and {subject} has "
            + (f"only places along {', '.join(axes)}" if axes else "no index"), text,
        )  # fmt: skip
    return tuple(ordered)


def _table(
    equation: Equation, indices: Any, known: dict[Any, Definition], entry: Entry, row: Row
) -> list[Number]:
    """Return the numbers of a formula at one row, for all places of its indices."""
    extents = {
        axis: extent
        for argument in entry.arguments
        for axis, extent in zip(argument.domain.axes, np.shape(row[argument.name]), strict=True)
    }
    ranges = [range(extents[index.axis]) for index in indices]

    def make() -> list[Number]:
        values = Values(row, extents, known)
        return [
            evaluate(equation.expression, values, dict(zip(indices, places, strict=True)))
            for places in product(*ranges)
        ]

    return settled(make)


def function(subject: Subject, reference: str) -> Claim:
    """Return the claim of a Python function `module:function` of arrays.

    It gets the arguments by name, those of the rows with a leading dimension of one row, and
    returns numbers for that row.

    Raises:
        FormulaError: when there is no such function.
    """
    module, _, name = reference.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise FormulaError(f"{reference}: expected module:function, found {error}") from error
    return Claim(reference, lambda rows: [_called(found, subject, row) for row in rows], IN_FLOATS)


def _called(function: Callable[..., Any], subject: Subject, row: Row) -> list[Number]:
    given = {
        argument.name: row[argument.name]
        if argument.shared
        else np.asarray(row[argument.name])[None]
        for argument in subject.entry.arguments
        if argument.name not in subject.entry.prepared
    }
    try:
        with np.errstate(all="ignore"):
            found = np.ravel(np.asarray(function(**given), float))
    except Exception as error:  # whatever somebody's function raises
        kind = type(error).__name__
        raise FormulaError(
            f"the function raised {kind}: {error}; it gets {', '.join(given)} by name"
        ) from error
    return [Number(mpf(number), mp.mpf(1e-3)) for number in map(float, found)]


__all__ = ["Claim", "formula", "function"]
