"""Divergences of two distributions, one value a row."""

from lossgen.language import *

k = axis("k")


@loss(
    source="Kullback and Leibler (1951), Ann. Math. Statist. 22(1):79-86",
    aliases=("kl", "kl_div", "relative_entropy"),
)
def kl_divergence(prob: Unit[k], target: Unit[k]):
    """Relative entropy of the target distribution to the predicted one."""
    return SumOver(k, relative_entropy(target[k], prob[k]))


@loss(
    source="Lin (1991), IEEE Trans. Inf. Theory 37(1):145-151, eq. 4.1",
    aliases=("js", "jensen_shannon"),
)
def js_divergence(p: Unit[k], q: Unit[k]):
    """Mean relative entropy of two distributions to their mixture, between 0 and log 2."""
    to_mean = relative_entropy_to_mean(p[k], q[k]) + relative_entropy_to_mean(q[k], p[k])
    return SumOver(k, to_mean) / 2


@loss(
    source="Kingma and Welling (2014), Auto-encoding variational Bayes, app. B",
    aliases=("vae_kl", "kl_standard_normal"),
)
def gaussian_kl_standard_normal(mean: Real[k], log_variance: Real[k]):
    """Relative entropy of independent normal variables to standard ones."""
    s = log_variance
    return SumOver(k, mean[k] ** 2 + exp(s[k]) - 1 - s[k]) / 2
