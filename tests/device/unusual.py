"""Losses of a user whose structure no shipped loss has."""

import numpy as np

from lossgen.language import (
    Abs,
    Label,
    NonNegative,
    Piecewise,
    Positive,
    Real,
    SumOver,
    axis,
    let,
    loss,
)

k, c = axis("k"), axis("c")
n, d, e = axis("n"), axis("d"), axis("e")


@loss(wrt=("x", "delta"))
def width(x: Real, y: Real, *, delta: Positive = 1.0):
    """An elementwise loss with the gradient of a shared number."""
    r = let("r", Abs(x - y))
    return Piecewise((r**2 / 2, r <= delta), (delta * (r - delta / 2), True))


@loss(wrt=("x", "strength"))
def stretch(x: Real[k], y: Real[k], *, strength: NonNegative = 1.0):
    """A row with the gradient of a shared number."""
    return SumOver(k, (strength * x[k] - y[k]) ** 2)


@loss
def volume(x: Real[n, d, e], y: Real[n, d, e]):
    """Three axes."""
    return SumOver(n, d, e, (x[n, d, e] - y[n, d, e]) ** 2)


@loss
def table(x: Real, label: Label[c], *, t: Real[c]):
    """Numbers per row beside a shared array, with a scatter into it."""
    return (x - t[label]) ** 2 + SumOver(c, t[c] ** 2)


@loss
def clash(lane: Real[k], group: Real[k], *, lanes: Positive = 2.0):
    """Names that kernels use themselves."""
    return lanes * SumOver(k, (lane[k] - group[k]) ** 2)


def calls(rows=7):
    """Each loss with arguments by name."""
    draw = np.random.default_rng(3)

    def numbers(*extents):
        return draw.normal(size=(rows, *extents))

    return [
        (width, {"x": numbers(), "y": numbers()}),
        (stretch, {"x": numbers(5), "y": numbers(5)}),
        (volume, {"x": numbers(2, 3, 2), "y": numbers(2, 3, 2)}),
        (table, {"x": numbers(), "label": draw.integers(0, 3, rows), "t": draw.normal(size=3)}),
        (clash, {"lane": numbers(40), "group": numbers(40)}),
    ]
