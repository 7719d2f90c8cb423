"""A quotient that is 0/0 at a point: its limit is found, and digits near it; a true pole stays."""

from fractions import Fraction
from functools import cache
from zlib import crc32

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol, lambdify

from lossgen.language import *
from lossgen.language.curves import ARGUMENT
from lossgen.language.functions import continued
from lossgen.language.normal import program
from lossgen.stabilise import fired, prepare, quotients
from lossgen.stabilise.quotients import curve_of
from lossgen.stabilise.removable import removable

DTYPES = [np.dtype(np.float32), np.dtype(np.float64)]
BOUNDS = (4, 4, 16)  # ulp: of the value, the gradient, the Hessian
x = Symbol("x", real=True)

# Formula, where it is 0/0, and its Taylor polynomial there: value, slope and curvature. From the
# power series in any table; that of tanh has the Bernoulli numbers.
LIMITS = {
    sin(x) / x: (0, 1, 0, Fraction(-1, 3)),
    tanh(x) / x: (0, 1, 0, Fraction(-2, 3)),
    sinh(x) / x: (0, 1, 0, Fraction(1, 3)),
    atan(x) / x: (0, 1, 0, Fraction(-2, 3)),
    asin(x) / x: (0, 1, 0, Fraction(1, 3)),
    tan(x) / x: (0, 1, 0, Fraction(2, 3)),
    log(1 + x) / x: (0, 1, Fraction(-1, 2), Fraction(2, 3)),
    log(1 - x) / x: (0, -1, Fraction(-1, 2), Fraction(-2, 3)),
    log(x) / (x - 1): (1, 1, Fraction(-1, 2), Fraction(2, 3)),
    1 / x - log(1 + x) / x**2: (0, Fraction(1, 2), Fraction(-1, 3), Fraction(1, 2)),
    (1 - cos(x)) / x**2: (0, Fraction(1, 2), 0, Fraction(-1, 12)),
    (1 - cos(x)) / x: (0, 0, Fraction(1, 2), 0),
    (exp(x) - 1 - x) / x**2: (0, Fraction(1, 2), Fraction(1, 6), Fraction(1, 12)),
    (x - log(1 + x)) / x**2: (0, Fraction(1, 2), Fraction(-1, 3), Fraction(1, 2)),
    (sin(x) - x * cos(x)) / x**3: (0, Fraction(1, 3), 0, Fraction(-1, 15)),
    exp(-x) * sin(x) / x: (0, 1, -1, Fraction(2, 3)),
    sin(x) ** 2 / x**2: (0, 1, 0, Fraction(-2, 3)),
}


@cache
def loss_of(formula):
    return from_expression("f", formula, arguments={x: Real})


def derivatives(made, at, dtype):
    return [float(part[0]) for part in made.derivatives(np.array([at], dtype), reduction="none")]


@pytest.mark.parametrize("formula", LIMITS, ids=str)
def test_the_limit_is_there(formula, pytestconfig):
    """In one dtype, which rotates with the formula; compiling is what costs."""
    one = DTYPES[crc32(str(formula).encode()) % 2]
    at, *wanted = LIMITS[formula]
    for dtype in DTYPES if pytestconfig.getoption("all") else [one]:
        found, zero = derivatives(loss_of(formula), at, dtype), dtype.type(0)
        for number, exact, bound in zip(found, wanted, BOUNDS, strict=True):
            assert abs(number - exact) <= bound * np.spacing(dtype.type(abs(exact)) or zero)


def exactly(formula, at, order):
    """A derivative of a formula beside its singularity, in 80 digits and more."""
    with mp.workdps(80 + 4 * abs(int(mp.log10(abs(at))))):
        function = lambdify(x, formula, "mpmath")
        return mp.diff(function, mp.mpf(at), order) if order else function(mp.mpf(at))


NEAR = (sin(x) / x, log(1 + x) / x, (exp(x) - 1 - x) / x**2)
SMALL = st.floats(2.0**-60, 0.45).map(lambda size: float(np.float32(size)))


