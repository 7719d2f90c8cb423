"""The properties that are claimed: what each means, of which losses it is asked, how it is found.

x is the argument that `loss.gradient` takes by default. A claim is about all x between the ends of
its domain and all values of the other arguments in theirs; an axis has two elements or more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Dummy, diff, together

from lossgen.language.entry import Entry

from . import growth, scoring, search, tears
from .facts import Facts, is_finite
from .identities import is_proper, is_shift_invariant, is_symmetric
from .plain import Formula
from .signs import is_nonnegative
from .trials import Trial

Search = Callable[[Trial], tuple[int, search.Found | None]]


@dataclass(frozen=True)
class Known:
    """What proofs start from: the entry, one formula for each kind of parameters, their facts."""

    entry: Entry
    formulas: list[Formula]
    facts: Facts

    def shown(self, bound: object) -> str:
        """Return a bound in the names of the parameters; empty if it has no formula."""
        return self.formulas[-1].shown(bound)


@dataclass(frozen=True)
class Property:
    """A property: `prove` returns None or a remark on what was proven, such as a constant."""

    name: str
    meaning: str
    applies: Callable[[Entry], bool]
    prove: Callable[[Known], str | None]
    search: Search


def _always(entry: Entry) -> bool:
    return True


def _convex(known: Known) -> str | None:
    return "" if known.facts.convex else None


def _smooth(known: Known) -> str | None:
    return "" if known.facts.smooth else None


def _nonnegative(known: Known) -> str | None:
    low = known.facts.low
    return "" if is_finite(low) and is_nonnegative(low) else None


def _bounded(known: Known) -> str | None:
    low, high = known.facts.low, known.facts.high
    if not (is_finite(low) and is_finite(high)):
        return None
    ends = known.shown(low), known.shown(high)
    return f"between {ends[0]} and {ends[1]}" if all(ends) else ""


def _lipschitz(known: Known) -> str | None:
    if not is_finite(known.facts.slope):
        return None
    constant = known.shown(known.facts.slope)
    return f"with the constant {constant}" if constant else ""


def _robust(known: Known) -> str | None:
    if is_finite(known.facts.slope):
        return ""
    others = [a for a in known.entry.per_row if a.name != known.entry.wrt[0]]
    rest = [a for a in others if not (a.domain.integer or a.domain.name == "Sign")]
    # Finitely many data have finitely many derivatives; a straight line has its largest at an end.
    straight = known.facts.smooth and all(_straight(known, a.name) for a in rest)
    return "" if not rest or straight else None


def _straight(known: Known, name: str) -> bool:
    """Whether the loss is a straight line in a share of 1."""
    if known.entry.argument(name).domain.high != 1:
        return False
    line = Dummy("t", positive=True)
    for formula in known.formulas:
        leaves = [leaf for leaf in formula.named(formula.expression) if leaf.name == name]
        if len(leaves) != 1 or leaves[0].args:
            return False
        if together(diff(formula.expression.xreplace({leaves[0]: line}), line, 2)) != 0:
            return False
    return True


def _has_data(entry: Entry) -> bool:
    return any(a.name != entry.wrt[0] and a.name not in entry.prepared for a in entry.per_row)


def _shift_invariant(known: Known) -> str | None:
    found = list(map(is_shift_invariant, known.formulas))
    return "" if found and all(found) else None


def _shifts(entry: Entry) -> bool:
    domain = entry.argument(entry.wrt[0]).domain
    return bool(domain.axes) and domain.name == "Real"


def _swappable(entry: Entry) -> bool:
    rows = [a for a in entry.per_row if a.name not in entry.prepared]
    return len(rows) > 1 and rows[0].domain == rows[1].domain and rows[0].name == entry.wrt[0]


def _symmetric(known: Known) -> str | None:
    other = known.entry.per_row[1].name
    found = [is_symmetric(formula, other) for formula in known.formulas]
    return "" if found and all(found) else None


def _swap(trial: Trial) -> tuple[int, search.Found | None]:
    return search.swapped(trial, trial.entry.per_row[1].name)


def outcome(entry: Entry) -> str | None:
    """Return the argument that holds the outcome which the moving argument predicts."""
    rows = [a for a in entry.per_row if a.name not in entry.prepared]
    if len(rows) != 2 or rows[0].name != entry.wrt[0] or len(rows[0].domain.axes) > 1:
        return None
    first, second = rows[0].domain, rows[1].domain
    if first.name not in ("Real", "Unit", "OpenUnit"):
        return None
    if first.axes:
        binary = second.name == "Unit" and second.axes == first.axes
        return rows[1].name if binary or second.values == first.axes[0] else None
    return rows[1].name if second.name in ("Unit", "Sign") and not second.axes else None


def _proper(known: Known) -> str | None:
    other = outcome(known.entry) or ""
    found = [is_proper(formula, other) for formula in known.formulas]
    return "strictly" if found and all(found) else None


def _improper(trial: Trial) -> tuple[int, search.Found | None]:
    return scoring.improper(trial, outcome(trial.entry) or "")


# name, meaning, asked where, proof, search for a counterexample
PROPERTIES: tuple[Property, ...] = (
    Property(
        "convex", "convex in {x}: no midpoint lies above its chord",
        _always, _convex, search.bent,
    ),
    Property(
        "smooth", "continuously differentiable in {x}",
        _always, _smooth, tears.torn,
    ),
    Property(
        "nonnegative", "never below 0",
        _always, _nonnegative, search.negative,
    ),
    Property(
        "bounded", "within bounds that the parameters and the extents of the axes set",
        _always, _bounded, growth.values_grow,
    ),
    Property(
        "lipschitz", "no partial derivative in {x} is larger than a constant, whatever the data",
        _always, _lipschitz, growth.slopes_grow,
    ),
    Property(
        "robust", "of bounded influence: at each {x} the derivative is bounded over the data",
        _has_data, _robust, growth.influence_grows,
    ),
    Property(
        "symmetric", "unchanged when {x} and the argument after it are swapped",
        _swappable, _symmetric, _swap,
    ),
    Property(
        "shift_invariant", "unchanged when one number is added to every element of {x}",
        _shifts, _shift_invariant, search.moved_by_shift,
    ),
    Property(
        "proper", "least in expectation where {x} states the true probabilities of the outcomes",
        lambda entry: outcome(entry) is not None, _proper, _improper,
    ),
)  # fmt: skip

ZERO_WHEN = "0 where {condition}"


def never_zero(known: Known) -> bool:
    """Whether the loss is proven to be above 0, ends of the domain included."""
    domain = known.entry.argument(known.entry.wrt[0]).domain
    open_ends = (domain.low is None or domain.open_low) and (
        domain.high is None or domain.open_high
    )
    low = known.facts.low
    return bool(open_ends and known.facts.above and is_finite(low) and is_nonnegative(low))
