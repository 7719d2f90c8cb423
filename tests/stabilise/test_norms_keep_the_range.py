"""Norms, cosines and forms are right where their squares overflow, underflow, or cancel."""

from typing import no_type_check

import numpy as np
import pytest

from lossgen import losses
from lossgen.build import kernels
from lossgen.catalogue.entries import entries
from lossgen.language import *
from lossgen.runtime import Loss
from lossgen.stabilise import forms as quadratic
from lossgen.stabilise import passes

a = axis("a")
b = a.indices("b")[0]
SIZES = [1e-44, 1e-38, 1e-25, 1e-10, 1.0, 1e10, 1e19, 1e30, 1e37]


@pytest.mark.parametrize("size", SIZES)
def test_norm_and_its_direction_at_every_size(size):
    x, y = np.array([[3, 0]], np.float32) * np.float32(size), np.array([[0, 4]], np.float32)
    y = y * np.float32(size)
    value, slope = losses.euclidean_distance.value_and_gradient(x, y)
    assert value == pytest.approx(
        float(np.hypot(*(x[0] - y[0]).astype(float))), rel=2e-7, abs=2e-45
    )
    assert slope[0] == pytest.approx([0.6, -0.8], rel=4e-7, abs=0.1 if size < 1e-40 else 0)


@pytest.mark.parametrize("angle", [1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30])
def test_a_small_angle_is_no_cancellation(angle, size):
    x = np.array([[1, 0]], np.float32) * np.float32(size)
    y = np.array([[1, angle]], np.float32) * np.float32(size)
    # 1 - cos = angle^2 / 2; in float32 the difference itself has no digit below 3e-4.
    assert losses.cosine_distance(x, y) == pytest.approx(angle**2 / 2, rel=2 * angle**2 + 1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_quadratic_forms_at_every_size(size):
    x, y = np.array([[3, 0]], np.float32) * np.float32(size), np.zeros((1, 2), np.float32)
    precision = np.array([[4, 1], [1, 2]], np.float32)
    value, slope = losses.mahalanobis_distance.value_and_gradient(x, y, precision=precision)
    assert value == pytest.approx(6 * size, rel=1e-6, abs=1e-44)
    assert slope[0] == pytest.approx([2, 0.5], rel=1e-6 if size > 1e-40 else 0.2)


def form_and_its_root():
    """A quadratic form that is read twice; made anew, so that it is derived anew."""

    @loss
    @no_type_check
    def form_and_its_root(x: Real[a], y: Real[a], *, precision: Real[a, a]):
        form = SumOver(a, b, (x[a] - y[a]) * precision[a, b] * (x[b] - y[b]))
        return sqrt(form) + form

    x = np.array([[1e120, 0.0]])
    return form_and_its_root(x, np.zeros_like(x), precision=np.eye(2))


def test_a_form_that_something_else_reads_keeps_its_value():
    assert form_and_its_root() == pytest.approx(1e240, rel=1e-14)


def test_a_form_that_names_no_difference_is_scaled_too():
    @loss
    @no_type_check
    def mahalanobis_as_typed(x: Real[a], y: Real[a], *, precision: Real[a, a]):
        return sqrt(SumOver(a, b, (x[a] - y[a]) * precision[a, b] * (x[b] - y[b])))

    x = np.array([[3e200, 4e200], [3e-200, 4e-200]])
    typed = mahalanobis_as_typed(x, np.zeros_like(x), precision=np.eye(2), reduction="none")
    assert typed == pytest.approx([5e200, 5e-200], rel=1e-14)


def test_a_form_scaled_under_other_readers_is_caught(monkeypatch):
    monkeypatch.setattr(quadratic, "_read_once", lambda name, program: name)
    assert form_and_its_root() != pytest.approx(1e240, rel=1e-2)


def test_an_outer_product_keeps_elements_that_are_far_smaller():
    x, y = np.array([[1e30, 1e-12, 1e-3]], np.float32), np.zeros((1, 3), np.float32)
    precision = np.eye(3, dtype=np.float32)
    slope = losses.mahalanobis_distance.gradient(x, y, precision=precision, wrt="precision")
    assert slope[1, 2] == pytest.approx(1e-15 / 2e30, rel=0.1)
    assert slope[0, 2] == pytest.approx(0.5e-3, rel=1e-6)


def test_a_parameter_is_taken_into_the_sum_that_it_multiplies():
    weights = np.full((1, 3), 1e25, np.float32)
    assert losses.l2_regularizer(weights, strength=0.0) == 0
    assert losses.l2_regularizer(weights, strength=1e-20) == pytest.approx(3e30, rel=1e-6)
    assert losses.l1_regularizer(weights * 1e13, strength=1e-20) == pytest.approx(3e18, rel=1e-6)


LARGE = np.full((1, 2), 1e30, np.float32)
# A pass, a loss that needs it, and arguments at which its kernel is wrong without.
WITHOUT = {
    "norms": ("euclidean_distance", (LARGE, 0 * LARGE), {}),
    "cosines": ("cosine_distance", (np.float32([[1, 0]]), np.float32([[1, 1e-4]])), {}),
    "forms": ("mahalanobis_distance", (LARGE, 0 * LARGE), {"precision": np.eye(2, dtype="f")}),
    "strengths": ("l2_regularizer", (LARGE,), {"strength": 1e-25}),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_kernels_without_the_pass_are_caught(name, monkeypatch):
    loss_name, given, parameters = WITHOUT[name]
    loss = getattr(losses, loss_name)
    monkeypatch.setattr(passes, name, lambda program: program)
    caches = passes.before, passes.after
    for cache in caches:
        cache.cache_clear()
    plain = Loss(loss.interface, kernels(entries()[loss_name]), entry=loss.entry)
    for cache in caches:
        cache.cache_clear()
    right = loss(*(array.astype(float) for array in given), **parameters)
    assert loss(*given, **parameters) == pytest.approx(right, rel=1e-6)
    assert plain(*given, **parameters) != pytest.approx(right, rel=1e-2)
