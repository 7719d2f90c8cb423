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
    r"\sum_{k = 1}^{K} u_{k}": "upper bounds",
    r"\sum_{k} \sum_{k} u_{k}": "in use",
    r"\sum_{k} x": "uses the index|body must",
    "z": "nobody declared",
    "u": "indices of k",
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
    "Sum(u[k], k)": "did you mean|no function",
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
}  # fmt: skip


@pytest.mark.parametrize("formula", [formula for formula, text in RIGHT.items() if text])
def test_what_papers_write_is_understood(formula):
    (left,), (right,) = evaluated(formula, LATEX), evaluated(RIGHT[formula], TEXT)
    assert (
        left.value == right.value
        or abs(left.value - right.value) < 1e-30
        or left.value != left.value
    )
