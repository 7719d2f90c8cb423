"""Whatever has the array interface or DLPack is read without a copy."""

import numpy as np
import pandas
import pytest
from runtime.by_hand import by_hand

from lossgen.runtime.arrays import read

X = np.array([0.0, 0.5, 3.0])


class OnlyDlpack:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **named):
        return self.array.__dlpack__(**named)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class Unreadable:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.\nUse detach().")


def test_a_series_is_read_in_place():
    series = pandas.Series(X)
    assert np.shares_memory(read("huber", "target", series), series.to_numpy())
    assert by_hand("huber")(series, pandas.Series(0 * X)) == by_hand("huber")(X, 0 * X)


def test_dlpack_is_read_in_place():
    assert np.shares_memory(read("huber", "target", OnlyDlpack(X)), X)


def test_lists_are_read():
    assert by_hand("huber")([0, 0.5, 3.0], [0, 0, 0]) == by_hand("huber")(X, 0 * X)


def test_missing_values_of_pandas_are_refused():
    with pytest.raises(TypeError, match="huber: target"):
        by_hand("huber")(X, pandas.Series([1, None, 2], dtype=object))


def test_what_cannot_be_read_says_why_in_one_line():
    with pytest.raises(TypeError, match=r"an? Unreadable") as caught:
        by_hand("huber")(X, Unreadable())
    assert "requires grad" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("library", ["torch", "jax.numpy"])
def test_tensors(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    tensor = module.asarray(X)
    assert by_hand("huber")(tensor, 0 * tensor) == by_hand("huber")(X, 0 * X)
