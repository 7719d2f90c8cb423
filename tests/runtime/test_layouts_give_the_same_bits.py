"""Strided, Fortran, read-only, misaligned, byte-swapped: the same bits as contiguous."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

RNG = np.random.default_rng(5)
P, M, W = RNG.random((700, 33)), RNG.random((700, 33)), RNG.random(700)


def strided(array):
    wide = np.empty((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def backwards(array):
    return array[::-1].copy()[::-1]


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def misaligned(array):
    raw = np.empty(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    raw[...] = array
    assert not raw.flags.aligned
    return raw


def swapped(array):
    return array.astype(array.dtype.newbyteorder())


LAYOUTS = [strided, backwards, read_only, misaligned, swapped, np.asfortranarray]


@pytest.fixture(params=[1 << 18, 4096], ids=["one run", "many runs"])
def _runs(request, monkeypatch):
    monkeypatch.setattr("lossgen.runtime.evaluate.MOST", request.param)


@pytest.mark.usefixtures("_runs")
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_layout(layout):
    dice = by_hand("dice")
    expected = dice.value_and_gradient(P, M, sample_weight=W, wrt=("prob", "mask"))
    found = dice.value_and_gradient(
        layout(P), layout(M), sample_weight=layout(W), wrt=("prob", "mask")
    )
    assert found[0] == expected[0]
    for one, other in zip(found[1], expected[1], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype.isnative


@pytest.mark.usefixtures("_runs")
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_layout_of_a_vector_and_of_labels(layout):
    dice, softmax = by_hand("dice"), by_hand("softmax_cross_entropy")
    np.testing.assert_array_equal(
        dice.hessian_vector_product(P, M, vector=layout(P)),
        dice.hessian_vector_product(P, M, vector=P),
    )
    label = RNG.integers(0, 33, 700)
    assert softmax(P, layout(label)) == softmax(P, label)
    assert softmax(P, label.astype(np.uint8)) == softmax(P, label)


def test_contiguous_arrays_are_not_copied(monkeypatch):
    def copied(*arguments, **named):
        raise AssertionError("a copy was made")

    dice = by_hand("dice")
    dice.gradient(P, M)
    monkeypatch.setattr("lossgen.runtime.arrays.np.array", copied)
    dice.gradient(P, M)
    with pytest.raises(AssertionError, match="a copy was made"):
        dice.gradient(strided(P), M)
