"""Each rewrite keeps the mathematics and saves digits where the old form loses them.

It is never less defined, and the order of the table does not matter.
"""

import random
import sys
from dataclasses import replace

import numpy as np
import pytest
from derive.nasty import LOSSES
from stabilise.obligations import (
    ENABLES,
    KEPT,
    LOST,
    OBLIGATIONS,
    OF_A_SLOPE,
    exact,
    points_of,
    rounded,
    ulps,
)
from sympy import Symbol, cosh, exp, log, polygamma, sqrt, tanh

from lossgen.catalogue.entries import entries
from lossgen.language.functions import (
    boxcox,
    expm1,
    expm1mx,
    hypot,
    log1p,
    log_cosh,
    sigmoid,
    sigmoid_power,
    softplus,
)  # fmt: skip
from lossgen.language.normal import program
from lossgen.language.trace import undistributed
from lossgen.stabilise import prepare
from lossgen.stabilise.cost import cost
from lossgen.stabilise.passes import before
from lossgen.stabilise.rewrite import rewrite
from lossgen.stabilise.rules import RULES
from lossgen.stabilise.rules import x as wild

X, Y = Symbol("x", real=True), Symbol("y", real=True)
BY_NAME = {rule.name: rule for rule in RULES}
DTYPES = [np.float32, np.float64]


def disagreement(rule):
    """The largest relative difference of the two sides over the samples."""
    worst = 0
    for at in points_of(rule, OBLIGATIONS[rule.name].samples):
        try:
            old = exact(rule.find, at)
        except (ZeroDivisionError, ValueError):
            continue  # outside the domain of the old form
        new = exact(rule.put, at)
        if getattr(old, "imag", 0) == 0 and (old or new):
            worst = max(worst, abs(old - new) / max(abs(old), abs(new)))
    return worst


def test_every_rule_has_obligations_and_a_reason():
    assert sorted(BY_NAME) == sorted([*OBLIGATIONS, *ENABLES, *OF_A_SLOPE])
    assert len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert len(rule.why) > 15, rule.name
        find, put = rule.sides
        assert cost(find) > cost(put), rule.name


@pytest.mark.parametrize("name", OBLIGATIONS)
def test_both_sides_are_the_same_number(name):
    assert disagreement(BY_NAME[name]) < 1e-25


def test_a_wrong_rule_is_caught():
    """The twins: a sign, a factor and a function next door."""
    assert disagreement(replace(BY_NAME["softplus"], put=softplus(-wild))) > 1e-3
    assert disagreement(replace(BY_NAME["log cosh"], put=log_cosh(2 * wild) / 2)) > 1e-3
    assert disagreement(replace(BY_NAME["log1p"], put=expm1(wild))) > 1e-3
    assert disagreement(replace(BY_NAME["versine"], put=expm1mx(wild))) > 1e-3
    assert disagreement(replace(BY_NAME["sigmoid from above"], put=sigmoid(-wild))) > 1e-3


def bites(rule, dtype):
    """Whether at some point the old form loses more than LOST ulp, and the new one does not."""
    for at in points_of(rule, OBLIGATIONS[rule.name].bites):
        at = {wild: float(dtype(value)) for wild, value in at.items()}
        wanted = exact(rule.put, at)
        if not np.isfinite(dtype(float(wanted))):
            continue
        old = ulps(rounded(rule.find, at, dtype), wanted, dtype)
        new = ulps(rounded(rule.put, at, dtype), wanted, dtype)
        if old > LOST and new <= KEPT:
            return True
    return False


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", OBLIGATIONS)
def test_the_old_form_loses_digits_and_the_new_one_does_not(name, dtype):
    assert bites(BY_NAME[name], dtype)


def test_a_rule_that_loses_nothing_is_caught():
    """The twins: a form that is as good as the new one, and a new one that is as bad."""
    assert not bites(replace(BY_NAME["softplus of minus x"], find=softplus(-wild)), np.float64)
    assert not bites(replace(BY_NAME["expm1mx"], put=expm1(wild) - wild), np.float64)


def less_defined(rule, dtype):
    """The points at which the old form is finite and the new one is not."""
    return [
        at
        for at in points_of(rule, OBLIGATIONS[rule.name].samples)
        if np.isfinite(rounded(rule.find, at, dtype))
        and not np.isfinite(rounded(rule.put, at, dtype))
    ]


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", OBLIGATIONS)
def test_the_new_form_is_finite_wherever_the_old_is(name, dtype):
    assert not less_defined(BY_NAME[name], dtype)


def test_a_rule_that_is_less_defined_is_caught():
    """The twin: log(1 + x) written as log x + log(1 + 1/x)."""
    wrong = replace(BY_NAME["log1p"], put=log(wild) + log1p(1 / wild))
    assert less_defined(wrong, np.float64)


