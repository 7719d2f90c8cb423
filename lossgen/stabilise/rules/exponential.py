"""Differences of exponentials, and logarithms of their sums."""

from __future__ import annotations

from sympy import exp, log

from lossgen.language.functions import (
    exp_moment,
    expm1,
    expm1mx,
    log1mexp,
    log1p,
    logaddexp,
    reciprocal_expm1,
)  # fmt: skip
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import positive
from .wilds import a, b, c, x, y

_OVERFLOWS = "exp overflows at 89 in float32"

with undistributed():
    EXPONENTIAL = (
        Rule(
            "expm1",
            exp(x) - 1,
            expm1(x),
            "e^x - 1 cancels at small x",
        ),
        Rule(
            "expm1mx",
            expm1(x) - x,
            expm1mx(x),
            "e^x - 1 and x agree at small x",
        ),
        Rule(
            "reciprocal of expm1",
            1 / expm1(x),
            reciprocal_expm1(x),
            "1 / inf is 0 before the exact value is",
        ),
        Rule(
            "exp over expm1",
            exp(x) * reciprocal_expm1(x),
            -reciprocal_expm1(-x),
            "inf * 0 where exp overflows",
        ),
        Rule(
            "exprel",
            expm1(x) / x,
            exp_moment(x, 0),
            "0 / 0 at x = 0, where the limit is 1",
        ),
        Rule(
            "exprel of a product",
            expm1(x * y) / y,
            x * exp_moment(x * y, 0),
            "0 / 0 at y = 0, where the limit is x",
        ),
        Rule(
            "log1mexp",
            log(-a * expm1(x)),
            log(a) + log1mexp(-x),
            "1 - e^x rounds to 1, and cancels at small x",
            positive("a"),
        ),
        Rule(
            "log1mexp of log1p",
            log1p(-exp(x)),
            log1mexp(-x),
            "1 - e^x cancels at small x",
        ),
        Rule(
            "log of expm1",
            log(expm1(x)),
            x + log1mexp(x),
            _OVERFLOWS,
        ),
        Rule(
            "log of exp",
            log(a * exp(x)),
            log(a) + x,
            _OVERFLOWS,
            positive("a"),
        ),
        Rule(
            "logaddexp",
            log(a * exp(x) + b * exp(y)),
            logaddexp(x + log(a), y + log(b)),
            _OVERFLOWS,
            positive("a", "b"),
        ),
        Rule(
            "logaddexp with a constant",
            log(c + a * exp(x)),
            logaddexp(x + log(a), log(c)),
            _OVERFLOWS,
            positive("a", "c"),
        ),
    )
