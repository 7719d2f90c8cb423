"""A sum less one of its terms, without cancellation.

With m the largest of terms that are not negative, `others` is the sum of those below m and `extra`
what the ties of m add to it beside one of them: the sum less a term of size m is others + extra,
and less any other it cancels no digit, as that leaves m at least. (In float32 1 + 1e-9 - 1 is 0.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import And, Ge, Lt, Piecewise, S

from lossgen.language.entry import Definition
from lossgen.language.program import Reduction, Statement


class Remainder:
    """The quantities that a sum less one of its terms needs, for terms that are not negative."""

    def __init__(self, fold: Reduction) -> None:
        name = fold.name
        self.fold = fold
        self.largest = replace(fold, name=f"{name}_max", operation="max")
        self.top = top = self.largest.symbol
        below, level = And(fold.where, Lt(fold.body, top)), And(fold.where, Ge(fold.body, top))
        self.others = replace(fold, name=f"{name}_others", where=below)
        self.ties = replace(fold, name=f"{name}_ties", body=S.One, where=level)
        rest = self.others.symbol + (self.ties.symbol - 1) * top
        self.rest = Definition(f"{name}_rest", fold.indices, rest)

    @property
    def statements(self) -> list[Statement]:
        """All of them in order, and the sum, which is now that of its parts."""
        total = Definition(self.fold.name, self.fold.indices, self.rest.symbol + self.top)
        return [self.largest, self.others, self.ties, self.rest, total]

    def less(self, term: Any, total: Any) -> Any:
        """Return the sum `total` less one of its terms."""
        at = dict(zip(self.fold.indices, getattr(total, "indices", ()), strict=True))
        top, rest = self.largest.symbol.xreplace(at), self.rest.symbol.xreplace(at)
        return Piecewise((rest, Ge(term, top)), (total - term, True))
