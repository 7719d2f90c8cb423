"""The unit in which errors are measured: the largest term of the definition, and none invented."""

import math

import mpmath as mp
import numpy as np
import pytest

from lossgen.checks.bounds import BOUNDS, bound_of, error, unit
from lossgen.checks.reference import Question, exact
from lossgen.language import *
from lossgen.language.loss import read

FLOAT64 = np.dtype(np.float64)
FLOAT32 = np.dtype(np.float32)
k = axis("k")


def sizes(function, second="x", **row):
    """Size of the value, and of the first element of the gradient."""
    found = exact(Question(read(function, {}), row, FLOAT64, second))[0]
    return 2.0 ** found.value[1], 2.0 ** found.gradient[second].flat[0][1]


def difference(x: Real, y: Real):
    return x - y


def named_difference(x: Real, y: Real):
    return let("r", x - y)


def entropy_like(x: Real, y: Real):
    return exp(x) - y * x


def removable(x: Real, *, delta: Positive = 1.0):
    return delta**2 * (sqrt(1 + (x / delta) ** 2) - 1)


def unavoidable(x: Real[k], y: Real[k]):
    return SumOver(k, x[k] * y[k])


def norm_of_a_sum(x: Real[k], y: Real[k]):
    s = let("s", SumOver(k, x[k] * y[k]))
    return s**2


@pytest.mark.parametrize(
    ("function", "row", "value"),
    [
        (difference, {"x": 1.0, "y": 1.0 - 2.0**-53}, 2.0**-53),  # exact: no term is larger
        (named_difference, {"x": 3.0, "y": 2.5}, 0.5),
        (entropy_like, {"x": 1.0, "y": 2.0}, math.e),
        (unavoidable, {"x": np.array([8.0, -8.0]), "y": np.array([1.0, 1.0])}, 8.0),
        (norm_of_a_sum, {"x": np.array([8.0, -7.0]), "y": np.array([1.0, 1.0])}, 8.0),
    ],
)
def test_size_of_a_value(function, row, value):
    assert sizes(function, **row)[0] == pytest.approx(value)


def test_cancellation_against_a_constant_is_no_excuse():
    x = 2.0**-20
    assert sizes(removable, x=x, delta=2.0)[0] == pytest.approx(x**2 / 2, rel=1e-6, abs=0)


def test_slope_of_one_path_is_its_own_size():
    _, slope = sizes(removable, x=2.0**-20, delta=2.0)
    assert slope == pytest.approx(2.0**-20, rel=1e-6, abs=0)


def test_slope_of_two_paths_has_the_larger_as_its_size():
    """d/dx exp(x) - y x = exp(x) - y, which vanishes at y = exp(x)."""
    assert sizes(entropy_like, x=1.0, y=math.e)[1] == pytest.approx(math.e)


def test_error_is_counted_in_ulps_of_the_size():
    one_off = np.nextafter(np.float32(0.5), np.float32(1))
    assert error(float(one_off), (mp.mpf(0.5), -1.0), FLOAT32) == 1
    assert error(float(one_off), (mp.mpf(0.5), 3.0), FLOAT32) == pytest.approx(1 / 16)


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
def test_no_unit_is_less_than_the_smallest_subnormal(dtype):
    smallest = float(np.finfo(dtype).smallest_subnormal)
    assert float(unit(-5000.0, dtype)) == smallest
    assert float(unit(-math.inf, dtype)) == smallest
    assert float(unit(0.0, dtype)) == float(np.finfo(dtype).eps)


@pytest.mark.parametrize(
    ("found", "wanted", "errors"),
    [
        (math.inf, mp.inf, 0),
        (-math.inf, mp.inf, math.inf),
        (math.inf, mp.mpf(2) ** 1100, 0),
        (math.inf, mp.mpf(1), math.inf),
        (1.0, mp.inf, math.inf),
        (math.nan, mp.mpf(1), math.inf),
        (0.0, mp.mpf(2) ** -2000, 0),
    ],
)
def test_infinities_and_nan(found, wanted, errors):
    assert error(found, (wanted, -math.inf), FLOAT64) == pytest.approx(errors, abs=1e-9)


def test_every_bound_gives_its_reason():
    assert all(bound.ulps <= 8 and bound.reason for bound in BOUNDS.values())
    assert bound_of("hv_logits") is BOUNDS["hessian_vector"]
