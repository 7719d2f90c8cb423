"""The reference where 60 digits, or a difference of step 1e-20, give a wrong answer."""

import time

import mpmath as mp
import numpy as np
import pytest

from lossgen.checks.answers import Question
from lossgen.checks.reference import exact
from lossgen.language import *
from lossgen.language.loss import read

FLOAT64 = np.dtype(np.float64)
k = axis("k")


def softplus_written_out(x: Real):
    return log(1 + exp(x))


def pseudo_huber_written_out(x: Real):
    return sqrt(1 + x**2) - 1


def one_minus_cosine(x: Real):
    return 1 - cos(x)


def magnitude(x: Real):
    return Abs(x)


def logarithm(x: Positive):
    return log(x)


def logarithm_of_softmax(logits: Real[k], label: Label[k]):
    return LogSumExp(k, logits[k]) - logits[label]


def answer(function, second="x", **row):
    vector = np.ones(np.shape(row[second]))
    (found,) = exact(Question(read(function, {}), row, FLOAT64, second, vector))
    assert found.resolved
    return found


def digits(number, count=20):
    return mp.nstr(number, count)


# function, x, value, first, second derivative; from series by hand
KNOWN = [
    (softplus_written_out, -200.0, mp.e**-200, mp.e**-200, mp.e**-200),
    (softplus_written_out, -700.0, mp.e**-700, mp.e**-700, mp.e**-700),
    (softplus_written_out, 700.0, mp.mpf(700), mp.mpf(1), mp.e**-700),
    (pseudo_huber_written_out, 1e-40, mp.mpf(1e-40) ** 2 / 2, mp.mpf(1e-40), mp.mpf(1)),
    (pseudo_huber_written_out, 1e30, mp.mpf(1e30), mp.mpf(1), mp.mpf(1e30) ** -3),
    (one_minus_cosine, 1e-150, mp.mpf(1e-150) ** 2 / 2, mp.mpf(1e-150), mp.mpf(1)),
    (magnitude, 1e-30, mp.mpf(1e-30), mp.mpf(1), mp.mpf(0)),
    (magnitude, 5e-324, mp.mpf(5e-324), mp.mpf(1), mp.mpf(0)),
    (logarithm, 1e-30, mp.log(mp.mpf(1e-30)), 1 / mp.mpf(1e-30), -1 / mp.mpf(1e-30) ** 2),
]


@pytest.mark.parametrize(
    ("function", "x", "value", "first", "second"),
    KNOWN,
    ids=[f"{function.__name__} at {x}" for function, x, *_ in KNOWN],
)
def test_value_and_derivatives(function, x, value, first, second):
    with mp.workdps(50):
        found = answer(function, x=x)
        wanted = [mp.mpf(number) for number in (value, first, second)]
        if x in (1e30,):  # the known numbers above are leading terms there
            wanted[0] -= 1
    got = [found.value[0], found.gradient["x"].item()[0], found.hessian_diagonal.item()[0]]
    assert [digits(number, 12) for number in got] == [digits(number, 12) for number in wanted]


def test_exact_cancellation_is_a_zero_and_not_a_rounding():
    """The gradient p - 1 of a softmax over one class is 0, which no two precisions 'agree' on."""
    found = answer(logarithm_of_softmax, "logits", logits=np.array([3.25]), label=0)
    assert found.gradient["logits"][0][0] == 0
    assert found.value[0] == 0


def test_tiny_probability_is_resolved():
    row = {"logits": np.array([0.0, -800.0]), "label": 0}
    found = answer(logarithm_of_softmax, "logits", **row)
    with mp.workdps(50):
        assert digits(found.value[0], 15) == digits(mp.log1p(mp.e**-800), 15)
        assert digits(found.gradient["logits"][0][0], 15) == digits(-(mp.e**-800), 15)


def hopeless(x: Real):
    return log(1 + exp(-exp(x)))


def test_what_no_precision_resolves_is_said():
    """1 + exp(-exp(10)) needs 9,566 digits, more than the cap."""
    (found,) = exact(Question(read(hopeless, {}), {"x": 10.0}, FLOAT64, "x", 1.0))
    assert not found.resolved or found.value[0] == 0


def largest_of_two(x: Real, y: Real):
    return Max(x, y)


def piecewise(x: Real, *, delta: Positive = 1.0):
    return Piecewise((x**2 / 2, Abs(x) <= delta), (delta * (Abs(x) - delta / 2), True))


UP = {place: float(np.nextafter(place, np.inf)) for place in (0.0, 1.0, 1e-30, 1e30, 3.0)}


@pytest.mark.parametrize("y", UP)
def test_tie_and_one_ulp_beside_it(y):
    assert answer(largest_of_two, x=y, y=y).gradient["x"].item()[0] == 0.5
    assert answer(largest_of_two, x=UP[y], y=y).gradient["x"].item()[0] == 1
    assert answer(largest_of_two, x=y, y=UP[y]).gradient["x"].item()[0] == 0


