"""Leading shapes are equal, only 0-d values are stretched, and axes lie where one says."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

RNG = np.random.default_rng(3)
P, M = RNG.random((2, 3, 9)), RNG.random((2, 3, 9))


def test_the_column_against_the_row_is_refused_with_the_line_to_write():
    x, y = np.ones((5, 1)), np.ones(5)
    with pytest.raises(
        ValueError, match=r"\(5, 1\).*\(5,\).*target\[:, None\], or prediction\[\.\.\., 0\]"
    ):
        by_hand("huber")(x, y)
    with pytest.raises(ValueError, match=r"prediction\[:, None\], or target\[\.\.\., 0\]"):
        by_hand("huber")(y, x)


def test_a_label_column_is_refused_with_the_line_to_write():
    with pytest.raises(ValueError, match=r"Write label\[\.\.\., 0\]\."):
        by_hand("softmax_cross_entropy")(np.ones((5, 3)), np.zeros((5, 1), int))


def test_nothing_is_broadcast():
    huber, dice = by_hand("huber"), by_hand("dice")
    with pytest.raises(ValueError, match=r"numpy\.broadcast_to\(target, prediction\.shape\)"):
        huber(np.ones((4, 3)), np.ones(3))
    with pytest.raises(ValueError, match="must be equal"):
        huber(np.ones(4), np.ones(3))
    with pytest.raises(ValueError, match="must be equal"):
        dice(P, M[0, 0])


def test_extents_of_an_axis_agree():
    dice = by_hand("dice")
    with pytest.raises(
        ValueError, match=r"^dice: mask has 7 columns, prob has 9; both run over axis k\.$"
    ):
        dice(P, M[..., :7])
    with pytest.raises(ValueError, match="at least 1 dimension, for axis k"):
        dice(1.0, 1.0)
    center = by_hand("center_loss")
    with pytest.raises(ValueError, match="centers has 4 elements along d"):
        center(np.ones((5, 3)), np.zeros(5, int), centers=np.ones((2, 4)))
    with pytest.raises(ValueError, match="it is shared by all rows and has the axes c, d only"):
        center(np.ones((5, 3)), np.zeros(5, int), centers=np.ones((5, 2, 3)))


def test_any_number_of_leading_dimensions():
    dice = by_hand("dice")
    rows = dice(P, M, reduction="none")
    assert rows.shape == (2, 3)
    flat = dice(P.reshape(6, 9), M.reshape(6, 9), reduction="none")
    np.testing.assert_array_equal(rows.reshape(6), flat)
    assert dice.gradient(P, M).shape == P.shape
    assert dice(P[0, 0], M[0, 0], reduction="none").shape == ()


def test_a_0d_value_is_stretched_and_its_gradient_is_the_sum():
    huber = by_hand("huber")
    x = RNG.normal(size=400)
    assert huber(x, 0.5) == huber(x, np.full(400, 0.5)) == huber(x, np.array(0.5))
    _, (dx, dy) = huber.value_and_gradient(x, 0.5, wrt=("prediction", "target"))
    assert isinstance(dy, np.float64)
    assert dx.shape == (400,)
    np.testing.assert_allclose(dy, -dx.sum(), rtol=1e-13)
    np.testing.assert_allclose(huber.gradient(x, 0.5, reduction="none"), 400 * dx, rtol=1e-15)
    with pytest.raises(ValueError, match="target is shared by all rows"):
        huber.gradient(x, 0.5, wrt="target", reduction="none")
    curvature = huber.hessian_vector_product(0.5, x, vector=2.0)
    np.testing.assert_allclose(curvature, 2 * huber.hessian_diagonal(0.5, x), rtol=1e-13)


def test_one_row_of_numbers():
    huber = by_hand("huber")
    assert huber(1.0, 3.0) == 1.5
    assert huber.gradient(1, 3) == -1.0
    assert isinstance(huber(1.0, 3.0, reduction="none"), np.float64)


def test_an_axis_may_lie_anywhere():
    dice, softmax = by_hand("dice"), by_hand("softmax_cross_entropy")
    moved, truth = np.moveaxis(P, -1, 1), np.moveaxis(M, -1, 1)
    assert dice(moved, truth, axis=1) == dice(P, M) == dice(moved, truth, axes={"k": -2})
    gradient = dice.gradient(moved, truth, axis=1)
    assert gradient.flags.c_contiguous
    np.testing.assert_array_equal(np.moveaxis(gradient, 1, -1), dice.gradient(P, M))
    logits, label = RNG.normal(size=(2, 5, 3, 4)), RNG.integers(0, 5, (2, 3, 4))
    assert softmax(logits, label, axis=1) == softmax(np.moveaxis(logits, 1, -1), label)


def test_an_axis_may_lie_along_several_dimensions():
    dice = by_hand("dice")
    image, truth = P.reshape(2, 3, 3, 3), M.reshape(2, 3, 3, 3)
    where = {"k": (-2, -1)}
    assert dice(image, truth, axes=where) == dice(P, M)
    gradient = dice.gradient(image, truth, axes=where)
    np.testing.assert_array_equal(gradient.reshape(P.shape), dice.gradient(P, M))
    out = np.empty_like(image)
    assert dice.gradient(image, truth, axes={"k": (2, 3)}, out=out) is out
    np.testing.assert_array_equal(out, gradient)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"axis": 3}, "no dimension 3"),
        ({"axes": {"c": 1}}, "there is no axis 'c'"),
        ({"axes": {"k": (1, 1)}}, "overlap"),
        ({"axes": {"k": 1.5}}, "integer or a tuple"),
        ({"axes": 1}, "mapping"),
    ],
    ids=str,
)
def test_a_wrong_axis_is_one_sentence(where, says):
    with pytest.raises((ValueError, TypeError), match=says):
        by_hand("dice")(P, M, **where)
