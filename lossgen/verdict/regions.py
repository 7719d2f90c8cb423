r"""Where a formula is claimed to hold: `p in (0, 1)`, `y in {0, 1}`, `z in R^k`, `delta > 0`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lossgen.formulas.errors import FormulaError
from lossgen.language.domains import DOMAINS, Domain

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_END = rf"(?:{_NUMBER}|[+-]?(?:inf|oo|infinity|\\infty))"
_SHAPE = re.compile(r"\s*\^\s*(?:\{([^{}]+)\}|([A-Za-z]))$")
_INTERVAL = re.compile(rf"([\[(])\s*({_END})\s*,\s*({_END})\s*([\])])")
_SET = re.compile(rf"\\?\{{\s*({_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\\?\}}")
_LABEL = re.compile(
    r"(?:Label\[\s*(\w+)\s*\]|\\?\{\s*[01]\s*,\s*\\?(?:\.\.\.|l?dots)\s*,\s*(\w+)(?:\s*-\s*1)?\s*\\?\})"
)
_BOUND = re.compile(rf"(>=|<=|>|<|\\geq?|\\leq?)\s*({_END})")
_REALS = ("R", "Real", "real", "reals", r"\R", r"\mathbb{R}", r"\mathbb R")
_MORE = {"R_+": (0.0, math.inf, True), r"\mathbb{R}_+": (0.0, math.inf, True)}


@dataclass(frozen=True)
class Region:
    """A set of numbers and the axes over which an argument has them.

    `members` are the numbers of a finite set; `values` is the axis that a label points into.
    """

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    members: tuple[float, ...] = ()
    axes: tuple[str, ...] = ()
    values: str | None = None

    def contains(self, number: float) -> bool:
        """Whether a number lies in the set."""
        if self.members:
            return number in self.members
        above = number > self.low if self.open_low else number >= self.low
        below = number < self.high if self.open_high else number <= self.high
        return above and below

    @property
    def domain(self) -> Domain:
        """The domain of an argument that has such numbers."""
        if self.values is not None:
            return Domain("Label", 0.0, integer=True, axes=self.axes, values=self.values)
        low, high = self._hull() if self.members else (self.low, self.high)
        ends = (None if math.isinf(low) else low, None if math.isinf(high) else high)
        opened = (self.open_low, self.open_high)
        for domain in DOMAINS.values():
            same = (domain.low, domain.high) == ends
            if same and (domain.open_low, domain.open_high) == opened and not domain.integer:
                return replace(domain, axes=self.axes)
        return Domain("Interval", *ends, *opened, axes=self.axes)

    def _hull(self) -> tuple[float, float]:
        return min(self.members), max(self.members)


Regions = Mapping[str, Region]


def regions(texts: Iterable[str]) -> dict[str, Region]:
    """Return the regions of names, from texts such as "p, q in (0, 1)".

    Raises:
        FormulaError: for a text that says no region, with what may be said.
    """
    found: dict[str, Region] = {}
    for text in texts:
        names, region = _read(text)
        for name in names:
            if name in found:
                raise FormulaError(f"{name} has two domains", text)
            found[name] = region
    return found


def _read(text: str) -> tuple[list[str], Region]:
    parts = re.split(
        r"\s+in\s+|\s*\\in(?![A-Za-z])\s*|\s*∈\s*", text.strip().strip("$"), maxsplit=1
    )
    if len(parts) == 2:
        region = _set_of(parts[1].strip())
        names = [name.strip() for name in parts[0].split(",")]
        if region is not None and all(names):
            return names, region
    else:
        found = re.fullmatch(rf"(.+?)\s*{_BOUND.pattern}", text.strip())
        if found is not None:
            return [found[1].strip()], _beyond(found[2], _number(found[3]))
    raise FormulaError(
        "expected a domain such as p in (0, 1), y in {0, 1}, x in R, z in R^k, delta > 0 or "
        "label in Label[k]", text,
    )  # fmt: skip


def _set_of(text: str) -> Region | None:
    axes: tuple[str, ...] = ()
    if (shape := _SHAPE.search(text)) is not None:
        axes = tuple(re.split(r"\s*\\times\s*|\s+x\s+|\s*,\s*", (shape[1] or shape[2]).strip()))
        text = text[: shape.start()].strip()
    if text in _REALS:
        return Region(axes=axes)
    if text in _MORE:
        low, high, opened = _MORE[text]
        return Region(low, high, opened, axes=axes)
    if text in DOMAINS and text not in ("Label", "Integer"):
        return _of_domain(DOMAINS[text], axes)
    if (found := _INTERVAL.fullmatch(text)) is not None:
        low, high = _number(found[2]), _number(found[3])
        if low < high:
            opened_low = found[1] == "(" and math.isfinite(low)
            opened_high = found[4] == ")" and math.isfinite(high)
            return Region(low, high, opened_low, opened_high, axes=axes)
    if (found := _SET.fullmatch(text)) is not None:
        return Region(members=tuple(sorted(map(float, found[1].split(",")))), axes=axes)
    if (found := _LABEL.fullmatch(text)) is not None:
        return Region(values=found[1] or found[2], axes=axes)
    return None


def _of_domain(domain: Domain, axes: tuple[str, ...]) -> Region:
    low = -math.inf if domain.low is None else domain.low
    high = math.inf if domain.high is None else domain.high
    return Region(low, high, domain.open_low, domain.open_high, axes=axes)


def _beyond(sign: str, number: float) -> Region:
    opened = sign in ("<", ">")
    if sign.startswith((">", r"\ge")):
        return Region(low=number, open_low=opened)
    return Region(high=number, open_high=opened)


def _number(text: str) -> float:
    plain = re.sub(r"\\infty|infinity|oo", "inf", text)
    return float(plain)
