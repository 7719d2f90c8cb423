"""Distances between two vectors, one value a row."""

from lossgen.language import *

k = axis("k")
a = axis("a")
(b,) = a.indices("b")


@loss(aliases=("l2_distance",))
def euclidean_distance(x: Real[k], y: Real[k]):
    """Length of the difference."""
    return sqrt(SumOver(k, (x[k] - y[k]) ** 2))


@loss(aliases=("rmse",))
def root_mean_squared_error(prediction: Real[k], target: Real[k]):
    """Root of the mean of the squared differences."""
    return sqrt(MeanOver(k, (prediction[k] - target[k]) ** 2))


@loss(aliases=("l2_loss_sum", "sum_of_squares"))
def squared_euclidean_distance(x: Real[k], y: Real[k]):
    """Sum of the squared differences."""
    return SumOver(k, (x[k] - y[k]) ** 2)


@loss(aliases=("l1_distance", "cityblock", "l1_loss_sum"))
def manhattan_distance(x: Real[k], y: Real[k]):
    """Sum of the absolute differences."""
    return SumOver(k, Abs(x[k] - y[k]))


@loss(aliases=("maximum_distance", "linf_distance"))
def chebyshev_distance(x: Real[k], y: Real[k]):
    """Largest absolute difference."""
    return MaxOver(k, Abs(x[k] - y[k]))


@loss(
    source="Mahalanobis (1936), Proc. Natl. Inst. Sci. India 2(1):49-55", aliases=("mahalanobis",)
)
def mahalanobis_distance(x: Real[a], y: Real[a], *, precision: Real[a, a]):
    """Length of the difference in the metric of the inverse covariance matrix."""
    r = let("r", x[a] - y[a], over=a)
    form = let("form", SumOver(a, b, r[a] * precision[a, b] * r[b]))
    return sqrt(form)


@loss(aliases=("hamming", "hamming_distance"))
def hamming_loss(prediction: Real[k], target: Real[k]):
    """Share of unequal entries; its derivative is 0."""
    return MeanOver(k, Piecewise((1, Ne(prediction[k], target[k])), (0, True)))


@loss(aliases=("cosine", "cosine_similarity_loss"))
def cosine_distance(x: Real[k], y: Real[k]):
    """One minus the cosine of the angle; 1 where a vector is zero."""
    norm_x = let("norm_x", sqrt(SumOver(k, x[k] ** 2)))
    norm_y = let("norm_y", sqrt(SumOver(k, y[k] ** 2)))
    dot = let("dot", SumOver(k, x[k] * y[k]))
    known = And(norm_x > 0, norm_y > 0)
    return Piecewise((1 - dot / (norm_x * norm_y), known), (1, True))


@loss(aliases=("jaccard", "ruzicka", "weighted_jaccard"))
def jaccard_distance(x: NonNegative[k], y: NonNegative[k]):
    """One minus the ratio of the sums of smaller and larger entries; 0 where both are empty."""
    intersection = let("intersection", SumOver(k, Min(x[k], y[k])))
    union = let("union", SumOver(k, Max(x[k], y[k])))
    return Piecewise((1 - intersection / union, union > 0), (0, True))