@pytest.mark.parametrize("name", ENABLES)
def test_a_rule_that_only_enables_others_is_needed(name, monkeypatch):
    formulas = {
        "cosh": log((exp(X) + exp(-X)) / 2),
        "sigmoid of softplus": exp(-softplus(-X)), "digamma": polygamma(0, X),
        "trigamma": polygamma(1, X), "tetragamma": polygamma(2, X),
    }  # fmt: skip
    wanted = rewrite(formulas[name])
    assert type(wanted).__name__ == ENABLES[name]
    without = tuple(rule for rule in RULES if rule.name != name)
    monkeypatch.setattr(sys.modules["lossgen.stabilise.rewrite"], "RULES", without)
    assert type(rewrite(formulas[name])).__name__ != ENABLES[name]


REWRITTEN = {
    "inside a formula": (2 * log(1 + exp(X)) + Y, 2 * softplus(X) + Y),
    "of a formula": (log(1 + exp(X - Y)), softplus(X - Y)),
    "in either order": (log(exp(X) + 1), softplus(X)),
    "with the sign inside": (1 / (1 + exp(X)), sigmoid(-X)),
    "a probability of 1": (1 / (1 + exp(-X * Y)), sigmoid(X * Y)),
    "two rules, one after the other": (log(1 / (1 + exp(-X))), -softplus(-X)),
    "nested": (log(cosh(log(1 + exp(X)))), log_cosh(softplus(X))),
    "a small argument": (log(1 + X), log1p(X)),
    "a small argument with a minus": (log(1 - X), log1p(-X)),
    "a difference from 1": (exp(X) - 1, expm1(X)),
    "part of a longer sum": (exp(X) - 1 + Y, expm1(X) + Y),
    "times a number": (3 - 3 * exp(X), -3 * expm1(X)),
    "times a name": (Y * exp(X) - Y, Y * expm1(X)),
    "a wild twice": (exp(X * Y) - 1 - X * Y, expm1mx(X * Y)),
    "part of a longer product": (Y * exp(X) / (1 + exp(X)) ** 2, Y * sigmoid(X) * sigmoid(-X)),
    "with floats": (1.0 / (1.0 + exp(-X)), sigmoid(X)),
    "a power that is no number": ((1 - 1 / (1 + exp(-X))) ** (Y**2), sigmoid_power(-X, Y**2)),
    "any square": (sqrt(X**2 * Y**2 / 4 + 9), hypot(X * Y / 2, 3)),
    "a singular parameter": ((exp(2 * X) ** Y - 1) / Y, expm1(2 * X * Y) / Y),
}
LEFT = {
    "a logarithm of a name": log(X),
    "a logarithm of a product": log(X * Y),
    "a logarithm of 2 and x": log(2 + X),
    "an exponential": exp(X) - 2,
    "a difference that is none": exp(X) + 1,
    "another multiple": exp(X) - 2 - X,
    "a square that is none": sqrt(X**3 + 9),
    "a power of what may be negative": X**Y - 1,
    "two different names": exp(X) - 1 - Y - exp(X),
    "a small whole power": tanh(X) ** 2,
    "a product of what may be negative": X * log(Y),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_rewritten(case):
    old, new = REWRITTEN[case]
    with undistributed():
        assert rewrite(old) == new


@pytest.mark.parametrize("case", LEFT)
def test_left_alone(case):
    assert rewrite(LEFT[case]) == LEFT[case]


def programs():
    made = {**entries(), **{name: one.entry for name, one in LOSSES.items()}}
    found = {name: str(before.__wrapped__(program(entry)).program) for name, entry in made.items()}
    with undistributed():
        found |= {name: str(rewrite(old)) for name, (old, _) in REWRITTEN.items()}
    return found


def test_the_order_of_the_table_does_not_matter(monkeypatch):
    wanted = programs()
    for seed in range(2):
        shuffled = list(RULES)
        random.Random(seed).shuffle(shuffled)
        monkeypatch.setattr(sys.modules["lossgen.stabilise.rewrite"], "RULES", tuple(shuffled))
        assert programs() == wanted


def test_a_table_in_which_order_matters_would_be_seen(monkeypatch):
    """The twin: without its first rules the programs differ."""
    wanted = programs()
    monkeypatch.setattr(sys.modules["lossgen.stabilise.rewrite"], "RULES", RULES[-2:])
    assert programs() != wanted


def test_rewriting_again_changes_nothing():
    for entry in entries().values():
        once = prepare(program(entry))
        assert str(prepare(once)) == str(once), entry.name


def test_a_base_that_may_be_negative_has_no_power_transform():
    u = Symbol("u", positive=True)
    with undistributed():
        assert rewrite((u**Y - 1) / Y) == boxcox(u, Y)
