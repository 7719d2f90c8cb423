"""Logistic functions: softplus, sigmoid, their logarithms and powers."""

from __future__ import annotations

from sympy import exp, log

from lossgen.language.functions import log1p, log_diff_sigmoid, sigmoid, sigmoid_power, softplus
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import below_minus_one, general_power, positive
from .wilds import a, n, x, y

_OVERFLOWS = "exp overflows at 89 in float32"
_INFINITE = "inf / inf where exp overflows"
_UNDERFLOWS = "sigmoid underflows at -104 in float32"

with undistributed():
    LOGISTIC = (
        Rule(
            "softplus",
            log(1 + a * exp(x)),
            softplus(x + log(a)),
            _OVERFLOWS,
            positive("a"),
        ),
        Rule(
            "softplus of log1p",
            log1p(a * exp(x)),
            softplus(x + log(a)),
            _OVERFLOWS,
            positive("a"),
        ),
        Rule(
            "softplus of minus x",
            softplus(x) - x,
            softplus(-x),
            "log(1 + e^x) and x agree at large x",
        ),
        Rule(
            "sigmoid",
            1 / (1 + a * exp(x)),
            sigmoid(-x - log(a)),
            _OVERFLOWS,
            positive("a"),
        ),
        Rule(
            "sigmoid from above",
            exp(x) * sigmoid(-x),
            sigmoid(x),
            "inf * 0 where exp overflows",
        ),
        Rule(
            "sigmoid of two",
            exp(x) / (exp(x) + exp(y)),
            sigmoid(x - y),
            _INFINITE,
        ),
        Rule(
            "sigmoid of softplus",
            exp(-softplus(x)),
            sigmoid(-x),
            "e^-u is wrong by u ulp, a sigmoid is not",
        ),
        Rule(
            "one minus sigmoid",
            1 - sigmoid(x),
            sigmoid(-x),
            "1 - p cancels where p is near 1",
        ),
        Rule(
            "log sigmoid",
            log(a * sigmoid(x)),
            log(a) - softplus(-x),
            _UNDERFLOWS,
            positive("a"),
        ),
        Rule(
            "log of one minus sigmoid",
            log1p(-sigmoid(x)),
            -softplus(x),
            "1 - p is 0 where p rounds to 1",
        ),
        Rule(
            "power of sigmoid",
            sigmoid(x) ** n,
            sigmoid_power(x, n),
            "a power multiplies the error of its base",
            general_power("n"),
        ),
        Rule(
            "power of softplus",
            exp(n * softplus(x)),
            sigmoid_power(-x, -n),
            "e^-u is wrong by u ulp, a sigmoid is not",
            below_minus_one("n"),
        ),
        Rule(
            "log of a power of sigmoid",
            log(a * sigmoid_power(x, n)),
            log(a) - n * softplus(-x),
            _UNDERFLOWS,
            positive("a"),
        ),
        Rule(
            "log of a difference of sigmoids",
            log(sigmoid(x) - sigmoid(y)),
            log_diff_sigmoid(x, y),
            "sigmoids that are both near 0 or near 1 cancel",
        ),
    )
