"""A shared number that an entry differentiates has a gradient: one number, summed over rows."""

import numpy as np
import pytest
from runtime.by_hand import literal_of

from lossgen.runtime import Loss, TextKernels

TEXT = """
from numba import njit

INTERFACE = {
    "name": "scaled", "summary": "", "formula": "a*x", "source": "", "aliases": (),
    "arguments": {"x": {"domain": "Real", "axes": ()}},
    "shared": {"a": {"domain": "Real", "axes": (), "default": 2.0}},
    "prepared": (), "prepare": None, "wrt": ("a",), "gradients": ("x", "a"), "second": None,
    "hessian_diagonal": False, "refused": "", "block": 256, "symmetric": False,
}


@njit(nogil=True)
def gradient(x, a, weight, scale, d_x, d_a):
    for i in range(x.shape[0]):
        w = scale if weight is None else scale * weight[i]
        if d_x is not None:
            d_x[i] = w * a
        if d_a is not None:
            d_a[()] += w * x[i]
"""
SCALED = Loss(literal_of(TEXT), TextKernels("scaled", {"cpu": TEXT}, {"cpu": ""}))
X = np.random.default_rng(17).normal(size=10_000)


@pytest.mark.parametrize("elements", [256, 1 << 18])
def test_it_is_summed_over_rows(elements, monkeypatch):
    monkeypatch.setattr("lossgen.runtime.evaluate.MOST", elements)
    found = [SCALED.gradient(X, threads=count) for count in (1, 2, 5)]
    assert found[0] == found[1] == found[2]
    assert isinstance(found[0], np.float64)
    assert found[0] == pytest.approx(X.mean(), rel=1e-12)
    assert SCALED.gradient(X.astype(np.float32), reduction="sum").dtype == np.float32
    with pytest.raises(ValueError, match="a is shared by all rows"):
        SCALED.gradient(X, reduction="none")
