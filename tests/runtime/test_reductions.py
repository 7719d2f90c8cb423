"""What is reduced is what is differentiated; an empty mean is 0; weights count rows."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

X = np.array([0.0, 0.5, 3.0, -2.0])
Y = np.zeros(4)
ROWS = np.array([0.0, 0.125, 2.5, 1.5])
SLOPES = np.array([0.0, 0.5, 1.0, -1.0])
W = np.array([1.0, 2.0, 0.0, 1.0])


def test_reduced_values_are_floats():
    huber = by_hand("huber")
    mean, total = huber(X, Y), huber(X, Y, reduction="sum")
    assert type(mean) is type(total) is float
    assert (mean, total) == (ROWS.sum() / 4, ROWS.sum())
    assert type(huber(X.astype(np.float32), Y.astype(np.float32))) is float


def test_without_reduction_each_row_has_its_loss_and_its_own_gradient():
    huber = by_hand("huber")
    np.testing.assert_array_equal(huber(X, Y, reduction="none"), ROWS)
    np.testing.assert_array_equal(huber.gradient(X, Y, reduction="none"), SLOPES)
    np.testing.assert_array_equal(huber(X, Y, reduction="none", sample_weight=W), W * ROWS)
    found = huber.gradient(X, Y, reduction="none", sample_weight=W)
    np.testing.assert_array_equal(found, W * SLOPES)


def test_the_mean_divides_by_the_sum_of_the_weights():
    huber = by_hand("huber")
    assert huber(X, Y, sample_weight=W) == (W * ROWS).sum() / 4
    np.testing.assert_array_equal(huber.gradient(X, Y, sample_weight=W), W * SLOPES / 4)
    np.testing.assert_array_equal(
        huber.gradient(X, Y, sample_weight=W, reduction="sum"), W * SLOPES
    )


def test_an_empty_mean_is_zero():
    huber = by_hand("huber")
    nothing = np.zeros(0)
    assert huber(nothing, nothing) == huber(nothing, nothing, reduction="sum") == 0.0
    assert huber(X, Y, sample_weight=np.zeros(4)) == 0.0
    assert huber.gradient(nothing, nothing).shape == (0,)
    np.testing.assert_array_equal(huber.gradient(X, Y, sample_weight=np.zeros(4)), np.zeros(4))
    assert by_hand("dice")(np.zeros((0, 3)), np.zeros((0, 3))) == 0.0


def test_weights_that_cancel_have_no_mean():
    weights = np.array([1.0, -1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="weights sum to 0"):
        by_hand("huber")(X, Y, sample_weight=weights)
    assert by_hand("huber")(X, Y, sample_weight=weights, reduction="sum") == -0.125


def test_boolean_and_integer_weights_count():
    huber = by_hand("huber")
    assert huber(X, Y, sample_weight=W != 0) == ROWS[[0, 1, 3]].mean()
    assert huber(X, Y, sample_weight=W.astype(int)) == huber(X, Y, sample_weight=W)


@pytest.mark.parametrize("weights", [np.ones(3), np.ones((4, 1)), 1.0], ids=str)
def test_weights_have_exactly_the_unreduced_shape(weights):
    with pytest.raises(ValueError, match=r"the unreduced loss has shape \(4,\)"):
        by_hand("huber")(X, Y, sample_weight=weights)


def test_a_shared_argument_gets_the_weighted_sum_over_rows():
    center = by_hand("center_loss")
    rng = np.random.default_rng(1)
    features, label = rng.normal(size=(50, 3)), rng.integers(0, 4, 50)
    centers, weight = rng.normal(size=(4, 3)), rng.random(50)
    found = center.gradient(features, label, centers=centers, wrt="centers", sample_weight=weight)
    expected = np.zeros((4, 3))
    np.add.at(expected, label, weight[:, None] * (centers[label] - features))
    np.testing.assert_allclose(found, expected / weight.sum(), rtol=1e-12)
    with pytest.raises(ValueError, match="centers is shared by all rows"):
        center.gradient(features, label, centers=centers, wrt="centers", reduction="none")