@pytest.mark.parametrize("delta", [place for place in UP if place])
def test_branch_is_that_of_the_point(delta):
    at, above = (answer(piecewise, x=x, delta=delta) for x in (delta, UP[delta]))
    assert at.hessian_diagonal.item()[0] == 1
    assert above.hessian_diagonal.item()[0] == 0
    assert above.gradient["x"].item()[0] == delta


def decided_by_a_tiny_number(x: Real):
    return Piecewise((x, log(1 + exp(x)) > 1e-310), (-x, True))


def test_branch_hangs_on_no_rounding():
    """exp(-700) is 1e-304, and 0 in 60 digits beside a 1."""
    assert answer(decided_by_a_tiny_number, x=-700.0).value[0] == -700
    assert answer(decided_by_a_tiny_number, x=-720.0).value[0] == 720


def share_of_the_others(logits: Real[k], label: Label[k]):
    lse = let("lse", LogSumExp(k, logits[k]))
    return SumOver(k, exp(logits[k] - lse), where=Ne(k, label))


def test_two_precisions_that_lose_the_same_term_do_not_agree():
    """Half of 1, not 1: 1e308 + log 2 is 1e308 in 60 digits and in 120."""
    row = {"logits": np.array([1e308, 1e308, 1.0]), "label": 0}
    assert answer(share_of_the_others, "logits", **row).value[0] == pytest.approx(0.5)


def written_out(x: Real):
    return -log(1 / (1 + exp(-x)))


def log_of_cosh(x: Real):
    return log(cosh(x))


def twice_exponential(x: Real):
    return exp(-exp(x))


# function, x, value, first, second derivative, exactly or to 12 digits; below 2**-1200 is 0
FAR = [
    (softplus_written_out, 1e308, 1e308, 1, 0),
    (softplus_written_out, -1e308, 0, 0, 0),
    (softplus_written_out, 5e-324, mp.log(2), 0.5, 0.25),
    (written_out, -1e30, 1e30, -1, 0),
    (log_of_cosh, 1e30, 1e30, 1, 0),
    (log_of_cosh, 5e-324, 0, 5e-324, 1),
    (pseudo_huber_written_out, -1e308, 1e308, -1, 0),
    (twice_exponential, 1e30, 0, 0, 0),
    (twice_exponential, 1e308, 0, 0, 0),
    (softplus_written_out, np.inf, mp.inf, 1, 0),
    (softplus_written_out, -np.inf, 0, 0, 0),
    (log_of_cosh, -np.inf, mp.inf, -1, 0),
    (pseudo_huber_written_out, np.inf, mp.inf, 1, 0),
]


@pytest.mark.parametrize(
    ("function", "x", "value", "first", "second"),
    FAR,
    ids=[f"{function.__name__} at {x}" for function, x, *_ in FAR],
)
def test_far_from_one_the_reference_is_right_and_quick(function, x, value, first, second):
    started = time.perf_counter()
    found = answer(function, x=x)
    assert time.perf_counter() - started < 5
    got = [found.value[0], found.gradient["x"].item()[0], found.hessian_diagonal.item()[0]]
    for number, wanted in zip(got, (value, first, second), strict=True):
        if mp.isinf(wanted):
            assert number > mp.mpf(2) ** 1100
        elif not wanted:
            assert abs(number) < mp.mpf(2) ** -1200
        else:
            assert digits(number, 12) == digits(mp.mpf(wanted), 12)


def test_masked_class_takes_no_part():
    row = {"logits": np.array([1.0, -np.inf, 2.0]), "label": 2}
    masked = answer(logarithm_of_softmax, "logits", **row)
    rest = answer(logarithm_of_softmax, "logits", logits=np.array([1.0, 2.0]), label=1)
    assert digits(masked.value[0]) == digits(rest.value[0])
    got = [digits(number) for number, _ in masked.gradient["logits"][[0, 2]]]
    assert got == [digits(number) for number, _ in rest.gradient["logits"]]
    assert abs(masked.gradient["logits"][1][0]) < mp.mpf(2) ** -1200


@pytest.mark.parametrize("function", [logarithm, one_minus_cosine])
def test_where_there_is_no_limit_nothing_is_asked(function):
    """The logarithm grows without a bound, but a number beyond all floats has one of 800."""
    assert mp.isnan(answer(function, x=np.inf).value[0])


def test_sizes_of_huge_exponentials_keep_their_distance_from_the_number():
    """log2 of exp(1e30) is known to 1e14 only; the slope of log cosh is still of size 1."""
    found = answer(log_of_cosh, x=1e30)
    assert found.gradient["x"].item()[1] == pytest.approx(0)


def scaled_literal(x: Real, *, rate: Positive = 0.1):
    return exp(0.07 * x) + rate * x


def test_literals_and_parameters_are_those_of_the_kernel():
    entry = read(scaled_literal, {})
    rate = float(np.float32(0.1))
    (found,) = exact(Question(entry, {"x": 1.0, "rate": rate}, np.dtype(np.float32)))
    with mp.workdps(50):
        wanted = mp.exp(mp.mpf(float(np.float32(0.07)))) + mp.mpf(rate)
    assert digits(found.value[0]) == digits(wanted)
