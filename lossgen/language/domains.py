"""Domains: what an argument may be. An annotation such as `Real[n, d]` or `Label[c][n]`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .errors import LanguageError
from .symbols import Index


@dataclass(frozen=True)
class Domain:
    """A set of numbers, and the axes of an argument that holds them.

    `values` is the axis that an integer label points into. `Label[c]` is one label,
    `Label[c][n]` one label for each n; `Real[n, d]` is an array over the axes n and d.
    """

    name: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    integer: bool = False
    axes: tuple[str, ...] = ()
    values: str | None = None

    def __getitem__(self, axes: Any) -> Domain:
        given = axes if isinstance(axes, tuple) else (axes,)
        for index in given:
            if not isinstance(index, Index):
                raise LanguageError(
                    f"{self.name}[{index!r}]: expected axes, made by k = axis('k') before the loss"
                )
        names = tuple(index.axis for index in given)
        if self.name == "Label" and self.values is None:
            if len(names) != 1:
                raise LanguageError("Label[...] takes one axis, the one that its values point into")
            return replace(self, values=names[0])
        if self.axes:
            raise LanguageError(f"{self.name}[{', '.join(self.axes)}] has its axes already")
        return replace(self, axes=names)

    @property
    def differentiable(self) -> bool:
        """Whether a derivative with respect to such an argument makes sense."""
        return not self.integer

    def contains(self, number: float) -> bool:
        """Whether one number lies in the domain."""
        above = self.low is None or (number > self.low if self.open_low else number >= self.low)
        below = self.high is None or (number < self.high if self.open_high else number <= self.high)
        return above and below

    def assumptions(self) -> dict[str, bool]:
        """SymPy assumptions of a symbol in this domain."""
        if self.integer:
            return {"integer": True}
        if self.low == 0:
            return {"real": True, "positive": True} if self.open_low else {"nonnegative": True}
        return {"real": True}

    def __str__(self) -> str:
        values = f"[{self.values}]" if self.values else ""
        axes = f"[{', '.join(self.axes)}]" if self.axes else ""
        return f"{self.name}{values}{axes}"


Real = Domain("Real")
Positive = Domain("Positive", low=0.0, open_low=True)
NonNegative = Domain("NonNegative", low=0.0)
Unit = Domain("Unit", low=0.0, high=1.0)
OpenUnit = Domain("OpenUnit", low=0.0, high=1.0, open_low=True, open_high=True)
Sign = Domain("Sign", low=-1.0, high=1.0)
Label = Domain("Label", low=0.0, integer=True)
Integer = Domain("Integer", integer=True)

DOMAINS = {
    domain.name: domain
    for domain in (Real, Positive, NonNegative, Unit, OpenUnit, Sign, Label, Integer)
}
