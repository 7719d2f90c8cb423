# ruff: noqa: E501 - a formula is not broken over lines
"""`verify` says right of what is right, wrong of what is wrong, and where; it reads, and never runs, text."""

import json

import pytest

from lossgen.catalogue.entries import losses
from lossgen.language import *
from lossgen.runtime import LossError
from lossgen.verdict import VerificationError, verify

LOSSES = losses()
n = axis("n")
i, j = n.indices("i j")


@loss(wrt="prediction")
def half_mean(prediction: Real[n], target: Real[n]):
    return MeanOver(n, (prediction[n] - target[n]) ** 2) / 2


@loss
def logistic(logit: Real, target: Unit):
    return softplus(logit) - target * logit


@loss
def bernoulli(prob: OpenUnit, target: Unit):
    return -target * log(prob) - (1 - target) * log(1 - prob)


@loss(notation={"prediction": r"\hat{y}", "target": "y"})
def asymmetric(prediction: Real, target: Real, *, weight: Positive = 3.0):
    r = let("r", prediction - target)
    return Piecewise((weight * r**2, r < 0), (r**2, True))


@loss
def transposed(s: Real[n, n]):
    return SumOver(i, LogSumExp(j, s[i, j]))


@loss(wrt="scale")
def deviation(scale: Positive, target: Real):
    return log(scale) + (target / scale) ** 2 / 2


OWN = {
    found.name: found
    for found in (half_mean, logistic, bernoulli, asymmetric, transposed, deviation)
}

RIGHT = {
    "text, with a definition": (
        "huber", {"gradient": "Piecewise((q, Abs(q) <= delta), (delta*sign(q), True)); q = prediction - target"},
    ),
    "another form of the same": (
        "huber", {"gradient": "Max(-delta, Min(delta, prediction - target))"},
    ),
    "another argument": ("squared_error", {"gradient": "2*(target - prediction)", "wrt": "target"}),
    "the value": ("log_cosh", {"value": "log(cosh(prediction - target))"}),
    "the second derivative": ("log_cosh", {"hessian": "1 - tanh(prediction - target)**2"}),
    "LaTeX of our pages": (
        "sparse_softmax_cross_entropy",
        {"gradient": r"e^{\mathrm{logits}_{k} - \operatorname{LSE}_{j} \mathrm{logits}_{j}} - \mathbb{1}[k = \mathrm{label}]"},
    ),
    "LaTeX as an equation": (
        "sparse_softmax_cross_entropy",
        {"gradient": r"\frac{\partial L}{\partial \mathrm{logits}_j} = \frac{e^{\mathrm{logits}_j}}{S} - [j = \mathrm{label}]; S = \sum_k e^{\mathrm{logits}_k}"},
    ),
    "the author's quantities": ("dice", {"value": "1 - (2*overlap + smooth)/(size + smooth)"}),
    "the author's notation": ("asymmetric", {"gradient": r"\begin{cases} 2 \mathrm{weight} (\hat{y} - y) & \text{if } \hat{y} < y \\ 2(\hat{y} - y) & \text{otherwise} \end{cases}"}),
    "a mean over an axis": ("half_mean", {"gradient": "(prediction[n] - target[n])/n.size"}),
    "two indices over an axis": ("info_nce", {"value": "MeanOver(i, log(SumOver(j, exp(s[i, j] - s[i, i]))))"}),
    "names by convention": ("squared_error", {"gradient": r"2 (\hat{y}_i - y_i)"}),
    "names by let": ("squared_error", {"gradient": "2*(p - y)", "let": ["p = prediction", "y = target"]}),
    "the argument on the left side": ("squared_error", {"gradient": r"\frac{\partial L}{\partial y} = 2 (y - \hat{y})"}),
    "a definition with the name of a function": ("gaussian_nll", {"gradient": r"\frac{1}{\sigma(\mu - y)} (\mu - y)^2 \frac{1}{\sigma}", "where": r"\sigma = \sqrt{\mathrm{variance}}"}),
    "definitions in two places": ("huber", {"gradient": r"\max(-\delta, \min(\delta, r))", "where": r"r = \hat{y} - y"}),
    "part of the domain": ("hinge", {"gradient": "Piecewise((1, score > -1), (0, True))", "domain": "target in {-1}"}),
    "undefined at the end of the domain": ("binary_cross_entropy", {"gradient": "(prob - target)/(prob*(1 - prob))"}),
    "a whole Hessian": ("squared_euclidean_distance", {"hessian": r"\frac{\partial^2 L}{\partial x_i \partial x_j} = 2 \delta_{ij}"}),
    "another side at a kink": ("absolute_error", {"gradient": "Piecewise((1, prediction >= target), (-1, True))"}),
}  # fmt: skip

