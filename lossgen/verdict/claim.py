"""What somebody claims: a formula that was read, or a Python function, as numbers at rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import Add, Function, Mul, Pow, preorder_traversal
from sympy.core.relational import Relational

from lossgen.formulas.equations import Equation, definitions, placed, read_all
from lossgen.formulas.errors import FormulaError
from lossgen.formulas.evaluate import Definition, Number, Values, evaluate, settled
from lossgen.formulas.notation import notation
from lossgen.formulas.scope import Scope, axes_of, key, latex_scope, quantity, text_scope
from lossgen.language.entry import Entry, base
from lossgen.language.symbols import Element

from . import naming
from .points import Row
from .question import Subject, extents

Numbers = list[list[Number]]

# High precision decides for a formula; a function computes in float64 and may lose some digits.
EXACTLY, IN_FLOATS = 1e-12, 1e-6
# Digits at which a formula is settled: 1 - sigmoid(250) has 109 zeros behind the point.
_MOST_DIGITS = 1280


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its equation, free indices in order, and what its names stand for.

    `read` tells which arguments the names of the text were taken for.
    """

    equation: Equation
    indices: tuple[Any, ...]
    known: Mapping[Any, Definition]
    read: Mapping[str, str]

    def places(self, entry: Entry, row: Row) -> list[dict[Any, int]]:
        """Return the indices at all places of one row, in order."""
        sizes = extents(entry, row)
        ranges = (range(sizes[index.axis]) for index in self.indices)
        return [dict(zip(self.indices, places, strict=True)) for places in product(*ranges)]

    def numbers(self, entry: Entry, row: Row, expression: Any = None) -> list[Number]:
        """Return the numbers of the formula, or of another expression in its names, at one row."""
        asked = self.equation.expression if expression is None else expression
        places, sizes = self.places(entry, row), extents(entry, row)

        def make() -> list[Number]:
            values = Values(row, sizes, self.known)
            return [evaluate(asked, values, at) for at in places]

        return settled(make, most=_MOST_DIGITS)


@dataclass(frozen=True)
class Claim:
    """Numbers claimed at rows, and how near they have to be to the exact ones.

    `numbers` gives, for each row, a list in the order of the argument's places. `formula` is what
    was read, or `function` what is called.
    """

    subject: Subject
    text: str
    numbers: Callable[[Sequence[Row]], Numbers]
    tolerance: float
    formula: Formula | None = None
    function: Callable[..., Any] | None = None


def formula(
    subject: Subject, text: str, where: Sequence[str] = (), let: Sequence[str] = ()
) -> Claim:
    """Return the claim of a formula, alone or followed by `; name = ...` definitions.

    Raises:
        FormulaError: with the place, when the text cannot be read.
    """
    texts = [*parts_of(text), *(part for given in where for part in parts_of(given))]
    scope, known, read = scope_of(subject.entry, texts, let)
    equations = read_all(texts, scope)
    first = _asked(equations, subject, scope)
    subject = _subject(subject, first, scope)
    for equation in equations:
        check_counting(equation)
    indices = ordered(first, subject, text)
    if subject.what == "hessian" and len(indices) == 2 * len(subject.axes) > 0:
        subject = replace(subject, full=True)
    found = Formula(first, indices, {**known, **definitions(equations)}, read)

    def numbers(rows: Sequence[Row]) -> Numbers:
        return [found.numbers(subject.entry, row) for row in rows]

    return Claim(subject, text, numbers, EXACTLY, found)


def parts_of(text: str) -> list[str]:
    """Return the equations of a text, one a line or divided by semicolons."""
    parts = [
        part.strip().strip("$") for part in re.split(r"(?<!\\);|\n(?!\s*(?:&|\\\\|\\end))", text)
    ]
    return [part for part in parts if part.strip()] or [""]


def is_latex(text: str) -> bool:
    """Whether a formula has a sign that only LaTeX has."""
    return bool(re.search(r"[\\{}^]|_\{", text))


def scope_of(
    entry: Entry, texts: Sequence[str], let: Sequence[str] = ()
) -> tuple[Scope, dict[Any, Definition], dict[str, str]]:
    """Return the names that a formula about an entry may use, and the author's quantities.

    Also which arguments undeclared names were taken for, by convention.
    """
    printed = notation(entry)
    names: dict[str, Any] = {"": quantity("", ())}
    if any(map(is_latex, (*texts, *let))):
        scope = latex_scope(entry.arguments, printed)
    else:
        scope = text_scope(entry.arguments, {**axes_of(entry.arguments), **printed.axes})
    known = entry_definitions(entry)
    for definition in entry.definitions:
        name = definition.name
        if scope.syntax == "latex":
            name = key(scope.tree(printed.name(name)))
        names[name] = base(definition.symbol)
    scope = scope.with_names({**names, **naming.declared(scope, entry, let)}, {})
    read: dict[str, Any] = {}
    if scope.syntax == "latex":
        for text in texts:
            with placed(text):
                scope.tree(text)
        read = naming.conventional(scope, entry, texts)
        scope = scope.with_names(read, {})
        scope = scope.with_names(naming.without_sample(scope, texts), {})
    return scope, known, {name: symbol.name for name, symbol in read.items()}


