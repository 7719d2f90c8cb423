"""A parameter at which a formula is 0/0: the pole is found, and goes; a true one stays."""

from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest

from lossgen.language import *
from lossgen.language.functions import DEFINITIONS
from lossgen.language.normal import program
from lossgen.language.trace import undistributed
from lossgen.stabilise import fired, prepare, singular
from lossgen.stabilise.singular import regular

X, M = 1.75, 0.625


@loss
def box_cox(x: Positive, m: Positive, *, b: Real = 0.5):
    return ((x**b - 1) / b - m) ** 2


@loss
def alpha_divergence(x: Positive, m: Positive, *, b: Real = 0.5):
    return (x**b - b * x + b - 1) / (b * (b - 1)) + m


@loss
def tweedie(x: Positive, m: Positive, *, b: Real = 1.5):
    return x ** (2 - b) / ((1 - b) * (2 - b)) - x * m ** (1 - b) / (1 - b) + m ** (2 - b) / (2 - b)


@loss
def beta_family(x: Positive, m: Positive, *, b: Real = 1.5):
    return x**b / (b * (b - 1)) + m**b / b - x * m ** (b - 1) / (b - 1)


@loss
def generalized_cross_entropy(x: Positive, m: Positive, *, b: Unit = 0.7):
    return m * (1 - x**b) / b


log_x = np.log(X)
# The limit at each pole, from a table of integrals.
LIMITS = {
    box_cox: {0.0: (log_x - M) ** 2},
    alpha_divergence: {0.0: X - log_x - 1 + M, 1.0: X * log_x - X + 1 + M},
    tweedie: {1.0: X * np.log(X / M) - X + M, 2.0: X / M - np.log(X / M) - 1},
    beta_family: {1.0: X * np.log(X / M) - X + M, 0.0: X / M - np.log(X / M) - 1},
    generalized_cross_entropy: {0.0: -M * log_x},
}


def number(expression, **given):
    """Evaluate exactly, from the definitions of the atoms."""
    at = {symbol: given[symbol.name] for symbol in expression.free_symbols}
    for atom, meaning in DEFINITIONS.items():
        expression = expression.replace(atom, meaning)
    return float(expression.subs({name: Rational(value) for name, value in at.items()}).evalf(60))


def without_poles(made):
    with undistributed():
        return regular(made.entry.value, made.entry.arguments)


@pytest.mark.parametrize("made", LIMITS, ids=lambda made: made.name)
def test_the_pole_is_gone(made):
    found = without_poles(made)
    assert found != made.entry.value
    for pole, wanted in LIMITS[made].items():
        assert number(found, x=X, m=M, b=pole) == pytest.approx(wanted, rel=1e-14)
        near = number(found, x=X, m=M, b=pole + 1e-9)
        assert near == pytest.approx(wanted, rel=1e-7)
        assert near == pytest.approx(number(made.entry.value, x=X, m=M, b=pole + 1e-9), rel=1e-14)


@pytest.mark.parametrize("made", LIMITS, ids=lambda made: made.name)
def test_the_kernels_are_right_at_the_pole(made):
    for pole, wanted in LIMITS[made].items():
        with mp.workdps(30):
            found = made(np.array([X]), np.array([M]), b=pole)
        assert found == pytest.approx(wanted, rel=1e-13)


def test_a_true_pole_stays():
    @loss
    def true_pole(x: Positive, m: Positive, *, b: Real = 0.5):
        return m * (2 - x**b) / b

    assert without_poles(true_pole) == true_pole.entry.value


def test_a_pole_outside_the_domain_stays():
    @loss
    def far_pole(x: Positive, m: Positive, *, b: Positive = 0.5):
        return m * (1 - x**b) / b

    assert without_poles(far_pole) == far_pole.entry.value


def test_a_base_that_may_be_zero_is_not_multiplied_by_an_infinity():
    @loss
    def of_a_count(x: NonNegative, m: Positive, *, b: Real = 1.5):
        return (x ** (2 - b) - x * m ** (1 - b)) / (1 - b)

    assert without_poles(of_a_count) == of_a_count.entry.value


def test_a_wrong_rewrite_is_not_accepted(monkeypatch):
    """The twin: with a slope of the wrong sign the comparison in numbers refuses."""
    right = singular._parted

    def wrong(term, p):
        return [
            (pole, part if pole is None else replace(part, exponent=2 * part.exponent))
            for pole, part in right(term, p)
        ]

    monkeypatch.setattr(singular, "_parted", wrong)
    assert without_poles(box_cox) == box_cox.entry.value


def test_the_rules_that_fired_are_named():
    written = program(box_cox.entry)
    assert "boxcox" in str(prepare(written))
    assert any("pole" in str(rule) for rule in fired(written))
