"""Where claims are tried: rows of the checks' sampler, simple ones first, and the kernels there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lossgen.checks.answers import Exact, Question
from lossgen.checks.recipes import RECIPES, equal, hard, on_grid, one_zero, ones, zeros
from lossgen.checks.reference import exact
from lossgen.checks.samples import Batch, defaults, drawn, generator, lowest, others, sizes_of
from lossgen.language.entry import Entry
from lossgen.runtime import Loss

FLOAT64 = np.dtype(np.float64)

# Of a loss of numbers alone, and of one with axes.
_SIMPLE = ((on_grid, 160), (hard, 30), (ones, 20), (equal, 10), (one_zero, 10), (zeros, 1))
_TIMES = 6
_SWEPT, _FAR = 1023, 64.0  # numbers from end to end, or an eighth apart


@dataclass(frozen=True)
class Trial:
    """Rows of one size with the same parameters; `columns` has their arguments."""

    loss: Loss
    entry: Entry
    columns: Mapping[str, Any]
    shared: Mapping[str, Any]

    @property
    def moving(self) -> str:
        """The argument that claims are about."""
        return self.entry.wrt[0]

    @property
    def x(self) -> Any:
        """Its numbers."""
        return self.columns[self.moving]

    def __len__(self) -> int:
        return len(self.x)

    def at(self, **columns: Any) -> Trial:
        """Return the same rows with other arguments."""
        return replace(self, columns={**self.columns, **columns})

    def only(self, kept: Any) -> Trial:
        """Return some of the rows."""
        return replace(self, columns={name: array[kept] for name, array in self.columns.items()})

    def values(self) -> Any:
        """Return the loss of each row, as the kernel computes it."""
        with np.errstate(all="ignore"):
            return self.loss(**self.columns, **self.shared, reduction="none")

    def slopes(self) -> Any:
        """Return the derivative in the moving argument, of its shape."""
        with np.errstate(all="ignore"):
            given = {**self.columns, **self.shared}
            return self.loss.gradient(**given, wrt=self.moving, reduction="none")

    def row(self, place: int) -> dict[str, Any]:
        """Return one row, prepared arguments included."""
        row = {name: array[place] for name, array in self.columns.items()}
        if self.entry.prepare is not None:
            row |= {name: np.asarray(found) for name, found in self.entry.prepare(**row).items()}
        return {**row, **self.shared}

    def exactly(self, place: int) -> Exact:
        """Return the exact value and derivative of one row."""
        return exact(Question(self.entry, self.row(place), FLOAT64, wrt=(self.moving,)))[0]


def trials(loss: Loss, every: bool, seed: int = 0) -> Iterator[Trial]:
    """Yield rows of a loss with its default parameters; of `every`, with other ones too."""
    entry: Entry = loss.entry
    small = {axis: 2 for sizes in sizes_of(entry)[:1] for axis in sizes}
    draws = [defaults, *([others, others, others, lowest] if every else [])]
    for number, draw in enumerate(draws):
        random = generator(entry, seed, 3000 + number)
        for sizes, recipes in ((small, _SIMPLE), (sizes_of(entry)[0], _everywhere(entry))):
            shared = draw(entry, sizes, random, FLOAT64)
            listed = [recipe for recipe, times in recipes for _ in range(times)]
            yield _trial(loss, entry, drawn(entry, sizes, shared, FLOAT64, random, listed))
        if not small:
            rows = drawn(entry, small, shared, FLOAT64, random, [hard] * _SWEPT)
            yield _swept(_trial(loss, entry, rows))


def _everywhere(entry: Entry) -> list[tuple[Any, int]]:
    axes = max(len(argument.domain.axes) for argument in entry.arguments)
    return [(recipe, times * max(_TIMES - 2 * axes, 1)) for recipe, times in RECIPES]


def _swept(trial: Trial) -> Trial:
    """Return rows in which the moving argument goes from end to end in equal steps."""
    domain = trial.entry.argument(trial.moving).domain
    low = -_FAR if domain.low is None else domain.low
    high = _FAR if domain.high is None else domain.high
    inner = np.linspace(low, high, len(trial) + 2)[1:-1]
    return trial.at(**{trial.moving: inner})


def _trial(loss: Loss, entry: Entry, batch: Batch) -> Trial:
    return Trial(loss, entry, batch.columns, batch.shared)
