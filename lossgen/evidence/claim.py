"""A claim with its evidence, and the claims of a loss."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["proved", "tested", "refuted"]


@dataclass(frozen=True)
class Claim:
    """A property that a loss has, seems to have, or has not.

    `verdict` is "proved": decided by SymPy from the formula as it was written; "tested": no
    counterexample at `points` points; "refuted": `where` is a counterexample, exact, and `detail`
    what is there. Else `detail` says more, such as a constant. `parameters` is "all" or "default";
    `beyond` is a counterexample with other parameters than the default ones.
    """

    name: str
    verdict: Verdict
    meaning: str
    parameters: Literal["all", "default"] = "all"
    points: int = 0
    where: str = ""
    detail: str = ""
    beyond: str = ""

    def __bool__(self) -> bool:
        return self.verdict != "refuted"

    @property
    def evidence(self) -> str:
        """The evidence in words: proved, tested on N points, or refuted at a point."""
        if self.verdict == "refuted":
            return f"refuted at {self.where}: {self.detail}"
        words = "proved" if self.verdict == "proved" else f"tested on {self.points:,} points"
        if self.parameters == "default":
            words += " with the default parameters"
        if self.detail:
            words += f", {self.detail}"
        if self.beyond:
            words += f"; not with others: {self.beyond}"
        return words

    def __str__(self) -> str:
        return f"{self.name}: {self.evidence}"


@dataclass(frozen=True)
class Claims:
    """The claims about one loss in its argument `argument`; iterates over them in order."""

    loss: str
    argument: str
    claims: tuple[Claim, ...]

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def __getitem__(self, name: str) -> Claim:
        for claim in self.claims:
            if claim.name == name:
                return claim
        known = ", ".join(claim.name for claim in self.claims)
        raise KeyError(f"{self.loss} has no claim {name!r}; expected one of {known}")

    def __contains__(self, name: object) -> bool:
        return any(claim.name == name for claim in self.claims)

    def __str__(self) -> str:
        width = max(len(claim.name) for claim in self.claims)
        head = f"{self.loss}, as a function of {self.argument}:"
        return "\n".join([head, *(f"  {c.name:{width}}  {c.evidence}" for c in self.claims)])

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Return the claims as plain data."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the claims as a JSON document."""
        return json.dumps(self.to_dict(), indent=1)


def from_dict(given: dict[str, Any]) -> Claims:
    """Return the claims that `to_dict` wrote."""
    found = tuple(Claim(**claim) for claim in given["claims"])
    return Claims(given["loss"], given["argument"], found)
