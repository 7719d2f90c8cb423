"""Logarithms near 1, of powers and of quotients, and products with them."""

from __future__ import annotations

from sympy import Abs, Piecewise, S, log

from lossgen.language.functions import (
    log1p,
    log1pmx,
    log_hypot1,
    log_ratio,
    log_ratio_to_mean,
    over_one_plus,
    relative_entropy,
    relative_entropy_to_mean,
    xlog1py,
    xlogy,
)  # fmt: skip
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import even, may_be_zero, not_negative, positive
from .wilds import a, n, x, y

_SQUARES = "squares overflow at 2e19 and underflow at 1e-23 in float32"

with undistributed():
    LOGARITHMS = (
        Rule(
            "log1p",
            log(1 + x),
            log1p(x),
            "1 + x loses the digits of a small x",
        ),
        Rule(
            "log1pmx",
            log1p(x) - x,
            log1pmx(x),
            "log(1 + x) and x agree at small x",
        ),
        Rule(
            "log1pmx at one",
            1 + log(x) - x,
            Piecewise((log1pmx(x - 1), x > S.Half), (log(x) - (x - 1), True)),
            "where x > 1/2, log x and x - 1 agree near x = 1",
        ),
        Rule(
            "log1pmx of a log ratio",
            1 + log_ratio(x, y) - x / y,
            Piecewise((log1pmx((x - y) / y), x > y / 2), (log_ratio(x, y) - (x - y) / y, True)),
            "where x > y/2, log(x / y) and x / y - 1 agree near x = y",
        ),
        Rule(
            "one minus reciprocal",
            1 - 1 / (1 + x),
            over_one_plus(x),
            "1 / (1 + x) - 1 cancels at small x",
        ),
        Rule(
            "log of a power",
            log(a * x**n),
            log(a) + n * log(x),
            "a power overflows and underflows",
            positive("a", "x"),
        ),
        Rule(
            "log of an even power",
            log(x**n),
            n * log(Abs(x)),
            "a power overflows and underflows",
            even("n"),
        ),
        Rule(
            "log of one plus a square",
            log1p(x**2),
            2 * log_hypot1(x),
            _SQUARES,
        ),
        Rule(
            "x log y",
            x * log(y),
            xlogy(x, y),
            "0 log 0 is NaN, and 0 by convention",
            may_be_zero("x"),
        ),
        Rule(
            "x log x",
            x * log(x),
            xlogy(x, x),
            "0 log 0 is NaN, and 0 by convention",
        ),
        Rule(
            "x log1p y",
            x * log1p(y),
            xlog1py(x, y),
            "0 log 0 is NaN, and 0 by convention",
            may_be_zero("x"),
        ),
        Rule(
            "log ratio",
            log(x / y),
            log_ratio(x, y),
            "a quotient overflows, and loses the difference of near numbers",
            not_negative("x", "y"),
        ),
        Rule(
            "relative entropy",
            x * log_ratio(x, y),
            relative_entropy(x, y),
            "0 log 0 is NaN, and 0 by convention",
        ),
        Rule(
            "relative entropy, turned",
            x * log_ratio(y, x),
            -relative_entropy(x, y),
            "0 log 0 is NaN, and 0 by convention",
        ),
        Rule(
            "relative entropy by x log y",
            xlogy(x, x / y),
            relative_entropy(x, y),
            "a quotient overflows, and loses the difference of near numbers",
            not_negative("x", "y"),
        ),
        Rule(
            "log ratio to the mean",
            log_ratio(x, (x + y) / 2),
            log_ratio_to_mean(x, y),
            "the mean is rounded, and x may be an ulp from it",
        ),
        Rule(
            "log ratio to the sum",
            log_ratio(2 * x, x + y),
            log_ratio_to_mean(x, y),
            "the sum is rounded, and x may be an ulp from its half",
        ),
        Rule(
            "relative entropy to the mean",
            relative_entropy(x, (x + y) / 2),
            relative_entropy_to_mean(x, y),
            "the mean is rounded, and x may be an ulp from it",
        ),
        Rule(
            "relative entropy to the mean, by log",
            x * log_ratio_to_mean(x, y),
            relative_entropy_to_mean(x, y),
            "0 log 0 is NaN, and 0 by convention",
        ),
    )
