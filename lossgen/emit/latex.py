"""Entries and programs as LaTeX: formula, where-list of named quantities, gradient, Hessian."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lossgen import derive
from lossgen.formulas.notation import LOSS, Notation, notation
from lossgen.language.entry import Definition, Entry
from lossgen.language.functions import continued
from lossgen.language.interface import second
from lossgen.language.normal import program
from lossgen.language.program import Program
from lossgen.language.trace import undistributed
from lossgen.stabilise import prepare
from lossgen.stabilise.removable import removable

from .curves import with_limits
from .writer import SecondWriter, Writer


@dataclass(frozen=True)
class Formulas:
    """The equations of a loss, each a line of LaTeX `left = right`.

    `where` defines the author's quantities; `gradient` has one equation for each argument, `chain`
    defines what these use and `where` does not. `hessian` is the second derivative in one argument,
    of an array its diagonal, empty where there is none; `behind` are those of `chain` that it uses,
    `only_second` those that nothing else uses.
    """

    value: str
    where: tuple[str, ...]
    gradient: dict[str, str]
    chain: tuple[str, ...]
    notation: Notation
    hessian: str = ""
    behind: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()


def formulas(
    entry: Entry,
    gradient: Program | None = None,
    hessian: Program | None = None,
    letter: str = "",
) -> Formulas:
    """Return the equations of an entry and, where their programs are given, of its derivatives.

    `letter` is what the value is called, if not by a letter that is free.
    """
    programs = tuple(program for program in (gradient, hessian) if program is not None)
    with undistributed():
        names = notation(entry, *programs)
        author = Writer(entry, replace(names, loss=letter) if letter else names, ())
        value = author.equation(filled(Definition(LOSS, (), entry.value)))
        where = tuple(author.equation(filled(definition)) for definition in entry.definitions)
        if gradient is None:
            return Formulas(value, where, {}, (), author.notation)
        writer = Writer(entry, author.notation, gradient.statements)
        wanted = [name for name in gradient.outputs if name != LOSS]
        slopes = {name[2:]: writer.quantity(name) for name in wanted}
        curvature, used = "", []
        if hessian is not None:
            second = SecondWriter(entry, author.notation, hessian, gradient)
            curvature, used = second.quantity(second.output), second.needed([second.output])
        chain = {name: writer.quantity(name) for name in writer.needed(wanted, used)}
        behind = tuple(chain[name] for name in writer.needed((), used))
        first = {chain[name] for name in writer.needed(wanted)}
    return Formulas(
        value, where, slopes, tuple(chain.values()), author.notation, curvature, behind,
        tuple(equation for equation in chain.values() if equation not in first),
    )  # fmt: skip


def filled(definition: Definition) -> Definition:
    """Return a definition of the author's with its limits where it is 0/0, as the kernels have."""
    whole = removable(definition.expression)
    if not whole.has(continued):
        return definition
    return with_limits((replace(definition, expression=whole),))[0]  # type: ignore[return-value]


def latex(loss: Any, what: str = "value") -> str:
    """Return "value", "gradient" or "hessian" of a loss as one display; the door of `Loss.latex`.

    Raises:
        ValueError: for another word, and for the Hessian of a loss that has none.
    """
    entry: Entry = loss.entry
    if what == "value":
        return value(entry)
    if what == "gradient":
        return gradient(entry, derive.gradient(prepare(program(entry)), entry.gradients))
    if what == "hessian":
        return hessian(entry)
    raise ValueError(f'{entry.name}.latex({what!r}): expected "value", "gradient" or "hessian"')


def value(entry: Entry) -> str:
    """Return the formula of the loss and its where-list as one display."""
    found = formulas(entry)
    return aligned([found.value, *found.where])


def gradient(entry: Entry, program: Program) -> str:
    """Return the gradient for each argument, and what it is made of, as one display."""
    found = formulas(entry, program)
    return aligned([*found.gradient.values(), *found.chain])


def hessian(entry: Entry) -> str:
    """Return the second derivative (of an array: the diagonal), and what it uses, as one display.

    Raises:
        ValueError: when the loss has none.
    """
    base, program_of_second = prepare(program(entry)), diagonal(entry)
    if program_of_second is None:
        raise ValueError(f"{entry.name} has no second derivative that formulas are derived for")
    found = formulas(entry, derive.gradient(base, entry.gradients), program_of_second)
    return aligned([found.hessian, *found.behind])


def diagonal(entry: Entry) -> Program | None:
    """Return the program of the Hessian diagonal that is printed; None where there is none."""
    name = second(entry)
    if name is None:
        return None
    try:
        return derive.hessian_diagonal(prepare(program(entry)), name)
    except derive.Refused:
        return None


def aligned(equations: Iterable[str]) -> str:
    """Return equations under one another, aligned at their first sign of equality."""
    lines = [equation.replace(" = ", " &= ", 1) for equation in equations]
    if len(lines) == 1:
        return lines[0].replace("&= ", "= ", 1)
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


__all__ = ["Formulas", "aligned", "diagonal", "formulas", "gradient", "hessian", "latex", "value"]
