"""Links through which people differentiate, or forget to: by what a derivative is off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp


@dataclass(frozen=True)
class Link:
    """The slope of another variable in an argument with the ends `low` and `high`.

    `missing` is said of a derivative that lacks the slope, `excess` of one that has it once more.
    """

    low: float | None
    high: float | None
    slope: Callable[[Any], Any]
    missing: str
    excess: str


def _of_logit(x: Any) -> Any:
    small = mp.exp(-abs(x))
    return small / (1 + small) ** 2


def _of_share(p: Any) -> Any:
    return p * (1 - p) if 0 < p < 1 else mp.mpf(1)


_MISSING = "it is the derivative with respect to the {}: a factor {} is missing"
_PROBABILITY = _MISSING.format("probability", "p (1 - p)")
_LOGIT = "a factor p (1 - p) is too much: it belongs to the derivative with respect to a logit"
_LOGARITHM = _MISSING.format("logarithm of the argument", "1/x")
_EXPONENTIAL = _MISSING.format("exponential of the argument", "e^x")
_TANH = _MISSING.format("hyperbolic tangent of the argument", "1 - tanh(x)^2")
_ROOT = _MISSING.format("square root of the argument", "1/(2 sqrt(x))")

LINKS = (
    Link(None, None, _of_logit, _PROBABILITY, "a factor p (1 - p) is too much"),
    Link(0.0, 1.0, _of_share, "a factor p (1 - p) is missing", _LOGIT),
    Link(None, None, mp.exp, _EXPONENTIAL, ""),
    Link(None, None, lambda x: mp.sech(x) ** 2, _TANH, ""),
    Link(0.0, None, lambda x: 1 / x if x else mp.mpf(1), _LOGARITHM, ""),
    Link(0.0, None, lambda x: 1 / (2 * mp.sqrt(x)) if x else mp.mpf(1), _ROOT, ""),
)
