"""The statements of a program as equations; some names are shown as what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sympy import Add, And, Eq, Piecewise, S, sqrt

from lossgen.formulas.notation import LOSS, Notation
from lossgen.language.entry import Definition, Entry
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MinOver, SumOver
from lossgen.language.program import Program, Reduction, Scatter, Statement, names_in
from lossgen.language.symbols import Element, Index

from .curves import with_limits
from .spelling import BLOCK
from .tidy import tidy
from .typeset import Typesetter

_FOLDS: dict[str, type[Fold]] = {
    "sum": SumOver, "max": MaxOver, "min": MinOver, "logsumexp": LogSumExp,
}  # fmt: skip


class Writer:
    """Writes the statements of one program; some are shown in place of their names."""

    def __init__(self, entry: Entry, names: Notation, statements: tuple[Statement, ...]) -> None:
        self.entry = entry
        self.notation = names
        self.statements: dict[str, list[Statement]] = {}
        for statement in with_limits(statements):
            self.statements.setdefault(statement.name, []).append(statement)
        self.written = {definition.name for definition in entry.definitions}
        self.hidden = self.hidden_names()
        order = [argument.name for argument in entry.per_row]
        order += [definition.name for definition in entry.definitions] + list(self.statements)
        order += [argument.name for argument in entry.shared]
        rank = {name: place for place, name in reversed(list(enumerate(order)))}
        shared = frozenset(argument.name for argument in entry.shared)
        inline = {name: self.inlined(name) for name in self.hidden}
        self.typeset = Typesetter(names, rank, shared, inline)

    def equation(self, definition: Definition) -> str:
        """Return `name = expression`."""
        indices = [self.typeset.name(index) for index in definition.indices]
        left = self.left(definition.name, indices)
        return f"{left} = {self.typeset(definition.expression, BLOCK)}"

    def left(self, name: str, indices: list[str]) -> str:
        """Return the left side of an equation."""
        return self.notation.element(name, indices)

    def quantity(self, name: str) -> str:
        """Return the equation that defines a quantity of the program."""
        found = self.definition(name)
        printed = tidy(found.expression, self.typeset.spelled, found.indices)
        return self.equation(replace(found, expression=printed))

    def definition(self, name: str) -> Definition:
        """Return what a quantity is: its definition or fold, and what is scattered into it."""
        first, *rest = self.statements[name]
        if isinstance(first, Definition) and not rest:
            return first
        if isinstance(first, Scatter):
            rest, indices, terms = [first, *rest], self.places(first), []
        else:
            indices, terms = first.indices, [_value(first)]
            terms = [term for term in terms if term != 0]
        terms += [_gathered(part, indices) for part in rest if isinstance(part, Scatter)]
        total = terms[0] if len(terms) == 1 else Add(*terms, evaluate=False)
        return Definition(name, indices, total)

    def places(self, scatter: Scatter) -> tuple[Index, ...]:
        """Return indices for a quantity that only scatters define."""
        argument = self.entry.argument(scatter.name[2:])
        found: list[Index] = []
        for axis in argument.domain.axes:
            names = (axis, *(f"{axis}_{number}" for number in (2, 3)))
            used = {index.name for index in (*scatter.bound, *found)} - {axis}
            found.append(next(Index(name, axis) for name in names if name not in used))
        return tuple(found)

    def hidden_names(self) -> set[str]:
        """Return the names that are shown as what they stand for.

        These are names that the tracer gave to differences of arguments, their derivatives, and
        partial sums of a derivative.
        """
        arguments = {argument.name for argument in self.entry.arguments}
        hidden = {
            name
            for name, parts in self.statements.items()
            if name not in self.written | {LOSS}
            and isinstance(parts[0], Definition)
            and isinstance(parts[0].expression, Add)
            and names_in(parts[0]) <= arguments
            and len(parts[0].expression.args) == 2
        }
        adjoints = self.notation.adjoints
        hidden |= {name for name in self.statements if adjoints.get(name) in hidden}
        hidden |= {name for name in self.statements if self.is_passing(name)}
        hidden |= {name for name in self.statements if name.startswith("d_") and "_from_" in name}
        return {
            name
            for name in hidden
            if not any(isinstance(s, Scatter) for s in self.statements[name])
        }

    def is_passing(self, name: str) -> bool:
        """Whether a name is the derivative in a sum that the author gave no name.

        A selection stays a name where a sum runs over it.
        """
        base = self.notation.adjoints.get(name)
        if base not in self.statements or base in self.written | {LOSS}:
            return False
        first = self.statements[name][0]
        selection = isinstance(first, Definition) and isinstance(first.expression, Piecewise)
        return not selection or not any(
            name in names_in(part)
            for parts in self.statements.values()
            for part in parts
            if not isinstance(part, Definition)
        )

    def inlined(self, name: str) -> Callable[[Any], Any]:
        """Return the function that gives what a use of a hidden name stands for."""
        statement = self.statements[name][0]
        assert not isinstance(statement, Scatter)

        def meaning(use: Any) -> Any:
            given = use.indices if isinstance(use, Element) else ()
            return _value(statement, dict(zip(statement.indices, given, strict=True)))

        return meaning

    def needed(self, wanted: Iterable[str], also: Iterable[str] = ()) -> list[str]:
        """Return the quantities that `wanted` use and that need an equation, in order.

        Those of `also` need one too, and so does what these use.
        """
        found = set(also)
        pending = [*wanted, *found]
        while pending:
            for statement in self.statements.get(pending.pop(), ()):
                new = names_in(statement) & set(self.statements) - found
                new |= {self.notation.adjoints.get(name, name) for name in new - self.hidden}
                new &= set(self.statements) - found
                found |= new
                pending += new - self.written
        found -= self.hidden | self.written | {LOSS} | set(wanted)
        return [name for name in self.statements if name in found]


class SecondWriter(Writer):
    """Writes the Hessian diagonal, the output `h_<argument>` of a program."""

    def __init__(self, entry: Entry, names: Notation, program: Program, gradient: Program) -> None:
        self.output = next(name for name in program.outputs if name.startswith("h_"))
        self.known = {statement.name for statement in gradient.statements} | {self.output}
        super().__init__(entry, names, program.statements)

    def hidden_names(self) -> set[str]:
        """Return also the derivatives of quantities on the way, which the gradient has not."""
        return super().hidden_names() | (set(self.statements) - self.known)

    def left(self, name: str, indices: list[str]) -> str:
        """Return the left side of an equation; that of the output is a second derivative."""
        if name != self.output:
            return super().left(name, indices)
        loss, below = self.notation.loss, self.notation.element(name[2:], indices)
        return rf"\frac{{\partial^{{2}} {loss}}}{{\partial {below}^{{2}}}}"


def _value(statement: Definition | Reduction, renaming: dict[Any, Any] | None = None) -> Any:
    """Return what a statement computes at other indices, a reduction as a fold."""
    renaming = {old: new for old, new in (renaming or {}).items() if old != new}
    if isinstance(statement, Definition):
        return statement.expression.xreplace(renaming)
    used = {symbol for new in renaming.values() for symbol in new.free_symbols}
    bound = {index: _second(index) for index in statement.bound if index in used}
    renaming.update(bound)
    indices = [bound.get(index, index) for index in statement.bound]
    body, where = statement.body.xreplace(renaming), statement.where.xreplace(renaming)
    if statement.operation == "norm":
        return sqrt(SumOver(*indices, body**2, where=where))
    return _FOLDS[statement.operation](*indices, body, where=where)


def _second(index: Index) -> Index:
    return Index(f"{index.name}_2", index.axis)


def _gathered(scatter: Scatter, indices: tuple[Index, ...]) -> Any:
    """Return what a scatter adds at one place: the sum over all that point to it."""
    renaming: dict[Any, Any] = {}
    conditions = [scatter.where]
    for target, index in zip(scatter.target, indices, strict=True):
        if isinstance(target, Index) and target in scatter.bound:
            renaming[target] = index
        else:
            conditions.append(Eq(target, index))
    bound = [index for index in scatter.bound if index not in renaming]
    renaming.update({index: _second(index) for index in bound if index in indices})
    bound = [renaming.get(index, index) for index in bound]
    body, where = scatter.body.xreplace(renaming), And(*conditions).xreplace(renaming)
    if bound:
        return SumOver(*bound, body, where=where)
    return Piecewise((body, where), (S.Zero, True))
