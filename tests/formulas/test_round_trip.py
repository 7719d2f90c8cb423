# ruff: noqa: E501 - a formula is not broken over lines
"""What is printed as LaTeX or as text is read back as the same mathematics."""

import re

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from sympy import ITE, Float, Integer, S

from lossgen.emit.spelling import BLOCK
from lossgen.emit.typeset import Typesetter
from lossgen.formulas.equations import read
from lossgen.formulas.evaluate import Values, evaluate, settled
from lossgen.formulas.notation import Notation
from lossgen.formulas.scope import axes_of, latex_scope, text_scope
from lossgen.language import *
from lossgen.language.folds import Fold
from lossgen.language.functions import share
from lossgen.language.symbols import Label as LabelSymbol
from lossgen.language.symbols import Size
from lossgen.language.trace import undistributed

k = axis("k")
(m,) = k.indices("m")

INTERFACE = {
    "name": "any",
    "arguments": {
        "x": {"domain": "Real", "axes": ()},
        "prob": {"domain": "Unit", "axes": ()},
        "u": {"domain": "Real", "axes": ("k",)},
        "y_hat": {"domain": "Real", "axes": ("k",)},
        "label": {"domain": "Label", "axes": (), "values": "k"},
    },
    "shared": {"delta": {"domain": "Positive", "axes": (), "default": 1.5}},
}
NAMES = {
    "x": "x",
    "prob": r"\mathrm{prob}",
    "u": "u",
    "y_hat": r"\hat{y}",
    "label": r"\mathrm{label}",
    "delta": r"\delta",
}
NOTATION = Notation(NAMES, {"k": ("k", "m")}, {"k": "K"})
RANK = {name: place for place, name in enumerate(NAMES)}
PRINT = Typesetter(NOTATION, RANK, frozenset({"delta"}))

LATEX = latex_scope(INTERFACE, NOTATION)
TEXT = text_scope(INTERFACE, {**axes_of(INTERFACE), "k": ("k", "m")})
x, prob, u, y_hat, label, delta = (LATEX.names[name] for name in NAMES.values())
assert isinstance(label, LabelSymbol)

leaves = st.one_of(
    st.sampled_from([x, prob, delta, u[label], y_hat[label], u[k], y_hat[k], pi, Size("k"), k]),
    st.integers(-3, 5).map(Integer),
    st.fractions(-2, 2, max_denominator=7).map(
        lambda found: Rational(found.numerator, found.denominator)
    ),
    # Exact as decimals too: e^(1e-5**x) tells 10^-5 from the float next to it.
    st.sampled_from([0.25, 2.0**-17]).map(Float),
)
UNARY = (
    Abs,
    exp,
    sqrt,
    tanh,
    sign,
    softplus,
    sigmoid,
    log_cosh,
    sech2,
    expm1,
    log1p,
    erf,
    atan,
    sin,
    cosh,
    square,
    stop_gradient,
    lambda inner: log(inner),
    lambda inner: -inner,
    lambda inner: 1 / inner,
    lambda inner: inner**3,
    lambda inner: inner ** Rational(-3, 2),
)
FOLDS = (
    lambda inner: LogSumExp(m, inner + u[m]),
    lambda inner: SumOver(m, inner * y_hat[m]), lambda inner: MeanOver(m, inner - u[m]),
    lambda inner: MaxOver(m, u[m] * inner, where=Ne(m, label)), lambda inner: MinOver(m, inner + y_hat[m]),
    lambda inner: SumOver(m, inner * u[m], where=m <= k),
)  # fmt: skip
BINARY = (
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, hypot, xlogy, xlog1py, share,
    lambda a, b: Max(a, b), lambda a, b: Min(0, a, b), lambda a, b: Abs(a) ** b, ratio,
    lambda a, b: Piecewise((a, Eq(k, label)), (0, True)) * b,
    lambda a, b: Piecewise((a, a < b), (b, And(x > 0, Or(prob <= delta, Not(Eq(a, x))))), (a * b, True)),
    lambda a, b: Piecewise((a, b > 0), (0, True)) - b,
)  # fmt: skip


def folded(pair):
    """A fold, unless the body has one: an index bound twice is refused, rightly."""
    make, inner = pair
    return inner if inner.has(Fold) else make(inner)


def combined(inner):
    return st.one_of(
        st.tuples(st.sampled_from(UNARY), inner).map(lambda pair: pair[0](pair[1])),
        st.tuples(st.sampled_from(FOLDS), inner).map(folded),
        st.tuples(st.sampled_from(BINARY), inner, inner).map(
            lambda three: three[0](three[1], three[2])
        ),
    )


@st.composite
def expressions(draw):
    with undistributed():
        try:
            return draw(st.recursive(leaves, combined, max_leaves=7))
        except (
            ValueError,
            TypeError,
            RecursionError,
        ):  # what SymPy makes of it is complex or infinite
            reject()


def numbers(expression):
    random = np.random.default_rng(3)
    rows = [
        {
            "x": random.normal(), "prob": random.uniform(), "u": random.normal(size=3),
            "y_hat": random.normal(size=3), "label": random.integers(3), "delta": 1.5,
        }
        for _ in range(2)
    ]  # fmt: skip
    return [
        number
        for row in rows
        for place in range(3)
        for number in settled(
            lambda row=row, place=place: [evaluate(expression, Values(row, {"k": 3}), {k: place})],
            most=80,
        )
    ]


def same(left, right):
    if left.value != left.value or right.value != right.value:
        return left.value != left.value and right.value != right.value
    return left.value == right.value or abs(left.value - right.value) <= 1e-14 * max(
        left.size, abs(left.value)
    )


def usable(expression):
    # SymPy evaluates exp(1e5): a number beyond every double is no coefficient of a formula.
    far = any(abs(number) > 1e300 for number in expression.atoms(Float))
    return not far and not expression.has(
        ITE, S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit
    )


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_latex_is_read_back_as_the_same_numbers(expression):
    if usable(expression):
        again = read(f"q_{{k}} = {PRINT(expression, BLOCK)}", LATEX)[0]
        assert all(map(same, numbers(expression), numbers(again.expression))), PRINT(
            expression, BLOCK
        )


@pytest.mark.parametrize("number", [1e-05, 2.5e-07, 1234.5])
def test_a_decimal_number_is_read_back(number):
    expression = Float(number) * x + u[k]
    again = read(f"q_{{k}} = {PRINT(expression, BLOCK)}", LATEX)[0]
    assert all(map(same, numbers(expression), numbers(again.expression)))


@settings(max_examples=60, deadline=None)
@given(expressions())
def test_text_is_read_back_as_the_same_numbers(expression):
    rounded = re.search(r"\d{14}", str(expression))  # SymPy writes 15 digits of a float
    if usable(expression) and not expression.has(Size) and not rounded:
        again = read(f"q[k] = {expression}", TEXT)[0]
        assert all(map(same, numbers(expression), numbers(again.expression))), str(expression)


@pytest.mark.parametrize(
    ("right", "wrong"), [(x - prob, prob - x), (u[k], u[label]), (x**2, x**3)], ids=str
)
def test_the_comparison_can_fail(right, wrong):
    assert not all(
        map(same, numbers(right), numbers(read(f"q_{{k}} = {PRINT(wrong)}", LATEX)[0].expression))
    )
