"""The rewrite rules: a pattern that loses digits, and the form that does not.

A row is (name, find, put, why, when). The wilds x, y stand for any expression that is not a number,
c and n for numbers too, and a, b besides for a factor that is not there. `find` is written as the
other rules leave it: what is inside has been rewritten before. Each rule lowers the cost (`cost`),
and of all that apply the one that ends cheapest is taken, so the order of the rows does not matter.
"""

from __future__ import annotations

from sympy import (
    Abs,
    Piecewise,
    S,
    Wild,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    polygamma,
    sinh,
    sqrt,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
    beta_divergence,
    boxcox,
    boxcox1p,
    digamma,
    exp_moment,
    expm1,
    expm1mx,
    hypot,
    hypot1m1,
    inverse_hypot_cubed,
    log1mexp,
    log1p,
    log1pmx,
    log_cosh,
    log_diff_sigmoid,
    log_ndtr,
    log_ratio,
    log_ratio_to_mean,
    logaddexp,
    over_hypot,
    over_one_plus,
    reciprocal_expm1,
    relative_entropy,
    relative_entropy_to_mean,
    sech2,
    sigmoid,
    sigmoid_power,
    softplus,
    tetragamma,
    trigamma,
    versine,
    xlog1py,
    xlogy,
)  # fmt: skip
from lossgen.language.trace import undistributed

from .rule import Rule
from .where import (
    below_minus_one,
    difference,
    even,
    general_power,
    may_be_zero,
    not_negative,
    positive,
    symbolic,
)  # fmt: skip

x, y = Wild("x"), Wild("y")
a, b, c, n = Wild("a"), Wild("b"), Wild("c"), Wild("n")

_OVERFLOWS = "exp overflows at 89 in float32"
_INFINITE = "inf / inf where exp overflows"
_UNDERFLOWS = "sigmoid underflows at -104 in float32"
_SQUARES = "squares overflow at 2e19 and underflow at 1e-23 in float32"

