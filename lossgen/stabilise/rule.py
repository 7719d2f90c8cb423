"""A rule of the stabiliser: what it finds, what it puts instead, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sympy import Add, Expr, Mul, Piecewise, Pow, S

from .cost import cost
from .names import NOTHING, Names
from .pattern import Match, matches, within_product, within_sum
from .where import When, always

# Ways in which one rule may match one expression that are looked at.
WAYS = 12
# Wilds that stand for a factor which is usually 1, as the coefficient of an exponential.
FACTORS = frozenset("ab")


@dataclass(frozen=True)
class Note:
    """A rewrite that no pattern expresses, in words."""

    find: str
    put: str
    why: str

    def __str__(self) -> str:
        return f"{self.find} as {self.put}: {self.why}"


@dataclass(frozen=True)
class Rule:
    """One rewrite: where `find` has the structure of an expression, `put` stands instead.

    A sum (or product) may be found inside a longer one, and times a factor. `when` gets what the
    wilds stand for, by name, and says whether the rewrite is right there.
    """

    name: str
    find: Expr
    put: Expr
    why: str
    when: When = always

    def __str__(self) -> str:
        find, put = self.sides
        if isinstance(put, Piecewise):
            put = put.args[0][0]
        return re.sub(r"\b([a-z])_(?![a-z0-9])", r"\1", f"{find} as {put}: {self.why}")

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """The two forms, with the factors that are usually 1 left out."""
        ones = {wild: S.One for wild in self.find.free_symbols if wild.name in FACTORS}
        return self.find.xreplace(ones), self.put.xreplace(ones)

    def results(self, expression: Any, names: Names = NOTHING) -> Iterator[Any]:
        """Yield what the rule makes of an expression, none where it does not match."""
        for match, whole in islice(self._matches(expression, names), WAYS):
            found = {wild.name: value for wild, value in match.bound.items()}
            if self.when(found, names):
                made = whole(match.fill(self.put))
                if cost(made) < _spelled_out(expression, match):
                    yield made

    def _matches(self, expression: Any, names: Names) -> Iterator[Any]:
        """Yield each match with the function that puts the new form into its place."""
        if isinstance(self.find, Add) and isinstance(expression, Add):
            for match, scale, rest in within_sum(self.find, expression, Match(), names):
                yield match, lambda put, scale=scale, rest=rest: Add(scale * put, *rest)
        elif isinstance(self.find, Mul) and isinstance(expression, Mul):
            for match, left in within_product(self.find, expression, Match(), names):
                yield match, lambda put, left=left: Mul(put, *left)
        elif isinstance(self.find, Pow) and isinstance(expression, Pow):
            unit, power = _unit(self.find, expression)
            for match in matches(self.find, unit, Match(), names):
                yield match, lambda put: Pow(put, power)
        elif type(self.find) is type(expression):
            for match in matches(self.find, expression, Match(), names):
                yield match, lambda put: put


def _spelled_out(expression: Any, match: Match) -> int:
    """Return the cost of an expression with what was seen behind its names."""
    whole = expression.xreplace({name: meaning for meaning, name in match.seen.items()})
    return max(cost(whole), cost(expression) + sum(map(cost, match.seen)))


def _unit(find: Any, expression: Any) -> tuple[Expr, Expr]:
    """Return (u, n) such that expression = u**n, u having the exponent of the pattern."""
    power = expression.exp / find.exp
    if power.is_Integer and (power > 0 or find.exp == S.Half):
        return Pow(expression.base, find.exp), power
    return expression, S.One


__all__ = ["Note", "Rule"]
