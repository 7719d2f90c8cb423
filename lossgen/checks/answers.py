"""Questions to the exact reference, its answers, and when two of them agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf

from lossgen.language.entry import Entry

from .interpreter import Row
from .jets import Part, magnitude

FIRST_DIGITS = 60
AGREEING_DIGITS = 25

# Below 2**-1200 every kernel answers 0.
NEGLIGIBLE = -1200.0
# Terms beyond this size hide whatever the precision has lost: their own ulp is far larger.
LARGE = 390.0

# Results beyond it are infinite in every kernel.
BEYOND = 1100.0


@dataclass(frozen=True)
class Exact:
    """The exact outputs at one row, each number with log2 of the size that its error is measured
    by.

    Arrays hold `Part`s and have the shapes of the arguments; an element that was not asked for is
    None. `resolved` is False when MOST_DIGITS did not bring agreement; `marginal` when a comparison
    is so close that a kernel may decide otherwise; `margin` is the relative distance from the
    nearest kink; `vanished` says that a comparison met a zero that may be none.
    """

    value: Part
    gradient: Mapping[str, Any]
    hessian_diagonal: Any
    hessian_vector: Any
    resolved: bool = True
    marginal: bool = False
    margin: float = float("inf")
    vanished: bool = False
    digits: int = FIRST_DIGITS


@dataclass(frozen=True)
class Question:
    """What is asked of an entry at one row: numbers as the kernel of `dtype` sees them.

    With a `nudge` each number that moves is half an ulp away, this way or that: see `sensitivity`.
    `relative` says that terms which cancel identically are no excuse even in the definition's own
    final sum: for a sure and right prediction, whose tiny loss is to be known to its own ulps.
    """

    entry: Entry
    row: Row
    dtype: np.dtype[Any]
    second: str | None = None
    vector: Any = None
    wrt: Sequence[str] | None = None
    nudge: int = 0
    relative: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Arguments that move."""
        return tuple(self.entry.gradients if self.wrt is None else self.wrt)


def parts_of(answer: Exact) -> Iterator[Part]:
    """Yield every number of an answer that was asked for, with its size."""
    yield answer.value
    for array in (*answer.gradient.values(), answer.hessian_diagonal, answer.hessian_vector):
        if array is not None:
            yield from (part for part in array.flat if part is not None)


def agree(old: Part, new: Part) -> bool:
    """Whether two evaluations of a number are one: to 25 digits, or both negligible or beyond."""
    first, second = old[0], new[0]
    if first == second != 0:
        return True
    if mp.isnan(second):
        return bool(mp.isnan(first))
    if min(magnitude(first), magnitude(second)) > BEYOND:
        return bool((first > 0) == (second > 0))
    if mp.isinf(first) or mp.isinf(second):
        return False
    if second and magnitude(first - second) <= magnitude(second) - AGREEING_DIGITS * 3.33:
        return True
    lost = min(max(new[1], 0.0), LARGE) - mp.mp.prec
    return max(magnitude(second), lost) < NEGLIGIBLE


def limit(new: Part, old: Part) -> Part:
    """Return the number that two evaluations agree on, or NaN."""
    return new if agree(old, new) else (mpf("nan"), 0.0)


def mapped(answer: Exact, change: Callable[..., Part], *others: Exact) -> Exact:
    """Return the answer with each of its parts changed, given those of other answers."""

    def each(parts: Any, *beside: Any) -> Any:
        if parts is None:
            return None
        found = parts.copy()
        for place in np.ndindex(parts.shape):
            if parts[place] is not None:
                found[place] = change(parts[place], *(other[place] for other in beside))
        return found

    return replace(
        answer,
        value=change(answer.value, *(other.value for other in others)),
        gradient={
            name: each(parts, *(other.gradient[name] for other in others))
            for name, parts in answer.gradient.items()
        },
        hessian_diagonal=each(
            answer.hessian_diagonal, *(other.hessian_diagonal for other in others)
        ),
        hessian_vector=each(answer.hessian_vector, *(other.hessian_vector for other in others)),
    )
