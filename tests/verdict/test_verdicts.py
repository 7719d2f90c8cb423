# ruff: noqa: E501 - a formula is not broken over lines
"""`verify` says right of what is right, wrong of what is wrong, and where; it reads, and never runs, text."""

import pytest

from lossgen.catalogue.entries import losses
from lossgen.language import *
from lossgen.runtime import LossError
from lossgen.verdict import VerificationError, verify

LOSSES = losses()
n = axis("n")


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


OWN = {found.name: found for found in (half_mean, logistic, bernoulli, asymmetric)}

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
        "huber", {"gradient": "Piecewise((q, Abs(q) <= 2*delta), (delta*sign(q), True)); q = prediction - target"}, "",
    ),
    "a dropped term": ("dice", {"value": "1 - 2*overlap/(size + smooth)"}, ""),
    "another index": ("info_nce", {"value": "MeanOver(i, LogSumExp(j, s[j, i]) - s[i, i])"}, "swapped"),
    "no value at all": ("squared_error", {"gradient": "2*sqrt(prediction - target)**2"}, ""),
}  # fmt: skip

UNREADABLE = {
    "no formula": ("squared_error", {"gradient": "2*(prediction - target"}),
    "an unknown name": ("squared_error", {"gradient": "2*(prediction - truth)"}),
    "code": ("squared_error", {"gradient": "__import__('os').system('true')"}),
    "an index that the value has not": ("half_mean", {"value": "prediction[n]"}),
    "no such function": ("squared_error", {"python": "nowhere:at_all"}),
    "a function that fails": ("squared_error", {"python": "operator:neg"}),
}


def found(name, given):
    return verify(OWN.get(name) or LOSSES[name], **given)


@pytest.mark.parametrize("what", RIGHT)
def test_a_right_formula_is_right(what):
    verdict = found(*RIGHT[what])
    assert (verdict.code, bool(verdict)) == (0, True), str(verdict)
    assert verdict.raise_if_failed() is verdict
    assert ("except at kinks" in str(verdict)) == (what == "another side at a kink")


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


@pytest.mark.parametrize(
    ("body", "code"), [("2*(prediction - target)", 0), ("prediction - target", 1)]
)
def test_a_python_function_is_called_with_arrays(tmp_path, monkeypatch, body, code):
    name = f"somebodys_{code}"
    (tmp_path / f"{name}.py").write_text(f"def slope(prediction, target):\n    return {body}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert verify(LOSSES["squared_error"], python=f"{name}:slope").code == code


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
