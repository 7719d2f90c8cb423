"""No search refutes what was proven; and a proof of something wrong would be refuted."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Dummy, Max, Piecewise, S, lambdify, log, sqrt
from sympy import exp as e

from lossgen.catalogue.entries import losses
from lossgen.evidence import claims, recorded
from lossgen.evidence.curve import curve
from lossgen.evidence.facts import is_finite
from lossgen.evidence.find import tried
from lossgen.evidence.properties import PROPERTIES
from lossgen.evidence.trials import trials
from lossgen.language import *
from lossgen.losses import find

LOSSES = losses()


def refuted(rows, name):
    """What the search for a counterexample finds, as if nothing had been proven."""
    property_ = next(each for each in PROPERTIES if each.name == name)
    return tried(property_.search, rows)[1]


@pytest.mark.parametrize("name", LOSSES)
def test_no_proven_claim_is_refuted(name):
    rows = list(trials(find(name), False, seed=7))
    for claim in recorded(name):
        if claim.verdict == "proved" and claim.name != "zero_when":
            assert refuted(rows, claim.name) is None, claim


@loss
def bump(x: Real, y: Real):
    """What none of the properties holds for."""
    return (x - y) ** 3 + Abs(x) + 1


@loss
def lopsided(logits: Real[axis("k")], target: Unit[axis("k")]):
    k = axis("k")
    return SumOver(k, target[k] * logits[k] ** 2)


@loss
def careless(prob: Unit, target: Unit):
    return Abs(prob - target)


WRONG = {
    "convex": bump, "smooth": bump, "nonnegative": bump, "bounded": bump, "lipschitz": bump,
    "robust": bump, "symmetric": bump, "shift_invariant": lopsided, "proper": careless,
}  # fmt: skip


def test_every_property_has_a_wrong_claim():
    assert set(WRONG) == {each.name for each in PROPERTIES}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_refuted(name):
    assert claims(WRONG[name])[name].verdict == "refuted"
    assert refuted(trials(WRONG[name], False), name) is not None


x = Dummy("x", real=True)
ATOMS = [x, -x, x**2, Abs(x), Abs(x - 1), e(x), e(-x), log(1 + e(x)), Max(x, 0), Max(1 - x, 0),
         sqrt(1 + x**2), log(1 + x**2), 1 / (1 + x**2), 1 / (1 + e(-x)), e(-(x**2)), sympy.tanh(x),
         Piecewise((x**2 / 2, Abs(x) <= 1), (Abs(x) - S.Half, True)),
         Piecewise((1, x > 2), (0, True))]  # fmt: skip
curves = st.tuples(
    st.sampled_from(ATOMS), st.sampled_from(ATOMS), st.sampled_from([1, -1, 2, -3]),
    st.sampled_from(["plus", "times", "alone"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(curves)
def test_facts_of_a_curve_hold_at_its_points(drawn):
    first, second, factor, how = drawn
    expression = {"plus": first + factor * second, "times": factor * first * second,
                  "alone": factor * first}[how]  # fmt: skip
    found = curve(expression, x, S.NegativeInfinity, S.Infinity)
    at = np.linspace(-6, 6, 241)
    with np.errstate(all="ignore"):
        values = np.broadcast_to(lambdify(x, expression, "numpy")(at), at.shape).astype(float)
    slopes, bends = np.diff(values) / np.diff(at), np.diff(values, 2)
    rounding = 1e-9 * (1 + np.abs(values).max())
    if is_finite(found.low) and not found.low.atoms(Dummy):
        assert values.min() >= float(found.low) - rounding
    if is_finite(found.high) and not found.high.atoms(Dummy):
        assert values.max() <= float(found.high) + rounding
    if is_finite(found.slope) and not found.slope.atoms(Dummy):
        assert np.abs(slopes).max() <= float(found.slope) + rounding
    if found.convex:
        assert bends.min() >= -rounding
    if found.concave:
        assert bends.max() <= rounding
    if found.increasing:
        assert slopes.min() >= -rounding
    if found.decreasing:
        assert slopes.max() <= rounding
    if found.smooth:
        assert np.abs(np.diff(slopes)).max() < 0.5 * np.abs(slopes).max() + 0.1


def test_the_curves_are_not_all_unknown():
    known = [curve(atom, x, S.NegativeInfinity, S.Infinity) for atom in ATOMS]
    assert sum(found.convex or found.concave for found in known) >= 10
    assert sum(is_finite(found.slope) for found in known) >= 12
