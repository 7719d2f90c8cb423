"""Renyi's and Tsallis's divergences at order 1 are Kullback and Leibler's, where sums say so."""

import numpy as np
import pytest

from lossgen.language import *
from lossgen.language.normal import program
from lossgen.language.trace import undistributed
from lossgen.stabilise import coupled as room
from lossgen.stabilise import fired
from lossgen.stabilise.coupled import coupled

k = axis("k")
P = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [1e-3, 0.5, 0.499], [2.0, 0.25, 3.0]])
Q = np.array([[0.25, 0.25, 0.5], [0.6, 0.3, 0.1], [0.25, 0.25, 0.5], [1.0, 0.75, 0.5]])


@loss
def of_masses(p: Positive[k], q: Positive[k], *, alpha: Positive = 1.0):
    """Renyi (1961), equation 3.3, where masses need not sum to 1."""
    whole = SumOver(k, p[k])
    return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) / whole) / (alpha - 1)


@loss
def of_shares(p: Positive[k], q: Positive[k], *, alpha: Positive = 1.0):
    s = let("s", SumOver(k, p[k]))
    t = let("t", SumOver(k, q[k]))
    return log(SumOver(k, (p[k] / s) ** alpha * (q[k] / t) ** (1 - alpha))) / (alpha - 1)


@loss
def tsallis(p: Positive[k], q: Positive[k], *, alpha: Positive = 1.0):
    return (SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) - SumOver(k, p[k])) / (alpha - 1)


@loss
def tilted_mean(p: Positive[k], w: NonNegative[k], *, gamma: Real = 0.0):
    """A general base: the logarithm of a power mean, whose limit is the mean logarithm."""
    return log(SumOver(k, w[k] * p[k] ** gamma) / SumOver(k, w[k])) / gamma


def entropy(p, q):
    return (p * np.log(p / q)).sum(-1)


def shares(x):
    return x / x.sum(-1, keepdims=True)


# The limit at the pole, by hand.
LIMITS = {
    of_masses: (1.0, lambda p, q: entropy(p, q) / p.sum(-1)),
    of_shares: (1.0, lambda p, q: entropy(shares(p), shares(q))),
    tsallis: (1.0, entropy),
    tilted_mean: (0.0, lambda p, w: (w * np.log(p)).sum(-1) / w.sum(-1)),
}
families = pytest.mark.parametrize("made", LIMITS, ids=lambda made: made.name)


def order(made):
    return made.entry.shared[0].name


def arguments(made):
    return (Q, P) if made is tilted_mean else (P, Q)


@families
def test_the_limit_is_there(made):
    place, limit = LIMITS[made]
    given = arguments(made)
    found = made(*given, **{order(made): place}, reduction="none")
    assert found == pytest.approx(limit(*given), rel=1e-14)


@families
@pytest.mark.parametrize("step", [1e-15, -1e-11, 1e-7])
def test_digits_are_kept_near_the_pole(made, step):
    """It moves by no more than the step times its slope, which is below 100 here."""
    place, limit = LIMITS[made]
    given = arguments(made)
    found = made(*given, **{order(made): place + step}, reduction="none")
    assert found == pytest.approx(limit(*given), rel=1e-14, abs=100 * abs(step))


@families
def test_slopes_are_those_of_differences(made):
    place, limit = LIMITS[made]
    first, last = (row.copy() for row in arguments(made))
    found = made.gradient(first, last, **{order(made): place}, reduction="none")
    h = 1e-6
    for column in range(3):
        step = np.zeros(3)
        step[column] = h
        wanted = (limit(first + step, last) - limit(first - step, last)) / (2 * h)
        assert found[:, column] == pytest.approx(wanted, rel=1e-6, abs=1e-8)


def test_a_sum_that_need_not_be_one_keeps_its_pole():
    """No domain says that an argument sums to 1, and rounded numbers do not."""

    @loss
    def unit_masses(p: OpenUnit[k], q: OpenUnit[k], *, alpha: Positive = 0.5):
        return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha))) / (alpha - 1)

    @loss
    def another_total(p: OpenUnit[k], q: OpenUnit[k], *, alpha: Positive = 0.5):
        return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) / SumOver(k, q[k])) / (alpha - 1)

    @loss
    def outside(p: Unit[k], q: OpenUnit[k], *, alpha: Unit = 0.5):
        whole = SumOver(k, p[k])
        return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) / whole) / (alpha - 2)

    for made in (unit_masses, another_total, outside):
        written = program(made.entry)
        with undistributed():
            assert coupled(written) == written


def test_masses_that_may_be_zero_keep_their_slopes():
    """Of the others too, below order 1: the slope at 0 is infinite, and theirs are not."""

    @loss
    def of_any_masses(p: NonNegative[k], q: Positive[k], *, alpha: Positive = 0.5):
        whole = SumOver(k, p[k])
        return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) / whole) / (alpha - 1)

    p, q = np.array([[0.5, 0.0, 0.5]]), np.array([[0.2, 0.3, 0.5]])
    found = of_any_masses.gradient(p, q, reduction="none")[0]
    roots = np.sqrt(p * q)[0]
    wanted = 2 * (1 - roots / p[0].clip(1e-9) / 2 / roots.sum())
    assert found[[0, 2]] == pytest.approx(wanted[[0, 2]], rel=1e-12)
    assert found[1] == -np.inf


def test_a_wrong_difference_is_caught(monkeypatch):
    """The twin: a rise with another order has another limit and other values."""
    right = room._rise

    def wrong(*given):
        found = right(*given)
        return None if found is None else 2 * found

    monkeypatch.setattr(room, "_rise", wrong)

    @loss
    def spoilt(p: Positive[k], q: Positive[k], *, beta: Positive = 1.0):
        whole = SumOver(k, p[k])
        return log(SumOver(k, p[k] ** beta * q[k] ** (1 - beta)) / whole) / (beta - 1)

    found = spoilt(P, Q, beta=1.0, reduction="none")
    assert (np.abs(found - LIMITS[of_masses][1](P, Q)) > 1e-3).all()


def test_the_rule_that_fired_is_named():
    assert any("pole" in str(rule) for rule in fired(program(of_masses.entry)))
