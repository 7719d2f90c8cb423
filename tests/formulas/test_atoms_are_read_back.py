"""Each stable atom is printed as plain mathematics, and read back as the same number."""

import pytest
from formulas.test_round_trip import LATEX, PRINT, TEXT, delta, numbers, prob, same, x

from lossgen.emit.spelling import BLOCK
from lossgen.formulas.equations import read
from lossgen.language import *

OF_ONE = (
    expm1mx,
    log1mexp,
    log1pmx,
    log_i0,
    log_ndtr,
    normal_hazard,
    hazard_excess,
    hypot1m1,
    over_hypot,
    inverse_hypot_cubed,
    log_hypot1,
    over_one_plus,
    over_one_plus_square,
    over_one_plus_square_slope,
    reciprocal_expm1,
    versine,
    digamma,
    trigamma,
    tetragamma,
    i0e,
    i1e,
    bessel_ratio,
    bessel_ratio_slope,
)
OF_TWO = (
    logaddexp,
    boxcox,
    boxcox1p,
    sigmoid_power,
    log_ratio_to_mean,
    relative_entropy_to_mean,
    log_ratio,
    relative_entropy,
)
SPELLED = [
    *(atom(inner) for atom in OF_ONE for inner in (prob, delta * prob)),
    *(atom(prob, delta) for atom in OF_TWO),
    beta_divergence(prob, delta, x**2), beta_divergence(prob, delta, Rational(0)),
    beta_divergence(prob, delta, Rational(1)), beta_divergence(prob, delta, Rational(3)),
    *(exp_moment(x, order) for order in range(4)),
    loggamma(delta), log_diff_sigmoid(prob, -delta), 3 * versine(x) - log_i0(x) / 2,
]  # fmt: skip


@pytest.mark.parametrize("expression", SPELLED, ids=str)
def test_latex(expression):
    text = PRINT(expression, BLOCK)
    again = read(f"q_{{k}} = {text}", LATEX)[0]
    assert all(map(same, numbers(expression), numbers(again.expression))), text


@pytest.mark.parametrize("expression", SPELLED, ids=str)
def test_text(expression):
    again = read(f"q[k] = {expression}", TEXT)[0]
    assert all(map(same, numbers(expression), numbers(again.expression)))


def test_another_function_is_another_number():
    """The twin: a page that confuses two atoms is seen."""
    again = read(f"q_{{k}} = {PRINT(log1pmx(prob), BLOCK)}", LATEX)[0]
    assert not all(map(same, numbers(expm1mx(prob)), numbers(again.expression)))