def entry_definitions(entry: Entry) -> dict[Any, Definition]:
    """Return what the author's quantities are, and the value, by their symbols."""
    known = {quantity("", ()): Definition((), entry.value)}
    for definition in entry.definitions:
        known[base(definition.symbol)] = Definition(definition.indices, definition.expression)
    return known


def _asked(equations: Sequence[Equation], subject: Subject, scope: Scope) -> Equation:
    """Return the equation that makes the claim: the first, or the derivative in the argument."""
    for equation in equations:
        symbol = scope.names.get(equation.label)
        if equation.slope and symbol is not None and symbol.name == subject.wrt:
            return equation
    return equations[0]


def _subject(subject: Subject, equation: Equation, scope: Scope) -> Subject:
    """Return what a claim is about: its left side may name the argument.

    Raises:
        FormulaError: when it says another order or argument than was asked for.
    """
    orders = {"value": 0, "gradient": 1, "hessian": 2}
    symbol = scope.names.get(equation.label)
    about = symbol.name if equation.slope and equation.label and symbol is not None else subject.wrt
    if equation.slope and equation.order != orders[subject.what]:
        raise FormulaError(f"its left side is no left side of {subject}", equation.text)
    if about == subject.wrt:
        return subject
    if subject.chosen or about not in subject.entry.gradients:
        raise FormulaError(
            f"its left side is the derivative with respect to {about}, and {subject} is asked for",
            equation.text,
        )
    return replace(subject, wrt=about)


def check_counting(equation: Equation) -> None:
    """Raise FormulaError where a place is used as a number: people count from 0 and from 1."""
    for part in preorder_traversal(equation.expression):
        if isinstance(part, Element):
            continue
        places = [inner for inner in part.args if getattr(inner, "axis", None) is not None]
        counted = isinstance(part, Add | Mul | Pow | Function)
        counted |= isinstance(part, Relational) and any(inner.is_Number for inner in part.args)
        if places and counted:
            raise FormulaError(
                f"{places[0]} is a place and no number: some count from 0, some from 1",
                equation.text,
            )


def ordered(equation: Equation, subject: Subject, text: str) -> tuple[Any, ...]:
    """Return the free indices of a claim in the order of the argument's axes."""
    axes = subject.axes if subject.what != "value" else ()
    found = list(equation.indices)
    if subject.what == "hessian" and len(found) == 2 * len(axes):
        axes = axes * 2
    chosen = []
    for axis in axes:
        fitting = [index for index in found if index.axis == axis]
        if not fitting:
            continue  # the formula is the same at every place
        open_order = subject.what == "gradient" and not fitting[0].name.count("*")
        if len(fitting) > 1 and not equation.label and open_order:
            raise FormulaError(
                f"which of {fitting[0].name} and {fitting[1].name} is the first "
                f"index of {subject.wrt} is open; write an equation with its indices", text,
            )  # fmt: skip
        found.remove(fitting[0])
        chosen.append(fitting[0])
    if found:
        raise FormulaError(
            f"the index {found[0].name} is free, and {subject} has "
            + (f"only places along {', '.join(axes)}" if axes else "no index"), text,
        )  # fmt: skip
    return tuple(chosen)


def function(subject: Subject, given: str | Callable[..., Any]) -> Claim:
    """Return the claim of a Python function, or of `module:function`, of arrays.

    It gets the arguments by name, those of the rows with a leading dimension of one row, and
    returns numbers for that row.

    Raises:
        FormulaError: when there is no such function.
    """
    found = imported(given) if isinstance(given, str) else given
    text = given if isinstance(given, str) else getattr(given, "__name__", "the function")

    def numbers(rows: Sequence[Row]) -> Numbers:
        return [called(found, subject, row) for row in rows]

    return Claim(subject, text, numbers, IN_FLOATS, function=found)


def imported(reference: str) -> Callable[..., Any]:
    """Return the function that `module:function` names.

    Raises:
        FormulaError: when there is none.
    """
    module, _, name = reference.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise FormulaError(f"{reference}: expected module:function, found {error}") from error
    if not callable(found):
        raise FormulaError(f"{reference}: expected a function, found {type(found).__name__}")
    return found


def called(
    function: Callable[..., Any], subject: Subject, row: Row, dtype: Any = np.float64
) -> list[Number]:
    """Return what a function makes of one row, whose numbers it gets in a dtype."""
    given = {}
    for argument in subject.entry.arguments:
        if argument.name in subject.entry.prepared:
            continue
        array = np.asarray(row[argument.name])
        array = array if argument.domain.integer else array.astype(dtype)
        given[argument.name] = array[()] if argument.shared else array[None]
    try:
        with np.errstate(all="ignore"):
            found = np.ravel(np.asarray(function(**given), float))
    except Exception as error:  # whatever somebody's function raises
        kind = type(error).__name__
        raise FormulaError(
            f"the function raised {kind}: {error}; it gets {', '.join(given)} by name"
        ) from error
    return [Number(mpf(number), mp.mpf(1e-3)) for number in map(float, found)]


__all__ = ["Claim", "Formula", "Number", "formula", "function"]