@pytest.mark.parametrize("formula", NEAR, ids=str)
@given(size=SMALL, sign=st.sampled_from([-1.0, 1.0]))
@settings(max_examples=30, deadline=None)
def test_digits_are_kept_near_it(formula, size, sign):
    """Of the result itself: no term may be larger, since none of them cancels at its arguments."""
    at = size * sign
    for dtype in DTYPES:
        found = derivatives(loss_of(formula), at, dtype)
        for order, (number, bound) in enumerate(zip(found, BOUNDS, strict=True)):
            wanted = exactly(formula, at, order)
            step = np.spacing(dtype.type(abs(float(wanted))))
            assert abs(number - wanted) <= bound * float(step), (at, dtype, order)


@pytest.mark.parametrize(
    "formula",
    [
        cos(x) / x, sin(x) / x**2, (exp(x) - 2) / x, log(2 + x) / x, log(x) / x, sqrt(x) / x,
        sin(x) / (x - 1), sin(Abs(x)) / x, tanh(x) * Abs(x) / x**2, (1 + x) ** 2 / x,
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_removable_singularity_stays(formula):
    """True poles, another place, and functions without a power series at the place."""
    assert removable(formula) == formula


def test_weights_of_robust_losses():
    """psi(r) / r, where psi is a name: of Huber's by cases, of a scaled one by its scale."""

    @loss
    def huber_weight(r: Real, *, delta: Positive = 1.0):
        psi = let("psi", Piecewise((r, Abs(r) <= delta), (delta * sign(r), True)))
        return psi / r

    @loss
    def scaled(r: Real, *, c: Positive = 0.5):
        return atan(r / c) / r

    at = np.array([0.0, 0.5, -4.0])
    assert huber_weight(at, reduction="none").tolist() == [1.0, 1.0, 0.25]
    assert huber_weight.gradient(at, reduction="none").tolist() == [0.0, 0.0, 0.0625]
    found = scaled(at, reduction="none")
    assert found == pytest.approx([2.0, 2 * np.arctan(1.0), np.arctan(8.0) / 4], rel=4e-16)


def test_an_interval_holds_no_pole_of_the_quotient():
    for numerator in (sin(ARGUMENT), log(1 + ARGUMENT), exp(ARGUMENT) - 1):
        curve = curve_of(numerator, 1)
        for order in range(3):
            _, _, below = quotients.polynomials(curve, order)
            places = curve.variable(np.linspace(curve.low, curve.high, 10_001))
            assert (np.polynomial.polynomial.polyval(places, below) > 0).all()


@pytest.mark.parametrize("side", ["above", "below"])
def test_a_wrong_coefficient_is_not_accepted(monkeypatch, side):
    """The twin: with the lowest coefficient of P or of Q off, there is no curve at all."""
    right = quotients.polynomials
    assert curve_of.__wrapped__(sin(ARGUMENT), 1) is not None

    def wrong(curve, order):
        power, above, below = right(curve, order)
        off = 1 + 2.0**-40
        if side == "above":
            return power, (off * above[0], *above[1:]), below
        return power, above, (off * below[0], *below[1:])

    monkeypatch.setattr(quotients, "polynomials", wrong)
    assert curve_of.__wrapped__(sin(ARGUMENT), 1) is None


def test_a_page_shows_the_limit_and_the_formula():
    text = loss_of(sin(x) / x).latex("gradient")
    assert text.startswith(r"\frac{\partial L}{\partial x} = \begin{cases} 0 & \text{if } x = 0 \\")
    assert "1.5" not in text
    value = loss_of(sin(x) / x).latex("value")
    assert value.startswith(r"L = \begin{cases} 1 & \text{if } x = 0 \\")


def test_the_rule_that_fired_is_named():
    written = program(loss_of(sin(x) / x).entry)
    assert prepare(written).statements[-1].expression.has(continued)
    assert any("0 / 0 at x = 0" in str(rule) for rule in fired(written))
