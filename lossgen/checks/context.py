"""What the checks of one loss share: seed, budget, dtypes, and exact answers computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from .answers import Exact, Question
from .jets import magnitude
from .reference import exact
from .report import Row
from .samples import Batch, batches, extreme_batches, second_of

DTYPES = (np.dtype(np.float32), np.dtype(np.float64))

# Rows that are to be known to their own ulps: a confident, correct prediction has a tiny loss.
RELATIVE = {"confident"}

# Exact sums over rows keep more digits than the 25 to which rows agree.
SUM_DIGITS = 60


@dataclass(frozen=True)
class Context:
    """One run of the checks over one loss."""

    loss: Loss
    everything: bool = False
    seed: int = 0
    dtypes: tuple[np.dtype[Any], ...] = DTYPES

    @cached_property
    def entry(self) -> Entry:
        """The loss as it was written."""
        entry: Entry = self.loss.entry
        return entry

    @cached_property
    def answered(self) -> dict[np.dtype[Any], list[Answered]]:
        """The batches of each dtype with their exact answers."""
        return {
            dtype: [answered(batch) for batch in batches(self.entry, dtype, self.seed)]
            for dtype in self.dtypes
        }

    @cached_property
    def extreme(self) -> dict[np.dtype[Any], list[Answered]]:
        """The batches at the ends of the range with their exact answers."""
        return {
            dtype: [answered(batch) for batch in extreme_batches(self.entry, dtype, self.seed)]
            for dtype in self.dtypes
        }


Check = Callable[[Loss, Context], list[Row]]


@dataclass(frozen=True)
class Answered:
    """A batch and, for each of its rows, the exact answers that a kernel may give."""

    batch: Batch
    answers: tuple[tuple[Exact, ...], ...]

    def wanted(self, output: str) -> list[list[Any]]:
        """Return, for each row, the arrays of exact numbers that `output` may be."""
        kind, _, name = output.partition("_")
        if kind == "d" and name in self.batch.shared:
            return [self._summed(name)]
        return [[_output(answer, kind, name) for answer in options] for options in self.answers]

    def sizes(self, output: str) -> Any:
        """Return, for each row, the size of each element's largest term, as floats."""
        kind, _, name = output.partition("_")
        arrays = [_output(options[0], kind, name) for options in self.answers]
        return np.array([_size(array) for array in arrays])

    def _summed(self, name: str) -> list[Any]:
        """Return the gradient of a shared argument: its sum over the rows, and its largest term.

        Where comparisons are marginal, each row's alternatives are summed alike.
        """
        most = max((len(options) for options in self.answers), default=0)
        found = []
        for place in range(most):
            rows = [
                options[min(place, len(options) - 1)].gradient[name] for options in self.answers
            ]
            found.append(_sum(rows))
        return found


def answered(batch: Batch) -> Answered:
    """Evaluate the reference at each row of a batch."""
    second = second_of(batch.entry)
    answers = []
    for place, row in enumerate(batch.rows):
        vector = None if second is None else batch.vectors[place]
        relative = batch.recipes[place] in RELATIVE and has_truth(batch.entry)
        question = Question(batch.entry, row, batch.dtype, second, vector, relative=relative)
        answers.append(exact(question))
    return Answered(batch, tuple(answers))


def has_truth(entry: Entry) -> bool:
    """Whether a prediction can be right or wrong: there is a label, a sign or a share of 1."""
    domains = [a.domain for a in entry.per_row if a.name not in entry.prepared]
    first = next((domain for domain in domains if not domain.integer), None)
    others = [domain for domain in domains if domain is not first and first is not None]
    return any(
        domain.values in first.axes or domain.name in ("Unit", "Sign")
        for domain in others
        if first is not None and not (domain.values and domain.axes)
    )


def _output(answer: Exact, kind: str, name: str) -> Any:
    if kind == "value":
        single = np.empty((), object)
        single[()] = answer.value
        return single
    if kind == "d":
        return answer.gradient[name]
    return answer.hessian_diagonal if kind == "h" else answer.hessian_vector


def _size(array: Any) -> Any:
    found = [2.0 ** min(max(part[1], magnitude(part[0])), 1023.0) for part in array.flat]
    return np.array(found).reshape(array.shape)


def _sum(arrays: list[Any]) -> Any:
    total = np.empty(arrays[0].shape, object)
    with mp.workdps(SUM_DIGITS):
        for place in np.ndindex(total.shape):
            parts: list[Any] = [array[place] for array in arrays]
            if parts[0] is None:
                continue
            total[place] = (mp.fsum(part[0] for part in parts), max(part[1] for part in parts))
    return total