WRONG = {
    "sign": ("squared_error", {"gradient": "2*(target - prediction)"}, "sign"),
    "factor": ("squared_error", {"gradient": "prediction - target"}, "0.5 times"),
    "missing mean": ("half_mean", {"gradient": "prediction[n] - target[n]"}, "1/n.size is missing"),
    "too much of a mean": ("half_mean", {"gradient": "(prediction[n] - target[n])/n.size**2"}, "too much"),
    "swapped arguments": ("logistic", {"gradient": "sigmoid(target) - logit"}, "swapped"),
    "another argument": ("logistic", {"gradient": "-logit"}, "with respect to target"),
    "missing link": ("logistic", {"gradient": "(p - target)/(p*(1 - p)); p = sigmoid(logit)"}, "p (1 - p) is missing"),
    "a link too much": ("bernoulli", {"gradient": "prob - target"}, "too much"),
    "the value instead": ("squared_error", {"gradient": "(prediction - target)**2"}, "the value itself"),
    "the first derivative instead": ("log_cosh", {"hessian": "tanh(prediction - target)"}, "first derivative"),
    "a widened branch": (
        "huber", {"gradient": "Piecewise((q, Abs(q) <= 2*delta), (delta*sign(q), True)); q = prediction - target"}, "wrong condition",
    ),
    "a dropped term": ("dice", {"value": "1 - 2*overlap/(size + smooth)"}, "term is missing"),
    "the sign of one term": ("linex", {"gradient": "b*(a*exp(a*(prediction - target)) + a)"}, "the sign of `a` is wrong"),
    "a sign within a sum": ("root_mean_squared_error", {"gradient": "(prediction[k] - target[k])/(k.size*sqrt(MeanOver(j, (prediction[j] + target[j])**2)))"}, "the sign of `prediction[j]` is wrong"),
    "a factor of one term": ("gaussian_nll", {"wrt": "variance", "gradient": "1/(2*variance) - (prediction - target)**2/variance**2"}, "multiplied by 1/2"),
    "a branch of another sign": ("huber", {"gradient": "Piecewise((q, Abs(q) <= delta), (-delta*sign(q), True)); q = prediction - target"}, "the sign of `-delta*sign(q)` is wrong"),
    "two indices exchanged": ("transposed", {"gradient": r"\frac{\partial L}{\partial s_{ij}} = p_{ji}; p_{ij} = \frac{e^{s_{ij}}}{\sum_{l} e^{s_{il}}}"}, "transposed"),
    "the derivative in the logarithm": ("deviation", {"gradient": "1 - (target/scale)**2"}, "logarithm"),
    "another index": ("info_nce", {"value": "MeanOver(i, LogSumExp(j, s[j, i]) - s[i, i])"}, "swapped"),
    "no value at all": ("squared_error", {"gradient": "2*sqrt(prediction - target)**2"}, ""),
}  # fmt: skip

UNREADABLE = {
    "no formula": ("squared_error", {"gradient": "2*(prediction - target"}),
    "an unknown name": ("squared_error", {"gradient": "2*(prediction - truth)"}),
    "a name with two meanings": ("squared_error", {"gradient": "2(y - t) \\"}),
    "an index that is a number": ("sparse_softmax_cross_entropy", {"value": "SumOver(k, k*logits[k])"}),
    "a label that is a number": ("sparse_softmax_cross_entropy", {"value": "Piecewise((logits[label], label < 2), (0, True))"}),
    "indices in no order": ("transposed", {"gradient": "exp(s[i, j] - LogSumExp(n, s[i, n]))"}),
    "code": ("squared_error", {"gradient": "__import__('os').system('true')"}),
    "an index that the value has not": ("half_mean", {"value": "prediction[n]"}),
    "no such function": ("squared_error", {"python": "nowhere:at_all"}),
    "a function that fails": ("squared_error", {"python": "operator:neg"}),
    "a domain of nothing": ("squared_error", {"gradient": "x", "domain": "x in it"}),
    "a domain of no argument": ("squared_error", {"gradient": "x", "domain": "x in R"}),
    "a name for no argument": ("squared_error", {"gradient": "x", "let": "x = y"}),
    "the derivative in another argument": ("squared_error", {"wrt": "prediction", "gradient": r"\frac{\partial L}{\partial y} = 2(y - \hat{y})"}),
    "a derivative of another order": ("squared_error", {"gradient": r"\frac{\partial^2 L}{\partial \hat{y}^2} = 2"}),
}  # fmt: skip


def found(name, given):
    return verify(OWN.get(name) or LOSSES[name], **given)


