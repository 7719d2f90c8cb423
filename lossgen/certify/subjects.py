"""Losses that are functions of one number, and which number that is.

A residual: the loss depends on prediction - target alone, so the target is 0. A margin or a logit
with a hard target: the target is held at each end of its domain. A loss of one argument: as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Add, Symbol

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument, Entry
from lossgen.language.interface import second
from lossgen.language.normal import program
from lossgen.language.program import expressions

# Domains of a target whose ends are what data holds: an outcome is 0 or 1, a side -1 or +1.
_ENDS = {"Unit": (0.0, 1.0), "Sign": (-1.0, 1.0)}


@dataclass(frozen=True)
class Subject:
    """A loss as a function of one number at its default parameters.

    `moving` is the argument that takes every value of `domain`; `held` the others, with what they
    are held at; `shared` the parameters, rounded to float32.
    """

    entry: Entry = field(repr=False)
    moving: str
    domain: Domain
    held: dict[str, float]
    shared: dict[str, float]

    @property
    def of(self) -> str:
        """What the number is, in words: `prediction, with target = 0`."""
        words = [self.moving, *(f"with {name} = {held:g}" for name, held in self.held.items())]
        return ", ".join(words)

    def inside(self, x: Any) -> Any:
        """Return which numbers of an array a row may hold; all of them where all may be."""
        low, high = self.domain.low, self.domain.high
        found = np.ones(x.shape, bool)
        if low is not None:
            found &= (x > low) if self.domain.open_low else (x >= low)
        if high is not None:
            found &= (x < high) if self.domain.open_high else (x <= high)
        return found

    def arguments(self, x: Any) -> dict[str, Any]:
        """Return the arguments of the public methods, a row for each number of the array `x`."""
        held = {name: np.full_like(x, number) for name, number in self.held.items()}
        return {self.moving: x, **held, **self.shared}


def subjects(entry: Entry) -> list[Subject]:
    """Return the loss as functions of one number, none where it is not one."""
    moving = second(entry)
    others = [argument for argument in entry.per_row if argument.name != moving]
    plain = all(not a.domain.axes and not a.domain.integer for a in entry.arguments)
    given = all(argument.default is not None for argument in entry.shared)
    if moving is None or not plain or not given or len(others) > 1:
        return []
    shared = {a.name: float(np.float32(a.default)) for a in entry.shared if a.default is not None}
    argument = entry.argument(moving)
    return [
        Subject(entry, moving, argument.domain, held, shared)
        for held in _held(entry, argument, others)
    ]


def _held(entry: Entry, moving: Argument, others: list[Argument]) -> Iterator[dict[str, float]]:
    if not others:
        yield {}
        return
    (other,) = others
    if other.domain.name == moving.domain.name == "Real":
        if is_of_difference(entry, moving.symbol, other.symbol):
            yield {other.name: 0.0}
        return
    for end in _ENDS.get(other.domain.name, ()):
        yield {other.name: end}


def is_of_difference(entry: Entry, one: Symbol, other: Symbol) -> bool:
    """Whether two arguments enter a loss through their difference alone.

    The normal form names every difference of two arguments, so it is enough to look for a use of
    either outside such a definition.
    """
    pair = {one, other}
    return not any(
        expression.free_symbols & pair
        and not (isinstance(expression, Add) and expression in (one - other, other - one))
        for statement in program(entry).statements
        for expression in expressions(statement)
    )
