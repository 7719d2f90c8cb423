"""A check never seen to fail does not count: each wrong kernel is caught, the right one passes."""

import numpy as np
import pytest
from checks.mutants import CHANGES, STRUCTURES, TEXTS, Swapped, Wrong, context, edited

from lossgen.checks.accuracy import accuracy
from lossgen.checks.differences import differences


def failing(rows):
    return {row.output for row in rows if not row.ok}


@pytest.mark.parametrize("name", STRUCTURES)
def test_right_kernel_passes(name):
    run = context(name)
    assert failing(accuracy(run.loss, run)) == set()
    assert failing(differences(run.loss, run)) == set()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", STRUCTURES)
def test_reference_catches(name, change):
    run = context(name)
    wrong = Wrong(run.loss, STRUCTURES[name], CHANGES[change])
    assert failing(accuracy(wrong, run)) == {STRUCTURES[name]}


@pytest.mark.parametrize("change", ["sign flipped", "twice too large", "nothing there"])
@pytest.mark.parametrize("name", [name for name in STRUCTURES if name != "center_loss"])
def test_differences_catch(name, change):
    run = context(name)
    wrong = Wrong(run.loss, STRUCTURES[name], CHANGES[change])
    assert "gradient" in failing(differences(wrong, run))


def test_differences_catch_a_wrong_value():
    run = context("huber")
    wrong = Wrong(run.loss, "value", lambda value: value * (1 + 1e-4))
    assert "gradient" in failing(differences(wrong, run))


def test_differences_catch_a_wrong_hessian():
    run = context("sparse_softmax_cross_entropy")
    wrong = Wrong(run.loss, "h_logits", lambda array: array * (1 + 1e-3))
    assert failing(differences(wrong, run)) == {"Hessian diagonal"}


def test_gradient_outside_the_slopes_at_a_kink_is_caught():
    run = context("hinge")
    wrong = Wrong(run.loss, "d_score", lambda array: array + 8 * (array == 0))
    rows = {row.check: row.ok for row in differences(wrong, run)}
    assert not rows["gradient between the slopes at kinks"]


@pytest.mark.parametrize("name", ["hinge", "pinball"])
def test_swapped_arguments_are_caught(name):
    run = context(name)
    assert failing(accuracy(Swapped(run.loss), run))


@pytest.mark.parametrize(
    ("name", "pattern", "instead"),
    [(name, pattern, instead) for name, _, pattern, instead in TEXTS],
    ids=[f"{name}, {wrong}" for name, wrong, _, _ in TEXTS],
)
def test_edited_file_is_caught(name, pattern, instead):
    run = context(name)
    assert failing(accuracy(edited(name, pattern, instead), run))


def test_eight_bits_lost_in_float32_are_caught():
    run = context("huber", np.dtype(np.float32))
    wrong = Wrong(run.loss, "d_prediction", CHANGES["eight bits lost"])
    assert failing(accuracy(wrong, run)) == {"d_prediction"}