@pytest.mark.parametrize("what", RIGHT)
def test_a_right_formula_is_right(what):
    verdict = found(*RIGHT[what])
    assert (verdict.code, bool(verdict)) == (0, True), str(verdict)
    assert verdict.raise_if_failed() is verdict
    assert ("except at kinks" in str(verdict)) == (what == "another side at a kink")
    assert ("the end of the domain" in str(verdict)) == ("end of the domain" in what)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_formula_is_wrong_and_says_where(what):
    name, given, diagnosis = WRONG[what]
    verdict = found(name, given)
    assert (verdict.code, bool(verdict)) == (1, False), str(verdict)
    assert verdict.point in str(verdict)
    assert verdict.expected != verdict.found
    assert diagnosis in verdict.diagnosis
    assert bool(verdict.diagnosis) == bool(diagnosis)
    with pytest.raises(VerificationError, match="is not"):
        verdict.raise_if_failed()


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_neither(what):
    verdict = found(*UNREADABLE[what])
    assert (verdict.code, bool(verdict)) == (2, False), str(verdict)
    assert "cannot be read" in str(verdict)


NAIVE = """
import numpy as np

def value(logit, target, pos_weight):
    p = 1 / (1 + np.exp(-logit))
    return -(target * np.log(p) + (1 - target) * np.log(1 - p))

def slope(logit, target, pos_weight):
    return 1 / (1 + np.exp(-logit)) - target

def curvature(logit, target, pos_weight):
    p = 1 / (1 + np.exp(-logit))
    return p * (1 - p)

def wrong(logit, target, pos_weight):
    return 1 / (1 + np.exp(-logit)) + target

def clipped(logit, target, pos_weight):
    return 1 / (1 + np.exp(-np.clip(logit, -4, 4))) - target
"""
FUNCTIONS = {
    "value": ("value", 0, "digits"),
    "slope": ("gradient", 0, ""),
    "curvature": ("hessian", 0, "digits"),
    "wrong": ("gradient", 1, ""),
    "clipped": ("gradient", 1, ""),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_python_function_is_called_with_arrays(tmp_path, monkeypatch, name):
    what, code, cause = FUNCTIONS[name]
    (tmp_path / "somebodys.py").write_text(NAIVE)
    monkeypatch.syspath_prepend(tmp_path)
    entry = LOSSES["binary_cross_entropy_with_logits"]
    verdict = verify(entry, python=f"somebodys:{name}", what=what, domain="pos_weight in {1}")
    assert (verdict.code, verdict.cause) == (code, cause), str(verdict)
    assert verdict.strict().code == int(code or cause != "")


def test_a_function_may_be_given_as_it_is():
    def slope(prediction, target):
        return 2 * (prediction - target)

    assert verify(LOSSES["squared_error"], gradient=slope)
    assert not verify(LOSSES["squared_error"], value=slope)


STATED = {
    "right": ({"value": "-log(p)", "gradient": "-1/p", "wrt": "p", "domain": "p in (0, 1)"}, 0),
    "wrong": ({"value": "-log(p)", "gradient": "1/p", "wrt": "p", "domain": "p in (0, 1)"}, 1),
    "with definitions": ({"value": "r**2/2", "gradient": "-r", "wrt": "x", "where": "r = y - x"}, 0),
    "of vectors": ({"value": r"\lVert x \rVert^2 / 2", "gradient": "x", "wrt": "x", "domain": "x in R^n"}, 0),
    "in a name that is not there": ({"value": "-log(p)", "gradient": "-1/p", "wrt": "q"}, 2),
    "with a free index": ({"value": "x[k]", "gradient": "1", "wrt": "x", "domain": "x in R^k"}, 2),
    "as a product": ({"value": r"\prod_k x_k", "gradient": "1", "wrt": "x", "domain": "x in R^k"}, 2),
}  # fmt: skip


@pytest.mark.parametrize("what", STATED)
def test_a_loss_may_be_stated(what):
    given, code = STATED[what]
    verdict = verify(**given)
    assert verdict.code == code, str(verdict)


def test_strictly_kinks_count():
    given = {"gradient": "Piecewise((1, prediction >= target), (-1, True))"}
    verdict = verify(LOSSES["absolute_error"], **given)
    assert verdict.code == 0
    assert "at kinks" in verdict.exceptions[0]
    assert verify(LOSSES["absolute_error"], strict=True, **given).code == 1
    assert (
        verify(LOSSES["squared_error"], strict=True, gradient="2*(prediction - target)").code == 0
    )


def test_the_verdict_is_json():
    found = json.loads(verify(LOSSES["squared_error"], gradient="target - prediction").to_json())
    assert found["answer"] == "wrong"
    assert found["expected"] != found["found"]
    assert verify(LOSSES["squared_error"], gradient="2*(prediction - target)").proof == "symbolic"


@pytest.mark.parametrize(
    "given", [{}, {"value": "x", "gradient": "x"}, {"gradient": "x", "wrt": "nothing"}], ids=str
)
def test_a_senseless_question_is_an_error(given):
    with pytest.raises(LossError, match="squared_error"):
        verify(LOSSES["squared_error"], **given)


def test_the_name_is_the_function_however_it_was_imported():
    import lossgen
    import lossgen.verdict

    assert lossgen.verify(LOSSES["squared_error"], gradient="2*(prediction - target)")
