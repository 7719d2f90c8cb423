"""float32 and float64 are kept, mixed inputs promoted, each gradient in its argument's dtype."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

X = np.linspace(-3, 3, 7)
Y = np.zeros(7)
BOTH = ("prediction", "target")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype):
    huber = by_hand("huber")
    value, gradient = huber.value_and_gradient(X.astype(dtype), Y.astype(dtype), reduction="none")
    assert value.dtype == gradient.dtype == dtype


def test_mixed_inputs_are_computed_in_the_wider_dtype():
    huber = by_hand("huber")
    narrow = X.astype(np.float32)
    value, (dx, dy) = huber.value_and_gradient(narrow, Y, wrt=BOTH, reduction="none")
    wide, gradient = huber.value_and_gradient(narrow.astype(float), Y, reduction="none")
    assert (value.dtype, dx.dtype, dy.dtype) == (np.float64, np.float32, np.float64)
    np.testing.assert_array_equal(value, wide)
    np.testing.assert_array_equal(dx, gradient.astype(np.float32))


def test_integers_become_float64():
    huber = by_hand("huber")
    gradient = huber.gradient(np.arange(3), np.ones(3, np.uint8))
    assert gradient.dtype == np.float64
    assert huber([1, 2], [3, 4]) == huber([1.0, 2.0], [3.0, 4.0])


def test_python_numbers_take_the_dtype_they_meet():
    value = by_hand("huber")(X.astype(np.float32), 0.1, reduction="none")
    assert value.dtype == np.float32


def test_float16_is_computed_in_float32():
    huber = by_hand("huber")
    x, y = np.array([300.0, 0.1], np.float16), np.zeros(2, np.float16)
    value, gradient = huber.value_and_gradient(x, y, delta=400.0, reduction="none")
    wide = huber(x.astype(np.float32), y.astype(np.float32), delta=400.0, reduction="none")
    assert value.dtype == gradient.dtype == np.float16
    np.testing.assert_array_equal(value, wide.astype(np.float16))
    assert huber(x[:1], y[:1], delta=400.0) == 45000.0


def test_weights_do_not_promote():
    huber = by_hand("huber")
    value = huber(X.astype(np.float32), Y.astype(np.float32), sample_weight=X, reduction="none")
    assert value.dtype == np.float32


@pytest.mark.parametrize(
    "wrong",
    [X.astype(complex), X.astype(object), X.astype(str), X.astype(np.longdouble),
     X.astype("M8[s]"), np.ma.masked_less(X, 0), [[1.0], [2.0, 3.0]], {"a": 1}],
    ids=["complex", "object", "text", "longdouble", "date", "masked", "ragged", "mapping"],
)  # fmt: skip
def test_other_dtypes_are_refused(wrong):
    with pytest.raises(TypeError, match=r"^huber: target"):
        by_hand("huber")(X, wrong)
