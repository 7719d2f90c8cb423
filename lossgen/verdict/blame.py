"""Which part of a formula is wrong: the one that a simple change would make right.

What a formula should be is known at every point. Going down its tree, the same is known of each
part: of a term the rest is subtracted, of a factor divided out, of an exponential the logarithm is
taken. A part whose numbers are a constant multiple of what they should be has a wrong sign or
factor; a part that differs by a simple expression lacks a term; a selection whose other branch is
right has a wrong condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from sympy import Abs, Add, Max, Min, Mul, Piecewise, Pow, Symbol, exp, log, tanh

from lossgen.formulas.evaluate import Definition, holds
from lossgen.language.folds import Fold, MeanOver, SumOver
from lossgen.language.functions import sigmoid

from .candidates import Candidates
from .samples import Exact, Samples, alike, each, factor, finite, floats, is_simple

_DEEPEST = 14
_FEWEST = 3
_ORDER = {"sign": 0, "condition": 1, "factor": 2, "term": 3, "cofactor": 4}


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
        unlikely = 10 * (not is_simple(self.constant)) + 2 * isinstance(self.candidate, Mul)
        return _ORDER[self.cause] + unlikely, self.depth


class Search:
    """Looks for the wrong part; `candidates` are what a term or a factor may have been."""

    def __init__(self, known: Mapping[Any, Definition], candidates: Candidates) -> None:
        self.known = known
        self.candidates = candidates

    def findings(self, part: Any, samples: Samples, depth: int = 0) -> Iterator[Finding]:
        """Yield changes of a part, or of parts of it, after which it meets its target."""
        numbers = samples.numbers(part)
        # Where no condition of a selection holds it has no number, and that is what is wrong.
        known = finite(samples.target) & (finite(numbers) | isinstance(part, Piecewise))
        samples, numbers = samples.where(known), numbers[known]
        if depth > _DEEPEST or len(samples) < _FEWEST or np.all(alike(numbers, samples.target)):
            return
        constant = factor(numbers, samples.target)
        if constant is not None:
            yield Finding("sign" if constant == -1 else "factor", part, depth, constant)
        if isinstance(part, Piecewise | Max | Min) and wrong_condition(part, samples):
            yield Finding("condition", part, depth)
        yield from self._lacking(part, samples, numbers, depth)
        for inner, target in self._aims(part, samples, numbers):
            yield from self.findings(inner, target, depth + 1)

    def _lacking(
        self, part: Any, samples: Samples, numbers: Exact, depth: int
    ) -> Iterator[Finding]:
        """Yield the term, or the factor, without which a part is wrong."""
        rest = each(lambda wanted, found: wanted - found, samples.target, numbers)
        if (found := self.candidates.matched(rest, samples)) is not None:
            yield Finding("term", part, depth, *found)
        ratio = each(lambda wanted, found: wanted / found, samples.target, numbers)
        if np.all(finite(ratio)) and (found := self.candidates.matched(ratio, samples)) is not None:
            yield Finding("cofactor", part, depth, *found)

    def _aims(self, part: Any, samples: Samples, numbers: Exact) -> Iterator[tuple[Any, Samples]]:
        """Yield the parts of a part, each with what it should be."""
        match part:
            case Add():
                for term in part.args:
                    own = samples.numbers(term)
                    aim = each(lambda t, n, o: t - (n - o), samples.target, numbers, own)
                    yield term, samples.aiming(aim)
            case Mul():
                yield from _of_product(part, samples)
            case Pow():
                yield from _of_power(part, samples)
            case Piecewise():
                yield from _of_cases(part, samples)
            case Max() | Min():
                for value in part.args:
                    yield value, samples.where(alike(samples.numbers(value), numbers))
            case Abs():
                signs = {mp.sign(number) for number in samples.numbers(part.args[0])}
                if len(signs) == 1:  # else it is open which side the other is on
                    (sign,) = signs
                    yield part.args[0], samples.aiming(each(lambda t: sign * t, samples.target))
            case SumOver() | MeanOver() if (apart := _apart(part)) is not None:
                yield apart, samples
            case Symbol() if part in self.known and not self.known[part].indices:
                yield self.known[part].expression, samples
            case _ if type(part) in _INVERSES:
                aim = each(_INVERSES[type(part)], samples.target)
                yield part.args[0], samples.aiming(aim)


_INVERSES: dict[Any, Callable[[Any], Any]] = {
    exp: mp.log,
    log: mp.exp,
    tanh: mp.atanh,
    sigmoid: lambda p: mp.log(p / (1 - p)),
}


def _of_product(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    tables = [samples.numbers(factor) for factor in part.args]
    for place, inner in enumerate(part.args):
        others = [table for at, table in enumerate(tables) if at != place]
        rest = each(lambda *some: mp.fprod(some), *others) if others else None
        aim = samples.target if rest is None else each(lambda t, r: t / r, samples.target, rest)
        yield inner, samples.aiming(aim)


def _of_power(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    base, exponent = samples.numbers(part.base), samples.numbers(part.exp)
    odd = all(mp.isint(number) and int(number) % 2 for number in exponent)
    if odd or len({mp.sign(number) for number in base}) == 1:
        yield part.base, samples.aiming(each(_root, samples.target, exponent, base))
    if not part.exp.is_Number or floats(base).min() > 0:
        yield (
            part.exp,
            samples.aiming(each(lambda t, b: mp.log(t) / mp.log(b), samples.target, base)),
        )


def _root(target: Any, exponent: Any, base: Any) -> Any:
    """Return the base of a power, on the side of the one that is there where both are possible."""
    size = abs(target) ** (1 / exponent)
    if mp.isint(exponent) and int(exponent) % 2:
        return mp.sign(target) * size
    return mp.sign(base) * size if target > 0 else mp.nan


def _of_cases(part: Any, samples: Samples) -> Iterator[tuple[Any, Samples]]:
    """Yield the only branch that is wrong, at the points where it is taken."""
    taken = active(part, samples)
    wrong = {int(branch) for branch in taken[~alike(samples.numbers(part), samples.target)]}
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


def _apart(fold: Fold) -> Any:
    """Return the sum of the folds of the terms of a body, None where it is one term."""
    body = fold.body
    if isinstance(body, Add):
        terms: tuple[Any, ...] = body.args
    elif isinstance(body, Mul) and (sums := [part for part in body.args if isinstance(part, Add)]):
        rest = [part for part in body.args if part is not sums[0]]
        terms = tuple(Mul(*rest, term, evaluate=False) for term in sums[0].args)
    else:
        return None
    if not all(set(fold.bound) <= term.free_symbols for term in terms):
        return None
    folds = [type(fold)(*fold.bound, term, where=fold.where) for term in terms]
    return Add(*folds, evaluate=False)


def wrong_condition(part: Any, samples: Samples) -> bool:
    """Whether a selection is right with other conditions, and wrong with its own."""
    wrong = samples.where(~alike(samples.numbers(part), samples.target))
    if not len(wrong):
        return False
    branches: tuple[Any, ...] = part.args
    values = [value for value, _ in branches] if isinstance(part, Piecewise) else branches
    right = [alike(wrong.numbers(value), wrong.target) for value in values]
    return bool(np.all(np.any(right, axis=0)))
