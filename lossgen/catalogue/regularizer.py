"""Regularisers: penalties on the weights of a model, summed over them."""

from lossgen.language import *

k = axis("k")


@loss(aliases=("l1_penalty", "lasso"))
def l1_regularizer(weights: Real[k], *, strength: NonNegative = 0.01):
    """Strength times the sum of the absolute weights."""
    return strength * SumOver(k, Abs(weights[k]))


@loss(aliases=("l2_penalty", "ridge"), notes="weight_decay of PyTorch is half of it.")
def l2_regularizer(weights: Real[k], *, strength: NonNegative = 0.01):
    """Strength times the sum of the squared weights."""
    return strength * SumOver(k, weights[k] ** 2)
