"""Norms and cosines are right where their squares overflow, underflow, or cancel."""

import numpy as np
import pytest

from lossgen import losses
from lossgen.build import kernels
from lossgen.catalogue.entries import entries
from lossgen.runtime import Loss
from lossgen.stabilise import passes

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


@pytest.mark.parametrize("name", ["norms", "cosines"])
def test_kernels_without_the_pass_are_caught(name, monkeypatch):
    monkeypatch.setattr(passes, name, lambda program: program)
    passes.before.cache_clear()
    loss = losses.euclidean_distance if name == "norms" else losses.cosine_distance
    plain = Loss(loss.interface, kernels(entries()[loss.name]), entry=loss.entry)
    passes.before.cache_clear()
    if name == "norms":
        x, y = np.full((1, 2), 1e30, np.float32), np.zeros((1, 2), np.float32)
        assert np.isinf(plain(x, y))
        assert np.isfinite(loss(x, y))
    else:
        x, y = np.array([[1, 0]], np.float32), np.array([[1, 1e-4]], np.float32)
        assert abs(plain(x, y) - 5e-9) > 2e-9
        assert abs(loss(x, y) - 5e-9) < 1e-13
