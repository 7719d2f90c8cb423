"""Links through which people differentiate, or forget to: what a derivative is off by, as a table."""

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


_PROBABILITY = "it is the derivative with respect to the probability: a factor p (1 - p) is missing"
_LOGIT = "a factor p (1 - p) is too much: it belongs to the derivative with respect to a logit"
_LOGARITHM = "it is the derivative with respect to the logarithm of the argument: a factor 1/x is missing"
_EXPONENTIAL = "it is the derivative with respect to the exponential of the argument: a factor e^x is missing"
_TANH = "it is the derivative with respect to the hyperbolic tangent: a factor 1 - tanh^2 is missing"
_ROOT = "it is the derivative with respect to the square root of the argument: a factor 1/(2 sqrt(x)) is missing"

LINKS = (
    Link(None, None, lambda x: _of_logit(x), _PROBABILITY, "a factor p (1 - p) is too much"),
    Link(0.0, 1.0, _of_share, "a factor p (1 - p) is missing", _LOGIT),
    Link(None, None, mp.exp, _EXPONENTIAL, ""),
    Link(None, None, lambda x: mp.sech(x) ** 2, _TANH, ""),
    Link(0.0, None, lambda x: 1 / x if x else mp.mpf(1), _LOGARITHM, ""),
    Link(0.0, None, lambda x: 1 / (2 * mp.sqrt(x)) if x else mp.mpf(1), _ROOT, ""),
)
