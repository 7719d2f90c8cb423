"""Rows under difference quotients: a loss as a function of one number of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lossgen.runtime import Loss

from .accuracy import Tally, shown
from .context import Answered, Context
from .forms import Form, all_gradients, available
from .report import Row
from .samples import LONG, Batch
from .slopes import Function, room

FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True)
class Place:
    """One element of one argument: its numbers in each row, and how far they may move."""

    name: str
    element: tuple[int, ...]
    at: Any
    room: Any

    @property
    def rows(self) -> tuple[Any, ...]:
        """The index of this element in a column."""
        return (slice(None), *self.element)

    def label(self, prefix: str) -> str:
        """Return the element's derivative as a reader writes it."""
        return f"{prefix}_{self.name}{list(self.element) or ''}"


@dataclass(frozen=True)
class Subject:
    """Some rows of a batch, and the fused form that gives their value and curvature."""

    loss: Loss
    batch: Batch
    form: Form
    answered: Answered
    kept: list[int]

    def outputs(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs of the fused form at other numbers."""
        return dict(self.form(self.loss, moved(self.batch, columns)))

    def gradients(self, columns: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return all gradients, at other numbers if they are given."""
        batch = self.batch if columns is None else moved(self.batch, columns)
        return dict(all_gradients(self.loss, batch))

    def repeated(self, levels: int) -> dict[str, Any]:
        """Return the columns of the batch, one copy after the other."""
        return {
            name: np.concatenate([column] * levels) for name, column in self.batch.columns.items()
        }

    def along(self, place: Place, output: str) -> Function:
        """Return `output` as a function of one element, of shape (levels, rows) as its argument."""

        def function(at: Any) -> Any:
            columns = self.repeated(len(at))
            columns[place.name][place.rows] = at.reshape(-1)
            found = self.outputs(columns)[output]
            return (found if output == "value" else found[place.rows]).reshape(at.shape)

        return function

    def sizes(self, output: str) -> Any:
        """Return the size of the largest term of each element of an output."""
        return self.answered.sizes(output)[self.kept]

    def places(self, only: str | None = None) -> Iterator[Place]:
        """Yield each element of each real per-row argument, or of one of them."""
        for argument in self.batch.entry.per_row:
            known = argument.name in self.batch.columns and argument.domain.differentiable
            if not known or only not in (None, argument.name):
                continue
            column = self.batch.columns[argument.name]
            for element in np.ndindex(column.shape[1:]):
                at = column[(slice(None), *element)]
                yield Place(argument.name, element, at, room(argument.domain, at))

    def shown(self, row: int, said: str) -> str:
        """Return the numbers of a row, and what was found there."""
        given = {name: column[row] for name, column in self.batch.columns.items()}
        given |= dict(self.batch.shared)
        return ", ".join(f"{name}={shown(value)}" for name, value in given.items()) + f": {said}"


def subjects(
    loss: Loss, context: Context, wanted: Callable[[Answered, int], bool]
) -> Iterator[Subject]:
    """Yield the rows of each batch that are `wanted`; long and empty ones say little."""
    fused, _ = available(loss)
    form = next(form for name, form in fused.items() if name != "all gradients")
    for answered in context.answered.get(FLOAT64, []):
        extents = [
            extent for column in answered.batch.columns.values() for extent in column.shape[1:]
        ]
        if LONG in extents or 0 in extents:
            continue
        kept = [row for row in range(len(answered.batch)) if wanted(answered, row)]
        if kept:
            yield Subject(loss, rows(answered.batch, kept), form, answered, kept)


def rows(batch: Batch, kept: list[int]) -> Batch:
    """Return some rows of a batch."""
    columns = {name: column[kept] for name, column in batch.columns.items()}
    vectors = batch.vectors[kept] if len(batch.vectors) else batch.vectors
    recipes = tuple(batch.recipes[row] for row in kept)
    return replace(batch, columns=columns, recipes=recipes, vectors=vectors)


def moved(batch: Batch, columns: dict[str, Any]) -> Batch:
    """Return a batch of other rows with the same shared arguments."""
    count = len(next(iter(columns.values())))
    return replace(batch, columns=columns, recipes=("moved",) * count)


def verdict(check: str, output: str, tally: Tally, note: str = "") -> Row:
    """Return the row of a check whose errors are in units of what differences can tell."""
    worst = max(tally.worst, 0.0)
    return Row(
        check, output, "float64", tally.points, worst, tally.where, 1.0,
        worst <= 1.0 and not note, tally.skipped, unit="tolerance", note=note,
    )  # fmt: skip
