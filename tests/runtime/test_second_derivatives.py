"""Hessian diagonal, Hessian-vector product and dense Hessian agree."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

RNG = np.random.default_rng(13)
P, M, V, W = RNG.random((5, 4)), RNG.random((5, 4)), RNG.normal(size=(5, 4)), RNG.random(5)


def test_dense_hessian_is_made_of_products():
    dice = by_hand("dice")
    hessian = dice.hessian(P, M, sample_weight=W)
    assert hessian.shape == (5, 4, 4)
    np.testing.assert_allclose(hessian, np.swapaxes(hessian, 1, 2), rtol=1e-12, atol=1e-15)
    diagonal = dice.hessian_diagonal(P, M, sample_weight=W)
    np.testing.assert_allclose(np.einsum("nkk->nk", hessian), diagonal, rtol=1e-12)
    product = dice.hessian_vector_product(P, M, sample_weight=W, vector=V)
    np.testing.assert_allclose(np.einsum("nkl,nl->nk", hessian, V), product, rtol=1e-10)


def test_dense_hessian_of_a_number_has_the_shape_of_the_argument():
    huber = by_hand("huber")
    x = np.array([[0.5, 3.0]])
    np.testing.assert_array_equal(huber.hessian(x, 0 * x, reduction="none"), [[1.0, 0.0]])


def test_the_fused_forms_agree():
    dice = by_hand("dice")
    value, gradient, diagonal = dice.derivatives(P, M)
    assert value == dice(P, M)
    np.testing.assert_array_equal(gradient, dice.gradient(P, M))
    np.testing.assert_array_equal(diagonal, dice.hessian_diagonal(P, M))
    pair = dice.gradient_and_hessian_diagonal(P, M)
    np.testing.assert_array_equal(pair[0], gradient)
    np.testing.assert_array_equal(pair[1], diagonal)


def test_the_vector_has_the_shape_of_the_argument():
    with pytest.raises(ValueError, match=r"vector, like prob, has shape \(4,\)"):
        by_hand("dice").hessian_vector_product(P, M, vector=V[0])


def test_what_there_is_not_says_why():
    softmax = by_hand("softmax_cross_entropy")
    with pytest.raises(ValueError, match=r"no Hessian diagonal.*Reason: nobody wrote it by hand"):
        softmax.hessian_diagonal(P, [0] * 5)
    with pytest.raises(ValueError, match="no kernel hessian_vector_product"):
        softmax.hessian_vector_product(P, [0] * 5, vector=P)
