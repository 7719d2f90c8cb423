"""Transport distances between samples, through an ordering or an assignment found beforehand."""

from lossgen.catalogue.prepare import assign, sort_both
from lossgen.language import *

n, d = axis("n"), axis("d")
(i,) = n.indices("i")


@loss(prepare=sort_both, aliases=("earth_mover_distance", "emd", "wasserstein_distance"))
def wasserstein_1d(x: Real[n], y: Real[n], order_x: Label[n][n], order_y: Label[n][n]):
    """Mean distance between the sorted samples of two laws on the line."""
    return MeanOver(i, Abs(x[order_x[i]] - y[order_y[i]]))


@loss(prepare=assign, aliases=("optimal_assignment",))
def wasserstein_assignment(x: Real[n, d], y: Real[n, d], match: Label[n][n]):
    """Mean Euclidean distance between the samples of two laws, optimally paired."""
    return MeanOver(i, sqrt(SumOver(d, (x[i, d] - y[match[i], d]) ** 2)))
