"""Divergences, whose terms are of first order in x - y and their sum of second."""

from __future__ import annotations

from lossgen.language.functions import beta_divergence, relative_entropy, xlogy
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import difference
from .wilds import c, n, x, y

_FIRST_ORDER = "the terms are of first order in x - y, their sum of second"

with undistributed():
    DIVERGENCES = (
        Rule(
            "kullback-leibler divergence",
            xlogy(x, x / y) + c,
            beta_divergence(x, y, 1),
            _FIRST_ORDER,
            difference("c", "y", "x"),
        ),
        Rule(
            "kullback-leibler divergence, by relative entropy",
            relative_entropy(x, y) + c,
            beta_divergence(x, y, 1),
            _FIRST_ORDER,
            difference("c", "y", "x"),
        ),
        Rule(
            "beta divergence",
            x ** (2 - n) / ((1 - n) * (2 - n))
            - x * y ** (1 - n) / (1 - n)
            + y ** (2 - n) / (2 - n),
            beta_divergence(x, y, 2 - n),
            "0 / 0 at n = 1 and 2, and the terms cancel near x = y",
        ),
    )
