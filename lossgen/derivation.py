"""The derivation of a gradient by hand: the chain rule through the author's quantities, in steps.

Each step is an equation with the number of points at which it was compared with exact arithmetic.
What a step is about is a small loss of its own: the loss with one quantity held as an argument, or
one quantity as a function of what it is made of. So nothing of the result is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from lossgen.checks.answers import Question
from lossgen.checks.reference import exact
from lossgen.derive import gradient
from lossgen.emit.latex import Formulas, aligned, formulas
from lossgen.formulas import latex_scope, read_all
from lossgen.formulas.pages import extents_at, first_difference, numbers_at, prepared
from lossgen.language.domains import NonNegative, Positive, Real
from lossgen.language.entry import Argument, Definition, Entry, base
from lossgen.language.interface import interface
from lossgen.language.normal import program
from lossgen.stabilise import prepare
from lossgen.verdict.points import points

POINTS = 8
_FLOAT64 = np.dtype(np.float64)

Row = Mapping[str, Any]


class DerivationError(AssertionError, ValueError):
    """A step of a derivation does not hold, or the loss has no such derivative."""


@dataclass(frozen=True)
class Step:
    """What is done in words, the equations that result, and at how many points they were tried."""

    words: str
    equations: tuple[str, ...]
    points: int

    def __str__(self) -> str:
        tried = f"  [{self.points} points]" if self.points else ""
        return "\n".join([f"{self.words}{tried}", *(f"    {line}" for line in self.equations)])


@dataclass(frozen=True)
class Derivation:
    """The steps from a loss to its derivative in `wrt`; prints as text, shows as mathematics."""

    loss: str
    wrt: str
    steps: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        head = f"{self.loss}, differentiated with respect to {self.wrt}"
        lines = [f"{number}. {step}" for number, step in enumerate(self.steps, 1)]
        return "\n\n".join([head, *lines])

    def latex(self) -> str:
        """Return all equations as one display."""
        return aligned(equation for step in self.steps for equation in step.equations)

    def _repr_latex_(self) -> str:
        return f"$${self.latex()}$$"


def derive(loss: Any, wrt: str | None = None) -> Derivation:
    """Return the derivation of the derivative of a loss in one argument (default: its first).

    Raises:
        DerivationError: for an argument that the loss is not differentiated in, and for a step
            that differs from exact arithmetic at a point.
    """
    entry: Entry = loss.entry
    name = wrt if wrt is not None else entry.wrt[0]
    if name not in entry.gradients:
        known = ", ".join(entry.gradients)
        raise DerivationError(f"{entry.name} is differentiated in {known}, not in {name!r}")
    return Derivation(entry.name, name, tuple(_Deriver(entry, name).steps()))


class _Deriver:
    """Writes the steps for one loss and one argument."""

    def __init__(self, entry: Entry, wrt: str) -> None:
        self.entry, self.wrt = entry, wrt
        self.whole = formulas(entry, gradient(prepare(program(entry)), entry.gradients))
        self.quantities = {part.name: part for part in entry.definitions}
        self.active = self.depending()
        rows = (prepared(interface(entry), row) for row in islice(points(entry), POINTS))
        self.rows = [{**row, **self.values(row)} for row in rows]

    def depending(self) -> set[str]:
        """Return the names of the quantities that depend on the argument, and its own."""
        found = {self.wrt}
        for part in self.entry.definitions:
            if names_in(part.expression) & found:
                found.add(part.name)
        return found

    def values(self, row: Row) -> dict[str, Any]:
        """Return the author's quantities at a row."""
        facts = interface(self.entry)
        scope = latex_scope(facts, self.whole.notation)
        equations = read_all([*self.whole.where, self.whole.value], scope)
        asked = [*equations[: len(self.whole.where)]]
        extents = extents_at(facts, row)
        tables = numbers_at(asked, equations, row, facts)
        return {
            part.name: np.reshape(
                [float(number.value) for number in numbers],
                [extents[index.axis] for index in part.indices],
            )
            for part, numbers in zip(self.entry.definitions, tables, strict=True)
        }

    def steps(self) -> Iterator[Step]:
        """Yield the steps in the order in which they are done on paper."""
        yield Step("The loss, and what it is made of.", (self.whole.value, *self.whole.where), 0)
        passed = [part.name for part in self.entry.definitions if part.name in self.active]
        shown: set[str] = set()
        for name in reversed(passed):
            for step in self.through(name):
                shown |= {*step.equations}
                yield step
        yield from self.chain(self.wrt)
        last = self.result()
        yield replace(last, equations=tuple(e for e in last.equations if e not in shown))

    def through(self, name: str) -> Iterator[Step]:
        """Yield how the loss changes with a quantity, whatever that is made of."""
        yield from self.chain(name)
        yield self.step(self.reduced(name), name, f"How the loss changes with {name}.")

    def reduced(self, name: str) -> Entry:
        """Return the loss with one quantity as an argument; the loss itself for an argument."""
        if name not in self.quantities:
            return self.entry
        return replace(
            self.entry,
            arguments=(*self.entry.arguments, self.held(name)),
            definitions=tuple(part for part in self.entry.definitions if part.name != name),
            wrt=(name,),
        )

    def chain(self, name: str) -> Iterator[Step]:
        """Yield the chain rule, where a quantity acts through numbers, and each of its factors."""
        users = [part for part in self.entry.definitions if name in names_in(part.expression)]
        direct = name in names_in(self.entry.value)
        if direct or not users or any(part.indices for part in users):
            return
        below = self.element(name)
        loss, shown = self.whole.notation.loss, self.whole.notation.element
        terms = [
            rf"\frac{{\partial {loss}}}{{\partial {shown(part.name)}}} "
            rf"\frac{{\partial {shown(part.name)}}}{{\partial {below}}}"
            for part in users
        ]
        rule = rf"\frac{{\partial {loss}}}{{\partial {below}}} = {' + '.join(terms)}"
        through = " and ".join(part.name for part in users)
        points = self.chained(users, name)
        yield Step(f"The chain rule: {name} acts through {through}.", (rule,), points)
        for part in users:
            yield self.factor(part, name)

    def chained(self, users: list[Definition], name: str) -> int:
        """Return at how many rows the exact factors give the exact derivative.

        Raises:
            DerivationError: at the first row where they do not.
        """
        for row in self.rows:
            terms = [
                slope(self.reduced(part.name), part.name, row)
                * slope(self.alone(part, name), name, row)
                for part in users
            ]
            off = np.abs(sum(terms) - slope(self.reduced(name), name, row))
            # Sums of a few exact numbers that were rounded to float64 once.
            if np.any(off > 1e-12 * sum(map(np.abs, terms))):
                raise DerivationError(f"{self.entry.name}: the chain rule for {name} fails")
        return len(self.rows)

    def factor(self, part: Definition, name: str) -> Step:
        """Return how one quantity changes with a name that it is made of."""
        letter = self.whole.notation.element(part.name)
        words = f"How {part.name} changes with {name}."
        return self.step(self.alone(part, name), name, words, letter)

    def alone(self, part: Definition, name: str) -> Entry:
        """Return one quantity as a loss of what it is made of."""
        used = names_in(part.expression)
        arguments = [a for a in self.entry.arguments if a.name in used]
        arguments += [self.held(other) for other in self.quantities if other in used]
        return Entry(
            part.name, tuple(replace(a, default=None) for a in arguments), (), part.expression,
            wrt=(name,), notation=self.entry.notation,
        )  # fmt: skip

    def result(self) -> Step:
        """Return the derivative as the page has it."""
        first = gradient(prepare(program(self.entry)), (self.wrt,))
        found = formulas(self.entry, first)
        equations = (*found.gradient.values(), *found.chain)
        points = self.tried(self.entry, found, self.wrt)
        return Step(f"Together: the derivative with respect to {self.wrt}.", equations, points)

    def step(self, entry: Entry, name: str, words: str, letter: str = "") -> Step:
        """Return the derivative of a small loss in one of its arguments, tried at the rows."""
        found = formulas(entry, gradient(program(entry), (name,)), letter=letter)
        return Step(
            words,
            (*found.gradient.values(), *found.chain),
            self.tried(entry, found, name),
        )

    def tried(self, entry: Entry, found: Formulas, name: str) -> int:
        """Return at how many rows the equations give the exact derivative.

        Raises:
            DerivationError: at the first row where they do not.
        """
        facts = interface(entry)
        scope = latex_scope(facts, found.notation)
        texts = [found.gradient[name], *found.chain, *found.where, found.value]
        equations = read_all(texts, scope)
        names = {argument.name for argument in entry.arguments}
        for row in self.rows:
            given = {key: value for key, value in row.items() if key in names}
            (numbers,) = numbers_at([equations[0]], equations, given, facts)
            if bad := first_difference(numbers, slope(entry, name, row)):
                raise DerivationError(
                    f"{self.entry.name}: {found.gradient[name]} gives {bad[0]} and is {bad[1]}"
                )
        return len(self.rows)

    def held(self, name: str) -> Argument:
        """Return a quantity as an argument, a number that may be anything of its sign."""
        part = self.quantities[name]
        symbol = base(part.symbol)
        domain = Positive if symbol.is_positive else NonNegative if symbol.is_nonnegative else Real
        return Argument(name, replace(domain, axes=tuple(index.axis for index in part.indices)))

    def element(self, name: str) -> str:
        """Return a name with the indices that its derivative has."""
        names = self.whole.notation
        if name in self.quantities:
            indices: Iterable[str] = (index.name for index in self.quantities[name].indices)
            return names.element(name, indices)
        left = self.whole.gradient[name].split(" = ")[0]
        return left.partition(r"}{\partial ")[2][:-1]


def slope(entry: Entry, name: str, row: Row) -> np.ndarray[Any, Any]:
    """Return the exact derivative of a loss in one argument, flat, rounded to float64."""
    names = {argument.name for argument in entry.arguments}
    given = {key: value for key, value in row.items() if key in names}
    # All arguments move, as in the kernels: a tie is shared between those that do.
    answer = exact(Question(entry, given, _FLOAT64))[0].gradient[name]
    return np.array([float(part[0]) for part in np.ravel(answer)])


def names_in(expression: Any) -> set[str]:
    """Return the names of the arguments and quantities in an expression."""
    return {symbol.name for symbol in expression.free_symbols}
