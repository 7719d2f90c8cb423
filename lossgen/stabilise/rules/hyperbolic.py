"""Hyperbolic functions, and the cosine near 1."""

from __future__ import annotations

from sympy import cos, cosh, exp, log, sinh, tanh

from lossgen.language.functions import expm1, log1p, log_cosh, sech2, sigmoid, softplus, versine
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import positive
from .wilds import a, x, y

_INFINITE = "inf / inf where exp overflows"

with undistributed():
    HYPERBOLIC = (
        Rule(
            "cosh",
            exp(x) + exp(-x),
            2 * cosh(x),
            "two exponentials where log and tanh know one function",
        ),
        Rule(
            "sinh",
            exp(x) - exp(-x),
            2 * sinh(x),
            "e^x - e^-x cancels at small x",
        ),
        Rule(
            "log cosh",
            log(a * cosh(x)),
            log(a) + log_cosh(x),
            "cosh overflows at 89; log near 1 cancels",
            positive("a"),
        ),
        Rule(
            "log cosh of softplus",
            softplus(-2 * x) + x - log(2),
            log_cosh(x),
            "the terms cancel at small x",
        ),
        Rule(
            "tanh",
            sinh(x) / cosh(x),
            tanh(x),
            "inf / inf where cosh overflows",
        ),
        Rule(
            "tanh of two",
            (exp(x) - exp(y)) / (exp(x) + exp(y)),
            tanh((x - y) / 2),
            _INFINITE,
        ),
        Rule(
            "tanh of expm1",
            expm1(x) * sigmoid(-x),
            tanh(x / 2),
            "inf * 0 where exp overflows",
        ),
        Rule(
            "tanh of sigmoid",
            2 * sigmoid(x) - 1,
            tanh(x / 2),
            "2 p - 1 cancels where p is near 1/2",
        ),
        Rule(
            "sigmoid of cosh",
            exp(x) / cosh(x),
            2 * sigmoid(2 * x),
            _INFINITE,
        ),
        Rule(
            "one minus tanh",
            1 - tanh(x),
            2 * sigmoid(-2 * x),
            "1 - tanh x cancels at large x",
        ),
        Rule(
            "one plus tanh",
            1 + tanh(x),
            2 * sigmoid(2 * x),
            "1 + tanh x cancels at large -x",
        ),
        Rule(
            "log of one plus tanh",
            log1p(tanh(x)),
            log(2) - softplus(-2 * x),
            "1 + tanh x cancels at large -x",
        ),
        Rule(
            "sech2",
            1 - tanh(x) ** 2,
            sech2(x),
            "1 - tanh(x)^2 cancels at large x",
        ),
        Rule(
            "sech2 of cosh",
            cosh(x) ** (-2),
            sech2(x),
            "cosh overflows at 89 in float32",
        ),
        Rule(
            "log of sech2",
            log(a * sech2(x)),
            log(a) - 2 * log_cosh(x),
            "sech2 underflows at 52 in float32",
            positive("a"),
        ),
        Rule(
            "versine",
            1 - cos(x),
            versine(x),
            "1 - cos x cancels at small x",
        ),
    )
