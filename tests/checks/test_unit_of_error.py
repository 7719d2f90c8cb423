"""The unit in which errors are measured: the largest term of the definition, and none invented."""

import math

import mpmath as mp
import numpy as np
import pytest

from lossgen.checks.answers import Question
from lossgen.checks.bounds import bound_of, error, is_beyond, unit
from lossgen.checks.reference import exact
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
    assert float(unit(-5000.0, dtype)) == 16 * smallest
    assert float(unit(-math.inf, dtype)) == 16 * smallest
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


def one_atom(x: Real, y: Unit):
    return y * softplus(-x) + (1 - y) * softplus(x)


def two_atoms(x: Real, y: Unit):
    p = let("p", sigmoid(x))
    return p**2 * y * softplus(-x)


def powers(x: Real, *, a: Positive = 2.0):
    return Abs(x) ** a * exp(x)


def of_a_row(x: Real[k]):
    return SumOver(k, x[k] ** 2)


@pytest.mark.parametrize(
    ("function", "ulps"),
    [(difference, 4), (one_atom, 4), (two_atoms, 8), (powers, 8), (of_a_row, 8)],
)
def test_bound_follows_from_the_formula(function, ulps):
    entry = read(function, {})
    assert bound_of("value", entry).ulps == bound_of("d_x", entry).ulps == ulps
    assert bound_of("h_x", entry) is bound_of("hv_x", entry)
    assert bound_of("h_x", entry).ulps == 16


def test_every_bound_gives_its_reason():
    entries = [read(function, {}) for function in (difference, two_atoms, of_a_row)]
    assert all(bound_of(output, e).reason for e in entries for output in ("value", "d_x", "h_x"))


def log_of_cosh(x: Real):
    return log(cosh(x))


def bell(x: Real):
    return -exp(-(x**2))


def cross_entropy(x: Real[k], label: Label[k]):
    return LogSumExp(k, x[k]) - x[label]


def curvature(function, x):
    """The second derivative and the size of its error."""
    (found,) = exact(Question(read(function, {}), {"x": x}, FLOAT64, "x"))
    number, size = found.hessian_diagonal.item()
    return float(number), 2.0**size


def test_terms_that_cancel_identically_are_no_excuse():
    """1 - tanh(20)^2 is 1.7e-17: its terms are 1 wherever x is, and another form has none."""
    number, size = curvature(log_of_cosh, 20.0)
    assert number == pytest.approx(4 * math.exp(-40), rel=1e-12, abs=0)
    assert size == pytest.approx(number, rel=1e-12, abs=0)


def test_terms_that_cancel_at_just_this_point_are_an_excuse():
    """The curvature of a bell crosses zero at 1/sqrt(2), which is no double."""
    number, size = curvature(bell, math.sqrt(0.5))
    assert abs(number) < 1e-15
    assert size > 0.5


def sure(relative):
    row = {"x": np.array([0.0, 30.0]), "label": 1}
    question = Question(read(cross_entropy, {}), row, FLOAT64, "x", relative=relative)
    (found,) = exact(question)
    return [
        (float(number), 2.0**size)
        for number, size in (found.value, found.gradient["x"][1], found.hessian_diagonal[1])
    ]


def test_sure_and_right_row_is_known_to_its_own_ulps():
    assert all(size == pytest.approx(abs(number), rel=1e-12, abs=0) for number, size in sure(True))
    assert sure(False)[0][1] == pytest.approx(30)  # of the definition's own sum: 30 + 1e-13 - 30


def double_root(x: Real[k], y: Real[k]):
    return 1 - SumOver(k, x[k] * y[k]) / sqrt(SumOver(k, x[k] ** 2) * SumOver(k, y[k] ** 2))


def half_square(x: Real[k], y: Real[k]):
    u = let("u", x[k] / sqrt(SumOver(k, x[k] ** 2)), over=k)
    v = let("v", y[k] / sqrt(SumOver(k, y[k] ** 2)), over=k)
    return SumOver(k, (u[k] - v[k]) ** 2) / 2


@pytest.mark.parametrize("y", [[3.0, 6.0, 9.0], [3.0, 6.0, 9.0 + 2.0**-49]])
def test_square_of_a_rounded_sum_is_known_to_the_square_of_its_rounding(y):
    row = {"x": np.array([1.0, 2.0, 3.0]), "y": np.array(y)}
    (found,) = exact(Question(read(half_square, {}), row, FLOAT64, "x"))
    assert -60 < found.value[1] < -48
    assert -4 < found.gradient["x"][0][1] < 4


def test_square_of_an_exact_difference_is_known_to_its_own_ulps():
    (found,) = exact(Question(read(squared, {}), {"x": 1.0, "y": 1.0 - 2.0**-53}, FLOAT64, "x"))
    assert found.value[1] == pytest.approx(-106)


def squared(x: Real, y: Real):
    return (x - y) ** 2


def test_double_root_is_known_to_what_roundings_move():
    """1 - cos of two parallel vectors is 0, and changes by eps^2 when they are rounded."""
    row = {"x": np.array([1.0, 2.0, 3.0]), "y": np.array([3.0, 6.0, 9.0])}
    (found,) = exact(Question(read(double_root, {}), row, FLOAT64, "x", relative=True))
    assert abs(found.value[0]) < 1e-100
    assert -60 < found.value[1] < -48


def test_no_bound_follows_from_a_term_beyond_every_float():
    exact = (mp.mpf(0), 130.0)
    assert is_beyond(math.nan, exact, np.dtype(np.float32))
    assert not is_beyond(math.nan, exact, np.dtype(np.float64))
    assert not is_beyond(math.nan, (mp.mpf(0), 127.0), np.dtype(np.float32))
    assert not is_beyond(1.0, exact, np.dtype(np.float32)), "a number is held to its bound"


def test_no_bound_follows_for_terms_that_cancel_beyond_every_float():
    number = mp.ldexp(1, 130)
    far = (number, 131.0)
    assert is_beyond(math.nan, far, np.dtype(np.float32))
    assert not is_beyond(math.nan, far, np.dtype(np.float64))
    assert not is_beyond(-math.inf, far, np.dtype(np.float32)), "an infinity has the right sign"
    assert error(-math.inf, far, np.dtype(np.float32)) == math.inf
    assert not is_beyond(1e38, far, np.dtype(np.float32)), "a number is wrong there"
    assert not is_beyond(math.nan, (number, 130.0), np.dtype(np.float32)), "nothing cancels"
    pole = (mp.inf, 131.0)
    assert not is_beyond(math.nan, pole, np.dtype(np.float32)), "a pole is infinite"
