"""Losses of binary and multi-label classification, one number a row."""

from lossgen.language import *


@loss(aliases=("bce", "log_loss", "logloss"))
def binary_cross_entropy(prob: Unit, target: Unit):
    """Negative log-likelihood of a 0/1 outcome under a probability."""
    return -(xlogy(target, prob) + xlog1py(1 - target, -prob))


@loss(
    aliases=(
        "bce_with_logits", "sigmoid_binary_cross_entropy", "sigmoid_cross_entropy", "logistic",
        "binary_logistic",
    )
)  # fmt: skip
def binary_cross_entropy_with_logits(logit: Real, target: Unit, *, pos_weight: NonNegative = 1.0):
    """Negative log-likelihood of a 0/1 outcome under the sigmoid of a logit."""
    positive = product(target, softplus(-logit))
    return pos_weight * positive + product(1 - target, softplus(logit))


@loss(
    source="Lin et al. (2017), Focal loss for dense object detection, eq. 5",
    aliases=("sigmoid_focal_loss", "focal_with_logits"),
    notes="alpha_positive = 0.25 and alpha_negative = 0.75 is alpha = 0.25 of the paper and of "
    "torchvision.",
)
def sigmoid_focal(
    logit: Real, target: Unit, *, gamma: NonNegative = 2.0,
    alpha_positive: NonNegative = 1.0, alpha_negative: NonNegative = 1.0,
):  # fmt: skip
    """Cross-entropy of a logit, scaled down where the outcome is predicted well."""
    miss = let("miss", target * sigmoid(-logit) + (1 - target) * sigmoid(logit))
    positive = alpha_positive * product(target, softplus(-logit))
    negative = alpha_negative * product(1 - target, softplus(logit))
    return miss**gamma * (positive + negative)


@loss(
    source="Lin et al. (2017), Focal loss for dense object detection, eq. 5",
    aliases=("focal_loss", "binary_focal_cross_entropy"),
)
def focal(
    prob: Unit, target: Unit, *, gamma: NonNegative = 2.0,
    alpha_positive: NonNegative = 1.0, alpha_negative: NonNegative = 1.0,
):  # fmt: skip
    """Cross-entropy of a probability, scaled down where the outcome is predicted well."""
    miss = let("miss", target * (1 - prob) + (1 - target) * prob)
    positive = alpha_positive * xlogy(target, prob)
    negative = alpha_negative * xlog1py(1 - target, -prob)
    return -(miss**gamma) * (positive + negative)


@loss(aliases=("hinge_loss", "svm"))
def hinge(score: Real, target: Sign):
    """Shortfall of the margin target * score below 1."""
    return Max(1 - target * score, 0)
