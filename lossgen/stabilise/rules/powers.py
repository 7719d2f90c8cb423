"""Powers minus one, roots of squares, and squares of magnitudes."""

from __future__ import annotations

from sympy import Abs, sqrt

from lossgen.language.functions import (
    boxcox,
    boxcox1p,
    hypot,
    hypot1m1,
    inverse_hypot_cubed,
    over_hypot,
)
from lossgen.language.trace import undistributed

from ..rule import Rule
from ..where import even, general_power, not_negative, positive, symbolic
from .wilds import c, n, x, y

_SQUARES = "squares overflow at 2e19 and underflow at 1e-23 in float32"

with undistributed():
    POWERS = (
        Rule(
            "box-cox",
            x**n - 1,
            n * boxcox(x, n),
            "x^a - 1 cancels at small a, and near x = 1",
            symbolic("n", "x"),
        ),
        Rule(
            "power of a quotient",
            x * (x / y) ** n / y,
            (x / y) ** (n + 1),
            "0 * inf at x = 0, where n is negative",
        ),
        Rule(
            "box-cox of one plus x",
            boxcox(1 + x, n),
            boxcox1p(x, n),
            "1 + x loses the digits of a small x",
        ),
        Rule(
            "box-cox of one plus a square over y",
            boxcox1p(x**2 / y, n),
            2 * boxcox1p(hypot1m1(x / sqrt(y)), 2 * n),
            _SQUARES,
            not_negative("y"),
        ),
        Rule(
            "box-cox of one plus a square",
            boxcox1p(x**2, n),
            2 * boxcox1p(hypot1m1(x), 2 * n),
            _SQUARES,
        ),
        Rule(
            "hypot",
            sqrt(x**2 + n**2),
            hypot(x, n),
            _SQUARES,
        ),
        Rule(
            "hypot of a root",
            sqrt(x**2 + c),
            hypot(x, sqrt(c)),
            _SQUARES,
            positive("c"),
        ),
        Rule(
            "hypot minus one",
            hypot(x, n) - n,
            n * hypot1m1(x / n),
            "sqrt(1 + x^2) - 1 cancels at small x",
            positive("n"),
        ),
        Rule(
            "root minus one",
            sqrt(1 + x) - 1,
            x / (1 + sqrt(1 + x)),
            "sqrt(1 + x) - 1 cancels at small x",
        ),
        Rule(
            "inverse cube of hypot",
            hypot(x, 1) ** (-3),
            inverse_hypot_cubed(x),
            "a cube overflows at 7e12 in float32",
        ),
        Rule(
            "power of hypot times its inverse cube",
            (1 + hypot1m1(x)) ** n * inverse_hypot_cubed(x),
            (1 + hypot1m1(x)) ** (n - 3),
            "inf * 0 where the power overflows",
            general_power("n"),
        ),
        Rule(
            "square over one plus square",
            x**2 / (1 + x**2),
            over_hypot(x) ** 2,
            "inf / inf where the square overflows",
        ),
        Rule(
            "even power of a magnitude",
            Abs(x) ** n,
            x**n,
            "the slope of |x| at 0 is 0, the curvature of x^2 is 2",
            even("n"),
        ),
    )
