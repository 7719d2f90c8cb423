"""The loops of a plan, carried out as they stand, give what the program says.

For every form of every loss.
"""

from dataclasses import replace

import mpmath as mp
import pytest
from derive.differences import CLOSE, furthest
from derive.evaluator import Run
from derive.nasty import LOSSES
from derive.points import point_of, random_like
from plan.walk import Walk

from lossgen.catalogue.entries import entries
from lossgen.emit.form import forms
from lossgen.language.program import Reduction
from lossgen.plan import Leaf, plan
from lossgen.stabilise import finish
from lossgen.stages import lower

ENTRIES = {**entries(), **{name: made.entry for name, made in LOSSES.items()}}


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(40):
        yield


def point_for(form):
    point = point_of(form.entry)
    if form.name == "hessian_vector_product":
        name = form.program.outputs[0].removeprefix("hv_")
        point["vector"] = random_like(form.program, name, point)
    return point


def distance(form, laid_out):
    """How far the outputs of a plan are from those of the program."""
    point = point_for(form)
    inside = zip(form.program.arguments, laid_out.program.arguments, strict=True)
    spelled = {own.name: point[given.name] for given, own in inside}
    run, walk = Run(form.program, point), Walk(laid_out, spelled)
    return max(furthest(walk.output(name), run.output(name)) for name in form.program.outputs)


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_form(name):
    for form in forms(ENTRIES[name]).forms:
        assert distance(form, form.plan) < CLOSE, form.name


def test_a_plan_that_stores_too_little_is_caught():
    """The twin: the row maxima of a softmax over pairs squeezed into one number."""
    form = next(f for f in forms(ENTRIES["soft_assignment"]).forms if f.name == "gradient")
    assert form.plan.stored
    assert distance(form, replace(form.plan, stored={})) > CLOSE


def test_a_plan_out_of_order_is_caught():
    """The twin: the fold of a distance read before its loop."""
    form = forms(ENTRIES["euclidean_distance"]).forms[0]
    turned = replace(form.plan, items=list(reversed(form.plan.items)))
    assert any(isinstance(item, Leaf) for item in turned.items)
    with pytest.raises(KeyError):
        distance(form, turned)


def test_a_fold_that_starts_elsewhere_is_caught():
    """The twin: a maximum in place of a sum."""
    form = forms(ENTRIES["dice"]).forms[0]
    statements = tuple(
        replace(s, operation="max") if isinstance(s, Reduction) else s
        for s in form.program.statements
    )
    wrong = plan(lower(finish(replace(form.program, statements=statements))))
    assert distance(form, wrong) > CLOSE
