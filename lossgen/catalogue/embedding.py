"""Losses of metric and representation learning."""

from lossgen.language import *

k = axis("k")
c, d = axis("c"), axis("d")
n = axis("n")
i, j = n.indices("i j")


@loss(
    source="Schroff, Kalenichenko and Philbin (2015), FaceNet, eq. 2, with unsquared distances",
    aliases=("triplet", "triplet_loss", "triplet_margin_loss"),
)
def triplet_margin(
    anchor: Real[k], positive: Real[k], negative: Real[k], *, margin: NonNegative = 1.0
):
    """How much closer than the negative, by a margin, the positive fails to be."""
    near = let("near", sqrt(SumOver(k, (anchor[k] - positive[k]) ** 2)))
    far = let("far", sqrt(SumOver(k, (anchor[k] - negative[k]) ** 2)))
    return Max(near - far + margin, 0)


@loss(
    source="Wen et al. (2016), A discriminative feature learning approach, eq. 2",
    aliases=("center",),
)
def center_loss(features: Real[d], label: Label[c], *, centers: Real[c, d]):
    """Half the squared distance of a feature vector from the centre of its class."""
    return SumOver(d, (features[d] - centers[label, d]) ** 2) / 2


@loss(
    source="van den Oord, Li and Vinyals (2018), Representation learning with CPC, eq. 4",
    aliases=("infonce", "cpc"),
)
def info_nce(query: Real[n, d], key: Real[n, d], *, temperature: Positive = 0.07):
    """Cross-entropy of each query against all keys, the matching one being true."""
    s = let("s", SumOver(d, query[i, d] * key[j, d]) / temperature, over=(i, j))
    return MeanOver(i, LogSumExp(j, s[i, j]) - s[i, i])
