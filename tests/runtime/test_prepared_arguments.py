"""`prepare` computes integer arguments row by row; what it returns is checked."""

import numpy as np
import pytest
from runtime.by_hand import literal_of

from lossgen.runtime import DependencyError, Loss, TextKernels

TEXT = """
from numba import njit

INTERFACE = {
    "name": "sorted_gap", "summary": "", "formula": "", "source": "", "aliases": (),
    "arguments": {
        "x": {"domain": "Real", "axes": ("n",)},
        "order": {"domain": "Label", "axes": ("n",), "values": "n"},
    },
    "shared": {}, "prepared": ("order",), "prepare": "numpy:argsort", "wrt": ("x",),
    "gradients": ("x",), "second": None, "hessian_diagonal": False, "refused": "", "block": 16,
    "symmetric": False,
}


@njit(nogil=True)
def value(x, order, weight, totals, value):
    for block in range(totals.shape[0]):
        total = x.dtype.type(0)
        for row in range(block * 16, min(block * 16 + 16, x.shape[0])):
            loss = x[row, order[row, -1]] - x[row, order[row, 0]]
            total += loss
            if value is not None:
                value[row] = loss
        totals[block] = total
"""


def order(x):
    return {"order": np.argsort(x)}


def loss(prepare=order, text=TEXT):
    return Loss(
        literal_of(text), TextKernels("sorted_gap", {"cpu": text}, {"cpu": ""}), prepare=prepare
    )


X = np.random.default_rng(15).normal(size=(20, 6))


def test_rows_are_prepared_one_by_one():
    np.testing.assert_array_equal(loss()(X, reduction="none"), np.ptp(X, axis=1))
    assert loss()(X.reshape(4, 5, 6)) == loss()(X)
    assert loss()(X[:0]) == 0.0


def test_prepared_arguments_are_hidden():
    assert repr(loss()) == "<loss sorted_gap(x)>"
    with pytest.raises(TypeError, match="order is no argument"):
        loss()(X, order=X)


WRONG = {
    "no name": (lambda x: {}, "row 0, no order"),
    "floats": (lambda x: {"order": x}, "dtype float64"),
    "shape": (lambda x: {"order": np.zeros(3, int)}, r"shape \(3,\)"),
    "range": (lambda x: {"order": np.arange(1, 7)}, r"values 1 \.\. 6.*0 \.\. 5"),
}


@pytest.mark.parametrize(("prepare", "says"), WRONG.values(), ids=WRONG)
def test_what_it_returns_is_checked(prepare, says):
    with pytest.raises(ValueError, match=says):
        loss(prepare)(X)


def test_a_function_that_is_not_there():
    with pytest.raises(DependencyError, match="numpy:nothing"):
        loss(None, TEXT.replace("numpy:argsort", "numpy:nothing"))(X)
