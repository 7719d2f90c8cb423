"""Losses written to break a derivation: each has a structure that a simpler scheme gets wrong."""

from __future__ import annotations

from lossgen.language import *

n, d, k, c = axis("n"), axis("d"), axis("k"), axis("c")
i, j, m = n.indices("i j m")
(k2,) = k.indices("k2")


@loss
def contrast_of_classes(x: Real[n, d], label: Label[c][n], *, temperature: Positive = 0.5):
    """Supervised contrastive: masks of equal labels, the own row left out."""
    s = let("s", SumOver(d, x[i, d] * x[j, d]) / temperature, over=(i, j))
    others = LogSumExp(j, s[i, j], where=Ne(i, j))
    same = MeanOver(j, s[i, j], where=And(Eq(label[i], label[j]), Ne(i, j)))
    return MeanOver(i, others - same)


@loss
def gathered_twice(x: Real[n], pi: Label[n][n]):
    """The same element is read by a loop index and through data."""
    return SumOver(i, x[pi[i]] ** 2 * x[i] + sin(x[pi[i]]))


@loss
def squared_extremes(x: Real[k], y: Real[k]):
    """A fold squared: without a name it would lie in its own fold."""
    return MaxOver(k, x[k] - y[k]) ** 2 + MinOver(k, x[k] * y[k]) ** 3


@loss
def product_of_traces(s: Real[n, n]):
    """A repeated index, and the transpose."""
    return SumOver(i, s[i, i] ** 2) * SumOver(i, j, s[i, j] * s[j, i] ** 2)


@loss
def running_sum(p: Real[n], q: Real[n]):
    """A fold over j <= i: the earth mover's distance on a line, squared."""
    return SumOver(i, SumOver(j, p[j] - q[j], where=Le(j, i)) ** 2)


@loss(wrt=("x", "scale", "shape"))
def shared_scalars(x: Real, y: Real, *, scale: Positive = 1.5, shape: Positive = 2.5):
    """Shared numbers are differentiated too, one of them in an exponent."""
    u = let("u", ((x - y) / scale) ** 2 + 1)
    return u**shape / shape + log(scale)


@loss
def label_squared(logits: Real[k], label: Label[k]):
    """A gathered element in a product with a fold: a scatter that is differentiated again."""
    return logits[label] ** 2 * LogSumExp(k, logits[k]) + exp(-logits[label])


@loss
def two_labels(table: Real[c, k], first: Label[c], second: Label[k]):
    """Data in both places of an element."""
    row = let("row", SumOver(k, table[first, k] ** 2))
    column = let("column", SumOver(c, table[c, second]))
    return table[first, second] * row + sin(column)


@loss
def soft_assignment(x: Real[n, d], *, centers: Real[c, d]):
    """A softmin over the axis of a shared array, within a mean."""
    far = let("far", SumOver(d, (x[i, d] - centers[c, d]) ** 2), over=(i, c))
    return -MeanOver(i, LogSumExp(c, -far[i, c]))


@loss
def pairs_of_pairs(x: Real[n], y: Real[n]):
    """A kernel statistic: a fold over two indices of one axis, a name used at (i, j) and (j, i)."""
    gap = let("gap", exp(-((x[i] - y[j]) ** 2)), over=(i, j))
    return LogSumExp(i, j, gap[i, j] * gap[j, i]) + SumOver(
        i, j, x[i] * x[j] * y[j], where=Lt(i, j)
    )


@loss
def nested_folds(x: Real[n, d]):
    """A mean subtracted inside a sum inside a maximum."""
    centred = let("centred", x[i, d] - MeanOver(j, x[j, d]), over=(i, d))
    return MaxOver(d, SumOver(i, centred[i, d] ** 2)) + SumOver(
        i, sqrt(1 + SumOver(d, centred[i, d] ** 2))
    )


@loss
def covariance(x: Real[n, d]):
    """Two indices over an axis that is not the rows': the squared off-diagonal covariances."""
    a, b = d.indices("a b")
    cross = let("cross", MeanOver(i, x[i, a] * x[i, b]), over=(a, b))
    return SumOver(a, b, cross[a, b] ** 2, where=Ne(a, b))


@loss
def held_still(x: Real[k], y: Real[k]):
    """A weight that is not differentiated, and the values it weighs."""
    weight = let("weight", stop_gradient(1 / (1 + (x[k] - y[k]) ** 2)), over=k)
    return SumOver(k, weight[k] * (x[k] - y[k]) ** 2)


@loss
def own_softmax(x: Real[k], t: Real[k]):
    """A softmax weight that the author spelled out, and its entropy."""
    lse = let("lse", LogSumExp(k, x[k]))
    p = let("p", exp(x[k] - lse), over=k)
    return SumOver(k, p[k] * t[k]) ** 2 - SumOver(k, p[k] * (x[k] - lse))


@loss
def many_functions(x: Real, y: Real):
    """Every smooth function once, in one sum."""
    return (
        softplus(x) + sigmoid(y) * log_cosh(x) + atan2(x, 2 + y**2) + hypot(x, y) + erf(x) * erfc(y)
        + tan(x / 4) + asin(tanh(x) / 2) * acos(sin(y) / 2) + atan(x * y) + expm1(x) * log1p(y**2)
        + sinh(x / 2) * cosh(y / 2) + sech2(x + y) + xlogy(1 + x**2, 2 + cos(y))
        + xlog1py(x**2, y**2)
    )  # fmt: skip


@loss
def three_way(x: Real, y: Real, z: Real):
    """Extremes of three, and a hinge within a hinge."""
    return Max(x, y, z) ** 2 + Min(x * y, z, 1) + Max(Max(x - y, 0) - z, 0) ** 3


start, count = n.indices("start count")


@loss
def names_of_kernels(first: Real[n], value: Real[n], *, work: Real[n, n], real: Positive = 2.0):
    """Arguments, quantities and indices named as kernels name their own."""
    square = let("square", SumOver(start, (first[start] - value[start]) ** 2))
    row = let("row", SumOver(count, work[start, count] * exp(first[count])), over=start)
    return square / real + MaxOver(start, row[start]) * exp(-real)


# The weight of `held_still` moves with x, but not its derivative: no difference shows that.
NO_DIFFERENCE = {"held_still"}
LOSSES = {
    made.name: made
    for made in (
        contrast_of_classes, gathered_twice, squared_extremes, product_of_traces, running_sum,
        shared_scalars, label_squared, two_labels, soft_assignment, pairs_of_pairs, nested_folds,
        covariance, held_still, own_softmax, many_functions, three_way, names_of_kernels,
    )
}  # fmt: skip
