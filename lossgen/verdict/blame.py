"""Which part of a formula is wrong: the one that a simple change would make right.

What a formula should be is known at every point. Going down its tree, the same is known of each
part: of a term the rest is subtracted, of a factor divided out, of an exponential the logarithm is
taken. A part whose numbers are a constant multiple of what they should be has a wrong sign or
factor; a sum that differs by a simple expression lacks a term; a selection whose other branch is
right has a wrong condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Abs, Add, Max, Min, Mul, Piecewise, Pow, Symbol, exp, log, tanh

from lossgen.formulas.evaluate import Definition, holds
from lossgen.language.folds import Fold, MeanOver, SumOver

from .candidates import matched
from .samples import Floats, Samples, alike, factor, is_simple

_DEEPEST = 14


@dataclass(frozen=True)
class Finding:
    """A change that makes a formula right: of which part, of what kind, by how much."""

    cause: str
    part: Any
    depth: int
    constant: float = 1.0
    candidate: Any = None

    @property
    def rank(self) -> tuple[int, int]:
        """Findings that people are likely to mean come first."""
        simple = is_simple(self.constant)
        order = {"sign": 0, "condition": 1, "factor": 2, "term": 3, "cofactor": 4}[self.cause]
        return order + 10 * (not simple), self.depth


class Search:
    """Looks for the wrong part; `candidates` are what a term or a factor may have been."""

    def __init__(self, known: dict[Any, Definition], candidates: list[Any]) -> None:
        self.known = known
        self.candidates = candidates

    def findings(self, part: Any, samples: Samples, depth: int = 0) -> Iterator[Finding]:
        """Yield changes of a part, or of parts of it, after which it meets its target."""
        if depth > _DEEPEST or len(samples) < 3:
            return
        numbers = samples.numbers(part)
        known = np.isfinite(numbers) & np.isfinite(samples.target)
        if known.sum() < 3 or np.all(alike(numbers[known], samples.target[known])):
            return
        samples, numbers = samples.where(known), numbers[known]
        constant = factor(numbers, samples.target)
        if constant is not None:
            yield Finding("sign" if constant == -1 else "factor", part, depth, constant)
        if isinstance(part, Piecewise | Max | Min) and wrong_condition(part, samples):
            yield Finding("condition", part, depth)
        yield from self._lacking(part, samples, numbers, depth)
        for inner, target in self._aims(part, samples, numbers):
            yield from self.findings(inner, target, depth + 1)

    def _lacking(
        self, part: Any, samples: Samples, numbers: Floats, depth: int
    ) -> Iterator[Finding]:
        """Yield the term, or the factor, without which a part is wrong."""
        if isinstance(part, Add) or depth == 0:
            for constant, lacking in matched(samples.target - numbers, self.candidates, samples):
                yield Finding("term", part, depth, constant, lacking)
        if depth == 0 and np.all(numbers):
            for constant, lacking in matched(samples.target / numbers, self.candidates, samples):
                yield Finding("cofactor", part, depth, constant, lacking)

    def _aims(
        self, part: Any, samples: Samples, numbers: Floats
    ) -> Iterator[tuple[Any, Samples]]:
        """Yield the parts of a part, each with what it should be."""
        match part:
            case Add():
                for term in part.args:
                    rest = numbers - samples.numbers(term)
                    yield term, samples.aiming(samples.target - rest)
            case Mul():
                yield from _of_product(part, samples)
            case Pow():
                yield from _of_power(part, samples)
            case Piecewise():
                yield from _of_cases(part, samples)
            case Max() | Min():
                yield from _of_extremum(part, samples)
            case Abs():
                inner = samples.numbers(part.args[0])
                yield part.args[0], samples.aiming(np.sign(inner) * samples.target)
            case SumOver() | MeanOver() if (apart := _apart(part)) is not None:
                yield apart, samples
            case Symbol() if part in self.known and not self.known[part].indices:
                yield self.known[part].expression, samples
            case _ if type(part) in _INVERSES:
                with np.errstate(all="ignore"):
                    yield part.args[0], samples.aiming(_INVERSES[type(part)](samples.target))


_INVERSES: dict[Any, Callable[[Floats], Floats]] = {
    exp: np.log, log: np.exp, tanh: np.arctanh,
}  # fmt: skip


def _of_product(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    tables = [samples.numbers(each) for each in part.args]
    for place, each in enumerate(part.args):
        rest = np.prod([table for at, table in enumerate(tables) if at != place], axis=0)
        used = np.isfinite(rest) & (rest != 0)
        yield each, samples.where(used).aiming(samples.target[used] / rest[used])


def _of_power(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    base, exponent = samples.numbers(part.base), samples.numbers(part.exp)
    with np.errstate(all="ignore"):
        root = np.abs(samples.target) ** (1 / exponent)
        whole = np.where((exponent % 2 == 0) | (samples.target > 0), np.sign(base), -np.sign(base))
        yield part.base, samples.aiming(whole * root)
        if not part.exp.is_Number or base.min() > 0:
            yield part.exp, samples.aiming(np.log(samples.target) / np.log(base))


def _of_cases(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    """Yield the only branch that is wrong, at the points where it is taken."""
    taken = active(part, samples)
    numbers = samples.numbers(part)
    wrong = {int(branch) for branch in taken[~alike(numbers, samples.target)]}
    if len(wrong) == 1:
        branch = wrong.pop()
        yield part.args[branch][0], samples.where(taken == branch)


def active(part: Any, samples: Samples) -> Any:
    """Return which branch of a selection is taken at each point, -1 for none."""
    found = []
    for values, at in zip(samples.values, samples.places, strict=True):
        branches = (place for place, (_, where) in enumerate(part.args) if holds(where, values, at))
        found.append(next(branches, -1))
    return np.array(found)


def _of_extremum(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    numbers = samples.numbers(part)
    for each in part.args:
        taken = alike(samples.numbers(each), numbers)
        yield each, samples.where(taken)


def _apart(fold: Fold) -> Any:
    """Return the sum of the folds of the terms of a body, None where it is one term."""
    body = fold.body
    if isinstance(body, Add):
        terms: tuple[Any, ...] = body.args
    elif isinstance(body, Mul) and (sums := [each for each in body.args if isinstance(each, Add)]):
        rest = [each for each in body.args if each is not sums[0]]
        terms = tuple(Mul(*rest, term, evaluate=False) for term in sums[0].args)
    else:
        return None
    used = [term for term in terms if set(fold.bound) & term.free_symbols]
    if len(used) != len(terms):
        return None
    folds = [type(fold)(*fold.bound, term, where=fold.where) for term in terms]
    return Add(*folds, evaluate=False)


def wrong_condition(part: Any, samples: Samples) -> bool:
    """Whether a selection is right with other conditions, and wrong with its own."""
    wrong = samples.where(~alike(samples.numbers(part), samples.target))
    if not len(wrong):
        return False
    values = [value for value, _ in part.args] if isinstance(part, Piecewise) else part.args
    right = [alike(wrong.numbers(value), wrong.target) for value in values]
    return bool(np.all(np.any(right, axis=0)))

