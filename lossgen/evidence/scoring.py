"""The search for a prediction that scores better, in expectation, than the true probabilities."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.domains import Domain

from .search import Found, first, shown_array, text, value_of
from .trials import Trial


def improper(trial: Trial, other: str) -> tuple[int, Found | None]:
    """Look for a prediction with less expected loss than the true probabilities have."""
    entry = trial.entry
    target = entry.argument(other).domain
    shares = entry.argument(trial.moving).domain.high == 1
    random = np.random.default_rng(1)
    extent = trial.x.shape[1] if trial.x.ndim > 1 else 2
    count = max(len(trial), 200)
    truth, guess = (_distributions(random, count, extent) for _ in range(2))

    def expected(at: Any, place: int | None = None) -> Any:
        total: Any = 0
        for outcome in range(extent):
            row = {trial.moving: _prediction(at, shares, trial.x.ndim > 1),
                   other: _outcome(target, outcome, extent, count)}  # fmt: skip
            asked = Trial(trial.loss, entry, row, trial.shared)
            if place is None:
                total = total + truth[:, outcome] * asked.values()
            else:
                total += mp.mpf(float(truth[place, outcome])) * value_of(asked, place)
        return total

    columns = {
        trial.moving: _prediction(guess, shares, trial.x.ndim > 1),
        other: _outcome(target, 0, extent, count),
    }
    rows = Trial(trial.loss, entry, columns, trial.shared)
    gain = expected(truth) - expected(guess)

    def confirm(place: int) -> str | None:
        true, better = expected(truth, place), expected(guess, place)
        if not true - better > mp.mpf("1e-12") * abs(true):
            return None
        return (
            f"outcomes have the probabilities {shown_array(truth[place])}, with an expected "
            f"loss of {text(true)}; predicting {shown_array(guess[place])} gives {text(better)}"
        )

    found = first(rows, gain, np.abs(expected(guess)), confirm)
    return count, found


def _distributions(random: np.random.Generator, count: int, extent: int) -> Any:
    """Return probabilities in sixteenths, which are simple and exact."""
    cuts = np.sort(random.integers(1, 16, (count, extent - 1)), axis=1)
    edges = np.concatenate([np.zeros((count, 1)), cuts, np.full((count, 1), 16)], axis=1)
    found = np.diff(edges, axis=1)
    return np.maximum(found, 0.0) / 16


def _prediction(at: Any, shares: bool, vector: bool) -> Any:
    # A probability of 0 has no logit; log(1e-300) is near enough to minus infinity.
    with np.errstate(all="ignore"):
        if vector:
            return at if shares else np.log(np.maximum(at, 1e-300))
        return at[:, 1] if shares else np.log(at[:, 1] / at[:, 0])


def _outcome(target: Domain, outcome: int, extent: int, count: int) -> Any:
    if target.values is not None:
        return np.full(count, outcome, np.int64)
    if target.axes:
        return np.tile(np.eye(extent)[outcome], (count, 1))
    low = -1.0 if target.name == "Sign" else 0.0
    return np.full(count, 1.0 if outcome == 1 else low)
