"""Gradient, Hessian diagonal and Hessian-vector product are those that differences show."""

from functools import cache

import mpmath as mp
import pytest
from derive import differences
from derive.differences import CLOSE, DIGITS, furthest
from derive.evaluator import Run
from derive.nasty import LOSSES, NO_DIFFERENCE
from derive.points import point_of, random_like
from sympy import S, exp, sin, tanh

from lossgen.catalogue.entries import entries
from lossgen.derive import Refused, gradient, hessian_diagonal, hessian_vector_product
from lossgen.derive import rules as rules_room
from lossgen.language.entry import Argument
from lossgen.language.functions import log_cosh, ratio, softplus, xlogy
from lossgen.language.interface import second
from lossgen.language.normal import program
from lossgen.stabilise import finish, prepare
from lossgen.stages import lower

ENTRIES = {**entries(), **{name: made.entry for name, made in LOSSES.items()}}
SMOOTH = sorted(set(ENTRIES) - NO_DIFFERENCE)
TWICE = [name for name in SMOOTH if second(ENTRIES[name])]


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(DIGITS):
        yield


@cache
def written(name):
    return program(ENTRIES[name])


def distance(name, derived, output, wanted, extra=None):
    """How far the output of a derived program is from differences, as derived and as laid out."""
    point = {**point_of(ENTRIES[name]), **(extra or {})}
    as_laid_out = lower(finish(derived.live((output,))))
    return max(
        furthest(Run(found, point).output(output), wanted) for found in (derived, as_laid_out)
    )


def gradient_distance(name, wrt):
    derived = gradient(prepare(written(name)), ENTRIES[name].gradients)
    wanted = differences.gradient(written(name), point_of(ENTRIES[name]), wrt)
    return distance(name, derived, f"d_{wrt}", wanted)


def diagonal_distance(name):
    wrt = second(ENTRIES[name])
    derived = hessian_diagonal(prepare(written(name)), wrt)
    wanted = differences.hessian_diagonal(written(name), point_of(ENTRIES[name]), wrt)
    return distance(name, derived, f"h_{wrt}", wanted)


def product_distance(name):
    wrt, point = second(ENTRIES[name]), point_of(ENTRIES[name])
    derived = hessian_vector_product(prepare(written(name)), wrt)
    vector = random_like(derived, wrt, point)
    wanted = differences.hessian_vector_product(written(name), point, wrt, vector)
    return distance(name, derived, f"hv_{wrt}", wanted, {"vector": vector})


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_in_every_argument(name):
    for wrt in ENTRIES[name].gradients:
        assert gradient_distance(name, wrt) < CLOSE, wrt


@pytest.mark.parametrize("name", TWICE)
def test_hessian_diagonal(name):
    try:
        assert diagonal_distance(name) < CLOSE
    except Refused:
        assert name in LOSSES, "no loss of the catalogue is refused a Hessian diagonal today"


@pytest.mark.parametrize("name", TWICE)
def test_hessian_vector_product(name):
    assert product_distance(name) < CLOSE


def test_every_gradient_is_asked_for_by_the_kernels():
    for name, entry in ENTRIES.items():
        derived = gradient(prepare(written(name)), entry.gradients)
        assert derived.outputs == ("loss", *(f"d_{wrt}" for wrt in entry.gradients))


def test_a_stopped_gradient_holds_still():
    """The weight moves with x, so no difference shows the slope: that of the frozen weight."""
    derived = gradient(prepare(written("held_still")), ("x",))
    point = point_of(ENTRIES["held_still"])
    found = Run(derived, point).output("d_x")
    for at, (x, y) in enumerate(zip(point["x"], point["y"], strict=True)):
        assert mp.almosteq(found[at,], 2 * (x - y) / (1 + (x - y) ** 2))


WRONG_RULES = {
    "softplus, doubled": ("many_functions", softplus, lambda x: 2 * rules_room.sigmoid(x)),
    "sine, sign flipped": ("gathered_twice", sin, lambda x: -rules_room.cos(x)),
    "log cosh, a term dropped": ("log_cosh", log_cosh, lambda x: S.One),
    "exponential, shifted": ("label_squared", exp, lambda x: exp(x + 1)),
}


@pytest.mark.parametrize("wrong", WRONG_RULES)
def test_a_wrong_rule_is_caught(wrong, monkeypatch):
    name, function, rule = WRONG_RULES[wrong]
    monkeypatch.setitem(rules_room.PARTIALS, function, (rule,))
    wrt = second(ENTRIES[name])
    assert gradient_distance(name, wrt) > CLOSE
    assert product_distance(name) > CLOSE


def test_a_wrong_second_slot_is_caught(monkeypatch):
    first, _ = rules_room.PARTIALS[xlogy]
    monkeypatch.setitem(rules_room.PARTIALS, xlogy, (first, lambda x, y: -ratio(x, y)))
    assert gradient_distance("categorical_cross_entropy", "prob") > CLOSE
    assert gradient_distance("categorical_cross_entropy", "target") < CLOSE


def test_a_wrong_second_derivative_is_caught_where_the_first_is_right(monkeypatch):
    monkeypatch.setitem(rules_room.PARTIALS, tanh, (lambda x: 1 + tanh(x) ** 2,))
    assert gradient_distance("log_cosh", "prediction") < CLOSE
    assert diagonal_distance("log_cosh") > CLOSE


def test_the_vector_is_an_argument_of_the_shape_of_its_own():
    derived = hessian_vector_product(prepare(written("info_nce")), "query")
    assert isinstance(derived.arguments[-1], Argument)
    assert derived.arguments[-1].name == "vector"
    assert derived.arguments[-1].domain.axes == ("n", "d")
