"""Each rewrite keeps the mathematics and saves digits where the old form loses them.

It is never less defined.
"""

import random
from dataclasses import replace

import numpy as np
import pytest
from derive.nasty import LOSSES
from stabilise.obligations import (
    KEPT_ULP,
    LOST,
    OBLIGATIONS,
    error,
    exact,
    rounded,
)
from sympy import Symbol, cosh, exp, log

from lossgen.catalogue.entries import entries
from lossgen.language.functions import expm1, log1p, log_cosh, sigmoid, softplus
from lossgen.language.normal import program
from lossgen.stabilise import prepare
from lossgen.stabilise import rewrite as rewrite_room
from lossgen.stabilise.rewrite import rewrite
from lossgen.stabilise.rules import RULES
from lossgen.stabilise.rules import x as wild

X, Y = Symbol("x", real=True), Symbol("y", real=True)
BY_NAME = {rule.name: rule for rule in RULES}


def sides(rule):
    """The old and the new form of a rule, of a plain symbol."""
    return rule.find.xreplace({wild: X}), rule.put.xreplace({wild: X})


def disagreement(rule):
    """The largest relative difference of the two sides over the samples."""
    old, new = sides(rule)
    pairs = [(exact(old, {X: at}), exact(new, {X: at})) for at in OBLIGATIONS[rule.name].samples]
    return max(abs(a - b) / max(abs(a), abs(b)) if a or b else 0 for a, b in pairs)


def test_every_rule_has_obligations_and_a_reason():
    assert sorted(BY_NAME) == sorted(OBLIGATIONS)
    assert len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert len(rule.why) > 15, rule.name


@pytest.mark.parametrize("name", OBLIGATIONS)
def test_both_sides_are_the_same_number(name):
    assert disagreement(BY_NAME[name]) < 1e-25


def test_a_wrong_rule_is_caught():
    """The twins: a sign, a factor and a function next door."""
    assert disagreement(replace(BY_NAME["softplus"], put=softplus(-wild))) > 1e-3
    assert disagreement(replace(BY_NAME["log cosh"], put=log_cosh(2 * wild) / 2)) > 1e-3
    assert disagreement(replace(BY_NAME["log1p"], put=expm1(wild))) > 1e-3
    assert disagreement(replace(BY_NAME["log sigmoid"], put=softplus(-wild))) > 1e-3


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", OBLIGATIONS)
def test_the_old_form_loses_digits_and_the_new_one_does_not(name, dtype):
    old, new = sides(BY_NAME[name])
    at = {X: float(dtype(OBLIGATIONS[name].bites[dtype]))}
    wanted = exact(old, at)
    tiny = float(np.finfo(dtype).smallest_subnormal)
    assert error(rounded(old, at, dtype), wanted) > LOST
    allowed = KEPT_ULP * max(float(np.finfo(dtype).eps), tiny / max(abs(float(wanted)), tiny))
    assert error(rounded(new, at, dtype), wanted) <= allowed


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", OBLIGATIONS)
def test_the_new_form_is_finite_wherever_the_old_is(name, dtype):
    old, new = sides(BY_NAME[name])
    for at in OBLIGATIONS[name].samples:
        if np.isfinite(rounded(old, {X: at}, dtype)):
            assert np.isfinite(rounded(new, {X: at}, dtype)), at


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
}
KEPT = {
    "a logarithm of a name": log(X),
    "a logarithm of a product": log(X * Y),
    "a logarithm of 2 and x": log(2 + X),
    "an exponential": exp(X) - 2,
    "a difference that is none": exp(X) + 1,
    "a sum of three": exp(X) - 1 + Y,
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_rewritten(case):
    old, new = REWRITTEN[case]
    assert rewrite(old) == new


@pytest.mark.parametrize("case", KEPT)
def test_kept(case):
    assert rewrite(KEPT[case]) == KEPT[case]


def programs():
    made = {**entries(), **{name: one.entry for name, one in LOSSES.items()}}
    return {name: str(prepare(program(entry))) for name, entry in made.items()}


def test_the_order_of_the_table_does_not_matter(monkeypatch):
    wanted = programs()
    for seed in range(2):
        shuffled = list(RULES)
        random.Random(seed).shuffle(shuffled)
        monkeypatch.setattr(rewrite_room_module(), "RULES", tuple(shuffled))
        assert programs() == wanted


def test_a_table_in_which_order_matters_would_be_seen(monkeypatch):
    """The twin: without its first rules the programs differ."""
    wanted = programs()
    monkeypatch.setattr(rewrite_room_module(), "RULES", RULES[-2:])
    assert programs() != wanted


def rewrite_room_module():
    import sys

    assert rewrite_room is not None
    return sys.modules["lossgen.stabilise.rewrite"]


def test_rewriting_again_changes_nothing():
    for entry in entries().values():
        once = prepare(program(entry))
        assert str(prepare(once)) == str(once), entry.name