with undistributed():
    LOGISTIC = (
        Rule("softplus", log(1 + a * exp(x)), softplus(x + log(a)), _OVERFLOWS, positive("a")),
        Rule(
            "softplus of log1p", log1p(a * exp(x)), softplus(x + log(a)), _OVERFLOWS, positive("a")
        ),
        Rule(
            "softplus of minus x",
            softplus(x) - x,
            softplus(-x),
            "log(1 + e^x) and x agree at large x",
        ),
        Rule("sigmoid", 1 / (1 + a * exp(x)), sigmoid(-x - log(a)), _OVERFLOWS, positive("a")),
        Rule("sigmoid from above", exp(x) * sigmoid(-x), sigmoid(x), "inf * 0 where exp overflows"),
        Rule("sigmoid of two", exp(x) / (exp(x) + exp(y)), sigmoid(x - y), _INFINITE),
        Rule(
            "sigmoid of softplus",
            exp(-softplus(x)),
            sigmoid(-x),
            "e^-u is wrong by u ulp, a sigmoid is not",
        ),
        Rule("one minus sigmoid", 1 - sigmoid(x), sigmoid(-x), "1 - p cancels where p is near 1"),
        Rule("log sigmoid", log(a * sigmoid(x)), log(a) - softplus(-x), _UNDERFLOWS, positive("a")),
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
    EXPONENTIAL = (
        Rule("expm1", exp(x) - 1, expm1(x), "e^x - 1 cancels at small x"),
        Rule("expm1mx", expm1(x) - x, expm1mx(x), "e^x - 1 and x agree at small x"),
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
        Rule("exprel", expm1(x) / x, exp_moment(x, 0), "0 / 0 at x = 0, where the limit is 1"),
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
        Rule("log1mexp of log1p", log1p(-exp(x)), log1mexp(-x), "1 - e^x cancels at small x"),
        Rule("log of expm1", log(expm1(x)), x + log1mexp(x), _OVERFLOWS),
        Rule("log of exp", log(a * exp(x)), log(a) + x, _OVERFLOWS, positive("a")),
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
    HYPERBOLIC = (
        Rule(
            "cosh",
            exp(x) + exp(-x),
            2 * cosh(x),
            "two exponentials where log and tanh know one function",
        ),
        Rule("sinh", exp(x) - exp(-x), 2 * sinh(x), "e^x - e^-x cancels at small x"),
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
        Rule("tanh", sinh(x) / cosh(x), tanh(x), "inf / inf where cosh overflows"),
        Rule("tanh of two", (exp(x) - exp(y)) / (exp(x) + exp(y)), tanh((x - y) / 2), _INFINITE),
        Rule("tanh of expm1", expm1(x) * sigmoid(-x), tanh(x / 2), "inf * 0 where exp overflows"),
        Rule(
            "tanh of sigmoid",
            2 * sigmoid(x) - 1,
            tanh(x / 2),
            "2 p - 1 cancels where p is near 1/2",
        ),
        Rule("sigmoid of cosh", exp(x) / cosh(x), 2 * sigmoid(2 * x), _INFINITE),
        Rule("one minus tanh", 1 - tanh(x), 2 * sigmoid(-2 * x), "1 - tanh x cancels at large x"),
        Rule("one plus tanh", 1 + tanh(x), 2 * sigmoid(2 * x), "1 + tanh x cancels at large -x"),
        Rule(
            "log of one plus tanh",
            log1p(tanh(x)),
            log(2) - softplus(-2 * x),
            "1 + tanh x cancels at large -x",
        ),
        Rule("sech2", 1 - tanh(x) ** 2, sech2(x), "1 - tanh(x)^2 cancels at large x"),
        Rule("sech2 of cosh", cosh(x) ** (-2), sech2(x), "cosh overflows at 89 in float32"),
        Rule(
            "log of sech2",
            log(a * sech2(x)),
            log(a) - 2 * log_cosh(x),
            "sech2 underflows at 52 in float32",
            positive("a"),
        ),
        Rule("versine", 1 - cos(x), versine(x), "1 - cos x cancels at small x"),
    )
    LOGARITHMS = (
        Rule("log1p", log(1 + x), log1p(x), "1 + x loses the digits of a small x"),
        Rule("log1pmx", log1p(x) - x, log1pmx(x), "log(1 + x) and x agree at small x"),
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
        Rule("log of one plus a square", log1p(x**2), 2 * log1p(hypot1m1(x)), _SQUARES),
        Rule(
            "x log y",
            x * log(y),
            xlogy(x, y),
            "0 log 0 is NaN, and 0 by convention",
            may_be_zero("x"),
        ),
        Rule("x log x", x * log(x), xlogy(x, x), "0 log 0 is NaN, and 0 by convention"),
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
            "relative entropy and a difference",
            relative_entropy(x, y) + y - x,
            Piecewise(
                (-x * log1pmx((y - x) / x), (x < 2 * y) & (y < 2 * x)),
                (relative_entropy(x, y) - (x - y), True),
            ),
            "within a factor of 2, the terms agree to first order",
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
    DIVERGENCES = (
        Rule(
            "kullback-leibler divergence",
            xlogy(x, x / y) + c,
            beta_divergence(x, y, 1),
            "the terms are of first order in x - y, their sum of second",
            difference("c", "y", "x"),
        ),
        Rule(
            "kullback-leibler divergence, by relative entropy",
            relative_entropy(x, y) + c,
            beta_divergence(x, y, 1),
            "the terms are of first order in x - y, their sum of second",
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
    POWERS = (
        Rule(
            "box-cox",
            x**n - 1,
            n * boxcox(x, n),
            "x^a - 1 cancels at small a, and near x = 1",
            symbolic("n", "x"),
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
        Rule("hypot", sqrt(x**2 + n**2), hypot(x, n), _SQUARES),
        Rule("hypot of a root", sqrt(x**2 + c), hypot(x, sqrt(c)), _SQUARES, positive("c")),
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
    SPECIAL = (
        Rule("erfc", 1 - erf(x), erfc(x), "1 - erf x cancels at large x"),
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
        Rule("digamma", polygamma(0, x), digamma(x), "one function for all orders has no kernel"),
        Rule("trigamma", polygamma(1, x), trigamma(x), "one function for all orders has no kernel"),
        Rule(
            "tetragamma",
            polygamma(2, x),
            tetragamma(x),
            "one function for all orders has no kernel",
        ),
    )

RULES = (
    *LOGISTIC,
    *EXPONENTIAL,
    *HYPERBOLIC,
    *LOGARITHMS,
    *DIVERGENCES,
    *POWERS,
    *SPECIAL,
)
