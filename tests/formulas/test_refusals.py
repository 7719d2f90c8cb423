# ruff: noqa: E501 - a formula is not broken over lines
"""What is ambiguous, unknown or no formula is refused with its place; nothing is ever evaluated as code."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossgen.formulas import FormulaError, Notation, latex_scope, read, text_scope
from lossgen.formulas.scope import axes_of

INTERFACE = {
    "name": "any",
    "arguments": {
        "x": {"domain": "Real", "axes": ()},
        "y": {"domain": "Real", "axes": ()},
        "u": {"domain": "Real", "axes": ("k",)},
    },
    "shared": {"delta": {"domain": "Positive", "axes": (), "default": 1.0}},
}
LATEX = latex_scope(
    INTERFACE,
    Notation({"x": "x", "y": "y", "u": "u", "delta": r"\delta"}, {"k": ("k",)}, {"k": "K"}),
)
TEXT = text_scope(INTERFACE, axes_of(INTERFACE))

AMBIGUOUS = {
    r"\log x (1 - y)": "two ways",
    r"x / y \delta": "above or below",
    r"\log (x)^{2}": "argument or to the function",
    "x^23": "one digit",
    r"|x||y|": "two ways",
    r"\sum_{k} u_{k} + u_{k}": "in use outside",
    r"\sum x": "runs over",
    r"\sum_{k = 2}^{K} u_{k}": "whole axis",
    r"\sum_{k = 1}^{K - 1} u_{k}": "whole axis",
    r"\sum_{i \neq j} u_{i}": "which of the two",
    r"u u": "product of two vectors",
    r"u^{2}": "power of a vector",
    r"|u|": "two ways",
    r"\sigma(u)": "two ways",
    r"\operatorname{softmax}(x)": "takes a vector",
    r"\lVert u \rVert_{3}": "norms of order",
    r"1e-5 x": "number or a product",
    r"\log_{3} x": "bases",
    r"\mathbf{x} \hat y": "nobody declared",
    r"x = y = 2": "cannot stand",
    r"\frac12 x + \frac123": "one digit",
    r"\partial": "derivative|number",
    r"\begin{cases} 1 & \mathbb{1}[x > 0] > 0 \\ 0 & \text{else} \end{cases}": "inside a condition",
    r"\sum_{k} \sum_{k} u_{k}": "in use",
    r"\sum_{k} x": "uses the index|body must",
    "z": "nobody declared",
    "x_{k}": "no index",
    r"\frac{\partial L}{\partial x}": "nowhere defined",
    r"\max(x)": "two or more",
    r"x \cdot": "missing",
    r"x + \begin{cases} 1 & \text{otherwise}": "too early",
}  # fmt: skip


@pytest.mark.parametrize("formula", AMBIGUOUS)
def test_latex_that_can_be_misread_is_refused_with_its_place(formula):
    with pytest.raises(FormulaError, match=AMBIGUOUS[formula]) as caught:
        read(formula, LATEX)
    assert str(caught.value).splitlines()[-1].strip() == "^" * len(
        str(caught.value).splitlines()[-1].strip()
    )


NO_FORMULAS = {
    "__import__('os').system('touch evaluated')": "cannot stand here",
    "__import__(x)": "no function",
    "eval(x)": "no function",
    "x.__class__": "with a dot",
    "x^2": r"write \*\*",
    "lambda: x": "cannot stand here",
    "[x for y in u]": "cannot stand here",
    "x if y else 1": "cannot stand here",
    "prediction": "nobody declared",
    "Sum(u[k], (k, 2, 3))": "whole axis",
    "9" * 400: "larger than every float",
    "norm(x, y, 2)": "no function",
    "Piecewise(x, y)": "expected Piecewise",
    "SumOver(k)": "expected SumOver",
    "x < y": "no number",
    "Piecewise((x, y), (1, True))": "expected a condition",
    "r = r + 1": "itself",
    "": "too early",
    "x" * 30_000: "at most",
    "(" * 100 + "x" + ")" * 100: "open brackets",
    "-" * 200 + "x": "deep",
}  # fmt: skip


@pytest.mark.parametrize("formula", NO_FORMULAS, ids=lambda formula: formula[:30])
def test_text_that_is_no_formula_is_refused(formula, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormulaError, match=NO_FORMULAS[formula]):
        evaluated(formula, TEXT)
    assert list(tmp_path.iterdir()) == []


HUGE = [
    "9**9**9**9",
    "exp(exp(exp(exp(99))))",
    "Max(exp(exp(99)), 1)",
    "cosh(9**9**9)",
    "1e300**1e300",
    "x**(9**99)",
]


@pytest.mark.parametrize("formula", HUGE)
def test_huge_numbers_end_at_once(formula):
    start = time.perf_counter()
    evaluated(formula, TEXT)
    assert time.perf_counter() - start < 5


def evaluated(formula, scope):
    from lossgen.formulas.equations import definitions
    from lossgen.formulas.evaluate import Values, evaluate, settled

    equations = read(formula, scope)
    numbers = {"x": 0.5, "y": -2.0, "delta": 1.0, "u": [1.0, 2.0]}
    places = dict.fromkeys(equations[0].indices, 0)

    def once():
        values = Values(numbers, {"k": 2}, definitions(equations))
        return [evaluate(equations[0].expression, values, places)]

    return settled(once)


WORDS = [
    *[r"\frac", r"\log", r"\exp", r"\sum", r"\max", r"\min", r"\left(", r"\right)", r"\left|", r"\right|", r"\sqrt", r"\partial", r"\delta", r"\cdot", r"\sigma", r"\le", r"\land"],
    *[r"\begin{cases}", r"\end{cases}", r"\text{if}", r"\text{otherwise}", r"&", r"\\", r"_", r"^", r"_{k}", r"^{2}", r"{", r"}", r"(", r")", r"[", r"]", r"|", r"+", r"-", r"*", r"/", r"=", r"<", r",", r":", r";", r"1", r"23", r"0.5"],
    *[r"x", r"y", r"u", r"k", r"e", r"E", r"u[k]", r"**", r"Piecewise(", r"SumOver(", r"True", r"==", r"~", r".", r"\operatorname{LSE}", r"\mathbb{1}", r"\hat", r"'", r"where="],
]  # fmt: skip


@settings(max_examples=150, deadline=2000)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.text(max_size=40)))
def test_any_text_is_read_or_refused(formula):
    for scope in (LATEX, TEXT):
        with contextlib.suppress(FormulaError):
            evaluated(formula, scope)


RIGHT = {
    r"\log x": "log(x)",
    r"\log^{2}(x)": "log(x)**2",
    r"\frac{1}{2} |x| y": "Abs(x)*y/2",
    r"2x(y - 1)": "2*x*(y - 1)",
    r"x/2": "x/2",
    r"\max\{0, 1 - x y\}": "Max(0, 1 - x*y)",
    r"\sum_{k} u_k e^{-u_k}": "SumOver(k, u[k]*exp(-u[k]))",
    r"\max_k u_k": "MaxOver(k, u[k])",
    r"\operatorname{LSE}_{k} u_{k} - \mathrm{x}": "LogSumExp(k, u[k]) - x",
    r"\mathbf{1}[x > 0]": "Piecewise((1, x > 0), (0, True))",
    r"\begin{cases} x, & x < 0 \\ \ln(1 + e^x) & \text{otherwise} \end{cases}": "Piecewise((x, x < 0), (softplus(x), True))",
    r"\operatorname{sgn}(x) \tanh y": "sign(x)*tanh(y)",
    r"\left[x \le y\right] + [0 < x \le 2]": "Piecewise((1, x <= y), (0, True)) + Piecewise((1, (0 < x) & (x <= 2)), (0, True))",
    r"\sum_{k = 1}^{K} u_{k}": "SumOver(k, u[k])",
    r"\frac{1}{n} \sum_{i=1}^{n} u_i^2": "MeanOver(k, u[k]**2)",
    r"\sum_{i=0}^{C-1} u_i / C": "MeanOver(k, u[k])",
    r"\sum_{i = 1}^{K} \sum_{j = i}^{K} u_i u_j": "(SumOver(i, u[i])**2 + SumOver(i, u[i]**2))/2",
    r"\sum_i \sum_{j \neq i} u_i u_j": "SumOver(i, u[i])**2 - SumOver(i, u[i]**2)",
    r"\prod_{k} (1 + u_k)": "exp(SumOver(k, log(1 + u[k])))",
    r"\lVert u \rVert + \| 2u \|_2 + \left\|u\right\|_2^2": "3*sqrt(SumOver(k, u[k]**2)) + norm(u)**2",
    r"\lVert u - 1 \rVert_1 + \|u\|_\infty": "norm(u - 1, 1) + MaxOver(k, Abs(u[k]))",
    r"u^\top u + u^{T} u + u \cdot u + \langle u, 2 u \rangle": "5*SumOver(k, u[k]**2)",
    r"\mathbf{1}^\top \mathbf{u}": "SumOver(k, u[k])",
    r"u^\top (\mathbf{1} - u)": "dot(u, 1 - u)",
    r"\operatorname{softmax}(u)_k": "exp(u[k] - LogSumExp(m, u[m]))",
    r"\mathrm{softmax}_k(2u)": "softmax(2*u)[k]",
    r"\operatorname{LSE}(u) + \max(u)": "LogSumExp(k, u[k]) + MaxOver(k, u[k])",
    r"\frac12 x^2 + \tfrac{1}3 \sqrt[3]{\delta} + \log_2 \delta": "x**2/2 + cbrt(delta)/3 + log2(delta)",
    r"\tanh \frac{x}{2} + \operatorname{sign} (y) - \sgn(y)": "tanh(x/2)",
    r"[x]_+ + (1 - y)_{+} + y_+": "Max(x, 0) + Max(1 - y, 0) + relu(y)",
    r"1_{x > 0} + \mathbb{1}_{\{y \ge 0\}} + \mathbf{1}\{x<y\} + \mathbb{I}(x > y)": "where(x > 0, 1, 0) + where(y >= 0, 1, 0) + 1",
    r"\sum_i \delta_{ij} u_i": "u[j]",
    r"|x - \left|y\right|| + \frac{|x|}{|y|}": "Abs(x - Abs(y)) + Abs(x)/Abs(y)",
    r"\mathrm{e}^{-x} + \exp\{x\}": "exp(-x) + exp(x)",
    r"\begin{cases} x, & \text{if $x < y$,} \\ -x & \text{otherwise}. \end{cases}": "Piecewise((x, x < y), (-x, True))",
    r"\left\{ \begin{array}{ll} x & \mathrm{if}~|x| \leqslant \delta, \\ y, & \text{else} \end{array} \right.": "Piecewise((x, Abs(x) <= delta), (y, True))",
    r"\begin{cases} x, \quad \text{if } -1 \le x < 1 \\ 0, \quad \text{otherwise.} \end{cases}": "Piecewise((x, (-1 <= x) & (x < 1)), (0, True))",
    r"u_k \max_{j \neq k} u_j": "u[k]*MaxOver(j, u[j], where=Ne(j, k))",
    r"e^{u_k} / \sum_j e^{u_j}.": "softmax(u)[k]",
    r"L(x) = x \boldsymbol{\delta}": "x*delta",
}  # fmt: skip


@pytest.mark.parametrize("formula", [formula for formula, text in RIGHT.items() if text])
def test_what_papers_write_is_understood(formula):
    (left,), (right,) = evaluated(formula, LATEX), evaluated(RIGHT[formula], TEXT)
    assert (
        left.value == right.value
        or abs(left.value - right.value) < 1e-30
        or left.value != left.value
    )
