"""A right function passes an audit; a wrong one does not, and is told what is the matter."""

import json

import numpy as np
import pytest
from foreign import functions
from hypothesis import given, settings
from hypothesis import strategies as st

import lossgen
from lossgen.foreign import AuditError, audit, audit_gradient
from lossgen.losses import find
from lossgen.runtime import LossError

RIGHT = {
    "huber": ("huber", {}),
    "huber, with its gradient": ("huber", {"gradient": functions.huber_gradient}),
    "mean_squared": ("squared_error", {}),
    "summed": ("squared_error", {}),
    "smooth_l1_as_huber": ("smooth_l1", {"names": {"delta": "beta"}}),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_function_is_right(case):
    name, options = RIGHT[case]
    found = audit(getattr(functions, case.split(",")[0]), find(name), **options)
    assert found, str(found)
    assert found.code == 0
    assert all(finding.points > 50 for finding in found.findings)


WRONG = {
    "doubled": ("squared_error", "2.0 times"),
    "negated": ("squared_error", "sign"),
    "swapped_pinball": ("pinball", "prediction and target are swapped"),
    "averaged": ("squared_euclidean_distance", "1/k.size is too much"),
    "root": ("euclidean_distance", "epsilon"),
    "inverse_width": ("cauchy", "c means 1/c"),
    "smooth_l1_as_huber": ("huber", "factor delta is missing"),
    "from_logarithm": ("kl_divergence", "logarithm of prob"),
    "clipped": ("binary_cross_entropy", "between the ends of the domain"),
    "wrong_branch": ("huber", ""),
    "unrelated": ("squared_error", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_function_is_wrong_and_why(name):
    loss, diagnosis = WRONG[name]
    names = {"log_prob": "prob"} if name == "from_logarithm" else None
    found = audit(getattr(functions, name), find(loss), names=names)
    assert found.code == 1
    finding = found["value"]
    assert finding.point
    assert diagnosis in finding.diagnosis
    if not diagnosis:
        assert finding.diagnosis == "", "no diagnosis is better than a wrong one"


SMALLEST = {
    "doubled": ("squared_error", "prediction=1, target=0", "1.0", "2"),
    "root": ("euclidean_distance", "x=[0.], y=[0.]", "0", "0.001"),
    "negated": ("squared_error", "prediction=1, target=0", "1.0", "-1"),
}


@pytest.mark.parametrize("name", SMALLEST)
def test_the_failing_input_is_the_smallest(name):
    loss, *expected = SMALLEST[name]
    finding = audit(getattr(functions, name), find(loss))["value"]
    assert [finding.point, finding.expected, finding.found] == expected


def test_a_wrong_gradient_beside_a_right_value_is_found():
    found = audit(functions.huber, find("huber"), gradient=functions.wrong_sign)
    assert found["value"].code == 0
    assert found["gradient"].code == 1
    assert "sign" in found["gradient"].diagnosis


def test_a_gradient_alone_is_audited():
    assert audit_gradient(functions.huber_gradient, find("huber"))
    assert not audit_gradient(functions.wrong_sign, find("huber"))
    other = audit_gradient(functions.by_target, find("squared_error"))
    assert "derivative with respect to target" in str(other) or "sign" in str(other)


def test_lost_digits_and_overflow_are_no_other_formula():
    finding = audit(functions.naive, find("bce_with_logits"))["value"]
    assert not finding.point
    assert any("float32: inf at logit=100," in failure for failure in finding.failures)
    kept = {digits.dtype: digits.kept for digits in finding.digits}
    assert kept["float32"] < 6 < kept["float64"]


def test_a_reduction_that_is_none_is_wrong():
    assert audit(functions.mean_squared, find("mse")).reduction == "mean"
    assert audit(functions.summed, find("mse")).reduction == "sum"
    assert audit(functions.huber, find("huber")).reduction == "none"
    found = audit(functions.first_only, find("mse"))
    assert found.code == 1
    assert "neither" in found.message


CANNOT = {
    "it raises": (functions.raises, "squared_error", {}, "not today"),
    "an argument without a counterpart": (functions.needs_more, "squared_error", {}, "secret"),
    "a name the loss has not": (
        functions.huber, "huber", {"names": {"delta": "gamma"}}, "no gamma",
    ),
    "a name the function has not": (
        functions.huber, "huber", {"names": {"width": "delta"}}, "no argument width",
    ),
    "too few arguments": (np.abs, "gaussian_nll", {}, ""),
    "no such module": ("nowhere_at_all:f", "huber", {}, "module:function"),
    "no such framework": (functions.huber, "huber", {"framework": "theano"}, "theano"),
    "no function": ("math:pi", "huber", {}, "float"),
}  # fmt: skip


@pytest.mark.parametrize("case", CANNOT)
def test_what_cannot_be_asked_is_said(case):
    function, loss, options, words = CANNOT[case]
    found = audit(function, find(loss), **options)
    assert found.code == 2
    assert words in found.message
    assert "cannot be asked" in str(found)


def test_an_argument_that_is_not_differentiated_is_an_error():
    with pytest.raises(LossError, match="label"):
        audit(functions.cross_entropy, find("cross_entropy"), wrt="label")


def test_options_set_the_function_and_the_loss():
    found = audit(functions.huber, find("huber"), options={"delta": 2.0})
    assert found
    assert "delta=2.0" in found.binding


@settings(max_examples=15, deadline=None)
@given(st.floats(0.1, 10).filter(lambda factor: abs(factor - 1) > 1e-3))
def test_any_factor_is_seen(factor):
    found = audit(lambda prediction, target: factor * (prediction - target) ** 2, find("mse"))
    assert found.code == 1
    assert "times what it should be" in found["value"].diagnosis


def test_an_audit_is_data_and_text():
    found = audit(functions.doubled, find("mse"))
    assert json.loads(found.to_json())["findings"][0]["point"] == "prediction=1, target=0"
    assert str(found).splitlines()[0].endswith("called with prediction=prediction, target=target)")
    with pytest.raises(AuditError, match=r"should be 1\.0, is 2"):
        found.raise_if_failed()
    assert audit(functions.huber, find("huber")).raise_if_failed()
    assert lossgen.audit is audit


def test_a_loss_of_ones_own_is_audited():
    from lossgen.language import Positive, Real, loss

    @loss
    def asymmetric(prediction: Real, target: Real, *, weight: Positive = 2.0):
        from sympy import Piecewise

        r = prediction - target
        return Piecewise((weight * r**2, r < 0), (r**2, True))

    def mine(prediction, target, weight=2.0):
        r = prediction - target
        return np.where(r < 0, weight, 1.0) * r**2

    assert audit(mine, asymmetric)
    assert not audit(lambda prediction, target, weight=2.0: mine(target, prediction, weight),
                     asymmetric)  # fmt: skip
