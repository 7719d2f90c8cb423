"""The error function and the gamma function."""

from __future__ import annotations

from sympy import erf, erfc, log, polygamma, sqrt

from lossgen.language.functions import digamma, log_ndtr, tetragamma, trigamma
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import positive
from .wilds import a, x

with undistributed():
    SPECIAL = (
        Rule(
            "erfc",
            1 - erf(x),
            erfc(x),
            "1 - erf x cancels at large x",
        ),
        Rule(
            "log of one plus erf",
            log(a * (1 + erf(x))),
            log(a) + log(2) + log_ndtr(sqrt(2) * x),
            "1 + erf x cancels at large -x",
            positive("a"),
        ),
        Rule(
            "log of two minus erfc",
            log(a * (2 - erfc(x))),
            log(a) + log(2) + log_ndtr(sqrt(2) * x),
            "2 - erfc x cancels at large -x",
            positive("a"),
        ),
        Rule(
            "log of erfc",
            log(a * erfc(x)),
            log(a) + log(2) + log_ndtr(-sqrt(2) * x),
            "erfc underflows at 10 in float32",
            positive("a"),
        ),
        Rule(
            "digamma",
            polygamma(0, x),
            digamma(x),
            "one function for all orders has no kernel",
        ),
        Rule(
            "trigamma",
            polygamma(1, x),
            trigamma(x),
            "one function for all orders has no kernel",
        ),
        Rule(
            "tetragamma",
            polygamma(2, x),
            tetragamma(x),
            "one function for all orders has no kernel",
        ),
    )
