"""The reference where 60 digits, or a difference of step 1e-20, give a wrong answer."""

import mpmath as mp
import numpy as np
import pytest

from lossgen.checks.reference import Question, exact
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


def scaled_literal(x: Real, *, rate: Positive = 0.1):
    return exp(0.07 * x) + rate * x


def test_literals_and_parameters_are_those_of_the_kernel():
    entry = read(scaled_literal, {})
    rate = float(np.float32(0.1))
    (found,) = exact(Question(entry, {"x": 1.0, "rate": rate}, np.dtype(np.float32)))
    with mp.workdps(50):
        wanted = mp.exp(mp.mpf(float(np.float32(0.07)))) + mp.mpf(rate)
    assert digits(found.value[0]) == digits(wanted)
