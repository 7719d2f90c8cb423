"""`claims`: prove what SymPy can decide, look for counterexamples to the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, reduce
from typing import Any

import numpy as np

from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from .claim import Claim, Claims
from .compose import facts
from .facts import NOTHING, Undecided
from .identities import is_zero_at, partner
from .plain import plain
from .properties import PROPERTIES, ZERO_WHEN, Known, Property, never_zero
from .scalar import both
from .search import Found, nonzero_at, zero, zero_elsewhere
from .trials import Trial, trials

Search = Callable[[Trial], tuple[int, Found | None]]


def claims(loss: Loss, seed: int = 0) -> Claims:
    """Return what can be said of a loss as a function of the argument it is differentiated in.

    Convex, smooth, nonnegative, bounded, Lipschitz, robust, symmetric, shift invariant, proper,
    and where it is 0; each proven, tested with `seed`ed samples, or refuted by a counterexample in
    exact arithmetic. `properties.PROPERTIES` says what each word means.
    """
    asked = _Asked(loss, seed)
    found = [asked.claim(each) for each in PROPERTIES if each.applies(asked.entry)]
    return Claims(loss.name, asked.entry.wrt[0], (*found, asked.zero()))


class _Asked:
    """One loss, with what is known of its formula and the rows at which it is tried."""

    def __init__(self, loss: Loss, seed: int) -> None:
        self.loss, self.seed = loss, seed
        self.entry: Entry = loss.entry

    @property
    def free(self) -> bool:
        """Whether there are parameters with defaults, so that others can be tried."""
        return any(argument.default is not None for argument in self.entry.shared)

    @cached_property
    def known(self) -> Known:
        """What follows from the formula for all parameters."""
        return known(self.entry, True)

    @cached_property
    def known_by_default(self) -> Known:
        """What follows for the default parameters."""
        return known(self.entry, False) if self.free else self.known

    @cached_property
    def by_default(self) -> list[Trial]:
        """Rows with the default parameters."""
        return list(trials(self.loss, False, self.seed))

    @cached_property
    def others(self) -> list[Trial]:
        """Rows with other parameters."""
        return list(trials(self.loss, True, self.seed))[len(self.by_default) :] if self.free else []

    def claim(self, asked: Property) -> Claim:
        """Return the claim that the loss has a property, or has it not."""
        meaning = asked.meaning.format(x=self.entry.wrt[0])
        return self.settled(asked.name, meaning, asked.prove, asked.search)

    def settled(
        self, name: str, meaning: str, prove: Callable[[Known], str | None], search: Search
    ) -> Claim:
        """Return the claim that a proof, or a search where there is none, leads to."""
        if (remark := prove(self.known)) is not None:
            return Claim(name, "proved", meaning, detail=remark)
        remark = prove(self.known_by_default)
        points, found = (0, None) if remark is not None else tried(search, self.by_default)
        if found is not None:
            return Claim(name, "refuted", meaning, "default", points, found.where, found.said)
        more, against = tried(search, self.others)
        verdict: Any = "tested" if remark is None else "proved"
        beyond = "" if against is None else f"at {against.where}, {against.said}"
        alone = self.free and (remark is not None or against is not None)
        return Claim(
            name, verdict, meaning, "default" if alone else "all",
            0 if remark is not None else points + (0 if alone else more),
            detail=remark or "", beyond=beyond,
        )  # fmt: skip

    def zero(self) -> Claim:
        """Return the claim that says where the loss is 0: always, as far as one knows."""
        never = self.settled(
            "zero_when", ZERO_WHEN.format(condition="nothing is: it is never 0"),
            lambda found: "never" if never_zero(found) else None, zero,
        )  # fmt: skip
        if never.verdict == "proved":
            return never
        other = partner(self.entry)
        condition = f"{self.entry.wrt[0]} = {other or 0}"
        place = self.settled(
            "zero_when", ZERO_WHEN.format(condition=condition),
            lambda found: condition if _vanishes(found, other) else None,
            lambda trial: nonzero_at(trial, other),
        )  # fmt: skip
        if not place:
            return place
        _, elsewhere = tried(lambda trial: zero_elsewhere(trial, other), self.by_default)
        also = f"and elsewhere, as at {elsewhere.where}" if elsewhere else ""
        return replace(place, detail=" ".join(filter(None, (condition, also))))


def known(entry: Entry, every: bool) -> Known:
    """Return what follows from a formula for the default parameters, or for `every` one."""
    try:
        formulas = plain(entry, every)
    except Undecided:
        return Known(entry, [], NOTHING)
    found = [facts(formula.expression, formula) for formula in formulas]
    return Known(entry, formulas, reduce(both, found))


def _vanishes(found: Known, other: str | None) -> bool:
    return bool(found.formulas) and all(is_zero_at(formula, other) for formula in found.formulas)


def tried(search: Search, rows: Iterable[Trial]) -> tuple[int, Found | None]:
    """Search rows one lot after another; return how many points were tried, and what was found."""
    points = 0
    for trial in rows:
        with np.errstate(all="ignore"):
            count, found = search(trial)
        points += count
        if found is not None:
            return points, found
    return points, None
