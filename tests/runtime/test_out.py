"""`out=` gives the bits of a fresh array, in any layout, and is checked before it is written."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=(60, 50)), RNG.normal(size=(60, 50))
BOTH = ("prediction", "target")


def test_out_is_returned_and_equals_a_fresh_result():
    huber = by_hand("huber")
    out = np.empty_like(X)
    value, gradient = huber.value_and_gradient(X, Y, out=out)
    assert gradient is out
    assert value == huber(X, Y)
    np.testing.assert_array_equal(out, huber.gradient(X, Y))


def test_several_results_take_a_tuple():
    huber = by_hand("huber")
    outs = tuple(np.empty_like(X) for _ in range(3))
    value, (dx, dy) = huber.value_and_gradient(X, Y, wrt=BOTH, reduction="none", out=outs)
    assert (value is outs[0], dx is outs[1], dy is outs[2]) == (True, True, True)
    value, first, second = huber.derivatives(X, Y, out=(None, outs[0]))
    assert second is outs[0]
    np.testing.assert_array_equal(first, huber.gradient(X, Y))


@pytest.mark.parametrize("order", ["F", "strided", "transposed", "reversed"])
def test_out_may_have_any_layout(order):
    huber = by_hand("huber")
    out = {
        "F": lambda: np.empty(X.shape, order="F"),
        "strided": lambda: np.empty((60, 100))[:, ::2],
        "transposed": lambda: np.empty((50, 60)).T,
        "reversed": lambda: np.empty(X.shape)[::-1, ::-1],
    }[order]()
    huber.gradient(X, Y, out=out)
    np.testing.assert_array_equal(out, huber.gradient(X, Y))


def test_interleaved_outs_as_boosting_libraries_want_them():
    huber = by_hand("huber")
    pairs = np.empty((60, 50, 2))
    huber.gradient_and_hessian_diagonal(X, Y, out=(pairs[..., 0], pairs[..., 1]))
    np.testing.assert_array_equal(pairs[..., 1], huber.hessian_diagonal(X, Y))


def test_out_may_be_an_input():
    huber = by_hand("huber")
    expected = huber.gradient(X, Y, wrt=BOTH)
    x, y = X.copy(), Y.copy()
    huber.gradient(x, y, wrt=BOTH, out=(y, x))
    np.testing.assert_array_equal(y, expected[0])
    np.testing.assert_array_equal(x, expected[1])


def test_out_may_overlap_an_input():
    huber = by_hand("huber")
    memory = RNG.normal(size=3100)
    x, y, out = memory[:2900], Y.reshape(-1)[:2900], memory[200:]
    expected = huber.gradient(x, y)
    huber.gradient(x, y, out=out)
    np.testing.assert_array_equal(out, expected)


def test_out_of_another_dtype_or_shape_is_refused_and_nothing_is_written():
    huber = by_hand("huber")
    wrong = {
        "dtype": np.full(X.shape, 7, np.float32),
        "shape": np.full((50, 60), 7.0),
        "flat": np.full(3000, 7.0),
    }
    for out in wrong.values():
        good = np.full_like(X, 7)
        with pytest.raises(ValueError, match="out= has shape"):
            huber.gradient(X, Y, wrt=BOTH, out=(good, out))
        assert (good == 7).all()
        assert (out == 7).all()


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ((np.empty(3), np.empty(3)), "out= has 2 arrays; it must be an array"),
        ([1.0, 2.0, 3.0], "out= holds a list"),
        (np.broadcast_to(np.empty(1), 3), "read-only"),
        (np.lib.stride_tricks.as_strided(np.empty(1), (3,), (0,)), "share memory"),
    ],
    ids=["too many", "list", "read-only", "one element"],
)
def test_an_unfit_out_is_one_sentence(out, says):
    with pytest.raises((ValueError, TypeError), match=says):
        by_hand("huber").gradient(np.ones(3), np.ones(3), out=out)


def test_a_reduced_value_has_no_out_and_outs_do_not_overlap():
    huber = by_hand("huber")
    with pytest.raises(ValueError, match="a reduced value is a number"):
        huber(X, Y, out=np.empty(3000))
    out = np.empty(X.shape)
    with pytest.raises(ValueError, match="two arrays of out= share memory"):
        huber.gradient(X, Y, wrt=BOTH, out=(out, out))


def test_a_wrong_label_is_refused_before_out_is_written():
    logits, out = np.ones((4, 3)), np.full((4, 3), 7.0)
    with pytest.raises(ValueError, match=r"label\[2\] is 3; it must be in 0 \.\. 2"):
        by_hand("softmax_cross_entropy").gradient(logits, np.array([0, 1, 3, 2]), out=out)
    assert (out == 7).all()
