"""A derivative costs a few times its value, however long the axes.

No fold is computed again inside a fold.
"""

import mpmath as mp
import pytest
from derive import nasty
from derive.points import point_of, random_like
from plan.walk import Walk
from sympy import S

from lossgen.catalogue.entries import entries
from lossgen.derive import Refused, hessian_diagonal
from lossgen.derive import sums as sums_room
from lossgen.emit.form import forms
from lossgen.language import *
from lossgen.language.normal import program
from lossgen.language.program import Reduction
from lossgen.stabilise import prepare

n = axis("n")
i, j = n.indices("i j")
SMALL, LARGE = {"n": 3, "d": 3}, {"n": 9, "d": 3}
# How many bodies the gradient computes for each that the value computes.
AT_MOST = 6


def steps(entry, form_name, extents):
    """How many bodies the plan of a form computes."""
    form = next(form for form in forms(entry).forms if form.name == form_name)
    with mp.workdps(15):
        point = point_of(entry, extents=extents)
        if form_name == "hessian_vector_product":
            name = form.program.outputs[0].removeprefix("hv_")
            point["vector"] = random_like(form.program, name, point)
        return Walk(form.plan, point).steps


def growth(entry, form_name):
    """By what factor the cost grows when the axis n is three times as long."""
    return steps(entry, form_name, LARGE) / steps(entry, form_name, SMALL)


@pytest.mark.parametrize(
    "form", ["gradient", "value_and_gradient", "derivatives", "hessian_vector_product"]
)
def test_forms_of_info_nce_grow_as_its_value_does(form):
    entry = entries()["info_nce"]
    assert growth(entry, form) < 1.3 * growth(entry, "value")
    assert steps(entry, form, LARGE) < AT_MOST * steps(entry, "value", LARGE)


def test_a_squared_maximum_is_not_searched_once_for_each_element():
    entry = nasty.LOSSES["squared_extremes"].entry
    extents = ({"k": 4}, {"k": 12})
    for form in ("gradient", "derivatives", "hessian_vector_product"):
        small, large = (steps(entry, form, extent) for extent in extents)
        assert large / small < 3.5


@loss
def product_of_sums(x: Real[n], y: Real[n]):
    """x[i] goes before the sum over j that its adjoint needs."""
    return SumOver(i, j, x[i] ** 2 * y[j])


def reductions(derived):
    return [s for s in derived.statements if isinstance(s, Reduction)]


def deepest_new_sum(entry):
    """The loops of the deepest sum that the gradient adds to the value."""
    value, gradient = (form.program for form in forms(entry).forms[:2])
    new = set(reductions(gradient)) - set(reductions(value))
    return max((depth(statement) for statement in new), default=0)


def test_what_does_not_depend_on_the_index_goes_before_the_sum():
    assert deepest_new_sum(product_of_sums.entry) == 1
    assert deepest_new_sum(entries()["dice"]) == 0
    assert deepest_new_sum(entries()["mahalanobis_distance"]) == 2


def test_factors_left_inside_are_caught(monkeypatch):
    """The twin: sums that keep every factor inside."""
    monkeypatch.setattr(sums_room, "_split", lambda term, bound, where: (S.One, term))
    assert deepest_new_sum(product_of_sums.entry) == 2


def test_equal_sums_share_a_name():
    """The sum over k of p that both adjoints need is there once."""
    derived = forms(nasty.LOSSES["own_softmax"].entry).forms[1].program
    bodies = [(s.bound, s.where, s.body) for s in reductions(derived)]
    assert len(bodies) == len(set(bodies))


def test_a_diagonal_with_too_many_loops_is_refused_with_its_reason(monkeypatch):
    """No loss of the catalogue is that dear: the budget is lowered instead."""
    monkeypatch.setattr("lossgen.derive.diagonal._loops", lambda program: 0)
    too_many = r"needs 3 nested loops, more than the 1 of the value and one axis"
    with pytest.raises(Refused, match=too_many):
        hessian_diagonal(prepare(program(entries()["info_nce"])), "query")


@loss
def scattered_between(x: Real[n], order: Label[n][n]):
    """A gathered quantity, no argument: its adjoint is scattered into, then differentiated."""
    y = let("y", x[i] ** 3, over=i)
    return SumOver(i, y[order[i]] ** 2)


def test_a_diagonal_that_needs_a_scattered_adjoint_again_is_refused():
    with pytest.raises(Refused, match=r"^d_y is scattered into before it is differentiated again$"):
        hessian_diagonal(prepare(program(scattered_between.entry)), "x")
    found = forms(scattered_between.entry)
    assert found.refused.startswith("d_y is scattered")
    assert [form.name for form in found.forms] == [
        "value", "gradient", "value_and_gradient", "hessian_vector_product",
    ]  # fmt: skip


def test_a_refusal_is_written_into_the_interface():
    from lossgen.emit.module import literal

    described = literal(forms(scattered_between.entry))
    assert described["hessian_diagonal"] is False
    assert described["refused"].startswith("d_y is scattered")
    assert described["second"] == "x"


def test_no_diagonal_has_more_loops_than_the_value_and_one_axis():
    for entry in (*entries().values(), *(made.entry for made in nasty.LOSSES.values())):
        base = prepare(program(entry))
        deepest = max(depth(statement) for statement in base.statements)
        derived, refusal = diagonal_or_refusal(base, entry.wrt[0])
        if derived is None:
            assert "loops" in refusal or "scattered" in refusal, entry.name
            continue
        kept = derived.live((f"h_{entry.wrt[0]}",))
        assert max(depth(statement) for statement in kept.statements) <= deepest + 1, entry.name


def diagonal_or_refusal(base, name):
    try:
        return hessian_diagonal(base, name), ""
    except Refused as error:
        return None, str(error)


def depth(statement):
    return len(getattr(statement, "indices", ())) + len(getattr(statement, "bound", ()))
