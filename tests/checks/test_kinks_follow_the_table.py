"""At kinks, ties and corners the reference answers as the table of `checks.kinks` says."""

import numpy as np
import pytest

from lossgen.checks.answers import Question
from lossgen.checks.reference import exact
from lossgen.language import *
from lossgen.language.loss import read

FLOAT64 = np.dtype(np.float64)
k = axis("k")


def answers(function, second, vector=None, **row):
    return exact(Question(read(function, {}), row, FLOAT64, second, vector))


def first(function, name, second=None, **row):
    found = answers(function, second or name, np.zeros(np.shape(row[second or name])), **row)[0]
    return [float(part[0]) for part in found.gradient[name].flat]


def curvature(function, name, **row):
    found = answers(function, name, np.zeros(np.shape(row[name])), **row)[0]
    return [float(part[0]) for part in found.hessian_diagonal.flat]


def absolute(x: Real, y: Real):
    return Abs(x - y)


def squared_absolute(x: Real, y: Real):
    r = let("r", Abs(x - y))
    return r**2 / 2


def hinge(x: Real, *, eps: NonNegative = 0.0):
    return Max(1 - x, eps)


def larger(x: Real, y: Real):
    return Max(x, y)


def largest(x: Real[k]):
    return MaxOver(k, x[k])


def smallest(x: Real[k]):
    return MinOver(k, x[k])


def norm(x: Real[k]):
    return sqrt(SumOver(k, x[k] ** 2))


def root(x: NonNegative):
    return sqrt(x)


def huber(x: Real, *, delta: Positive = 1.0):
    r = let("r", Abs(x))
    return Piecewise((r**2 / 2, r <= delta), (delta * (r - delta / 2), True))


def entropy(x: Unit, y: Unit):
    return -xlogy(x, y)


def stopped(x: Real):
    return x * stop_gradient(x)


def step(x: Real):
    return x * sign(x)


@pytest.mark.parametrize(
    ("function", "name", "row", "slopes"),
    [
        (absolute, "x", {"x": 2.0, "y": 2.0}, [0]),
        (hinge, "x", {"x": 1.0, "eps": 0.0}, [0]),
        (hinge, "x", {"x": 0.5, "eps": 0.5}, [0]),
        (larger, "x", {"x": 2.0, "y": 2.0}, [0.5]),
        (larger, "y", {"x": 2.0, "y": 2.0}, [0.5]),
        (largest, "x", {"x": np.array([1.0, 3.0, 3.0])}, [0, 0.5, 0.5]),
        (smallest, "x", {"x": np.array([3.0, 3.0, 3.0])}, [1 / 3] * 3),
        (norm, "x", {"x": np.zeros(3)}, [0, 0, 0]),
        (root, "x", {"x": 0.0}, [np.inf]),
        (entropy, "y", {"x": 0.0, "y": 0.0}, [0]),
        (stopped, "x", {"x": 3.0}, [3]),
        (step, "x", {"x": 0.0}, [0]),
    ],
)
def test_slope(function, name, row, slopes):
    assert first(function, name, **row) == pytest.approx(slopes, abs=0)


@pytest.mark.parametrize(
    ("function", "row", "second"),
    [
        (absolute, {"x": 2.0, "y": 2.0}, 0),
        (squared_absolute, {"x": 2.0, "y": 2.0}, 1),  # |r|^2/2 is smooth, however it is written
        (huber, {"x": 0.0, "delta": 1.0}, 1),
        (huber, {"x": 1.0, "delta": 1.0}, 1),  # the corner belongs to the quadratic side
        (huber, {"x": -1.0, "delta": 1.0}, 1),
        (huber, {"x": np.nextafter(1.0, 2), "delta": 1.0}, 0),
    ],
)
def test_curvature(function, row, second):
    assert curvature(function, "x", **row) == [second]


def shifted_hinge(x: Real, y: Real, z: Real):
    return Max(x * y - z, 0)


def test_comparison_that_rounding_can_turn_has_several_answers():
    """x*y - z is 2^-104 exactly and 0 after rounding: a kernel may see either side."""
    x, z = 1 + 2.0**-52, 1 + 2.0**-51
    found = answers(shifted_hinge, "x", 0.0, x=x, y=x, z=z)
    assert {float(answer.gradient["x"].item()[0]) for answer in found} == {0.0, x}


def test_exact_tie_has_one_answer():
    assert len(answers(hinge, "x", 0.0, x=1.0, eps=0.0)) == 1


def test_distance_from_the_kink_is_known():
    (found,) = answers(absolute, "x", 0.0, x=2.0, y=2.0)
    assert found.margin == 0
    (found,) = answers(hinge, "x", 0.0, x=0.5, eps=0.0)
    assert found.margin == 1
