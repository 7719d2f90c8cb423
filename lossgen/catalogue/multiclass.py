"""Losses of multi-class classification, one value a row of classes."""

from lossgen.language import *

k = axis("k")


@loss(aliases=("cross_entropy_of_distributions",))
def categorical_cross_entropy(prob: Unit[k], target: Unit[k]):
    """Cross-entropy of a target distribution and a predicted one."""
    return -SumOver(k, xlogy(target[k], prob[k]))


@loss(aliases=("sparse_cross_entropy",))
def sparse_categorical_cross_entropy(prob: Unit[k], label: Label[k]):
    """Negative log-probability of the true class."""
    return -log(prob[label])


@loss(aliases=("softmax_loss", "safe_softmax_cross_entropy"))
def softmax_cross_entropy(logits: Real[k], target: Unit[k]):
    """Cross-entropy of a target distribution and the softmax of logits."""
    lse = let("lse", LogSumExp(k, logits[k]))
    return SumOver(k, product(target[k], lse - logits[k]))


@loss(
    aliases=(
        "cross_entropy",
        "softmax_cross_entropy_with_integer_labels",
        "multi_softmax",
        "multiclass",
    )
)
def sparse_softmax_cross_entropy(logits: Real[k], label: Label[k]):
    """Negative log-likelihood of the true class under a softmax."""
    return LogSumExp(k, logits[k]) - logits[label]


@loss(aliases=("nll_loss", "negative_log_likelihood"))
def nll(log_prob: Real[k], label: Label[k]):
    """Negated log-probability of the true class."""
    return -log_prob[label]


@loss(aliases=("categorical_focal_cross_entropy", "categorical_focal"))
def softmax_focal(
    logits: Real[k], label: Label[k], *, gamma: NonNegative = 2.0, alpha: Positive = 0.25
):
    """Cross-entropy of logits, scaled down where the true class is predicted well."""
    lse = let("lse", LogSumExp(k, logits[k]))
    others = let("others", LogSumExp(k, logits[k], where=Ne(k, label)))
    focus = let("focus", exp(product(gamma, others - lse)))
    return alpha * focus * (lse - logits[label])
