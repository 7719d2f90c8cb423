"""Arguments go by name or position, parameters by name; every mistake is one clear sentence."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

from lossgen.runtime import ArgumentError, ArgumentTypeError, Loss, LossError, TextKernels

X = np.array([0.0, 0.5, 3.0])
Y = np.zeros(3)


def test_names_always_work():
    huber = by_hand("huber")
    assert huber(target=Y, prediction=X) == huber(X, Y) == huber(X, target=Y)


def test_a_default_is_used_and_can_be_replaced():
    huber = by_hand("huber")
    assert huber(X, Y) == huber(X, Y, delta=1.0) != huber(X, Y, delta=2.0)


WRONG = {
    "missing": (lambda f: f(X), TypeError, "target is missing; call huber(prediction, target)"),
    "misspelt": (lambda f: f(X, Y, dleta=1), TypeError, "did you mean delta?"),
    "misspelt option": (lambda f: f(X, Y, reducton="sum"), TypeError, "did you mean reduction?"),
    "unknown": (lambda f: f(X, Y, gamma=1), TypeError, "it has prediction, target, delta"),
    "twice": (lambda f: f(X, Y, target=Y), TypeError, "given twice"),
    "parameter by position": (lambda f: f(X, Y, 1.0), TypeError, "parameters go by name"),
    "wrt of a value": (lambda f: f(X, Y, wrt="target"), TypeError, "wrt="),
    "wrt unknown": (lambda f: f.gradient(X, Y, wrt="delta"), ValueError, "prediction, target"),
    "wrt twice": (lambda f: f.gradient(X, Y, wrt=("target",) * 2), TypeError, "different names"),
    "wrt empty": (lambda f: f.gradient(X, Y, wrt=()), TypeError, "tuple"),
    "reduction": (lambda f: f(X, Y, reduction="avg"), ValueError, "'mean', 'sum' or 'none'"),
    "threads": (lambda f: f(X, Y, threads=0), ValueError, "at least 1"),
    "negative": (lambda f: f(X, Y, delta=-1), ValueError, "delta is -1.0 and must be"),
    "not a number": (lambda f: f(X, Y, delta=float("nan")), ValueError, "finite"),
    "text": (lambda f: f(X, Y, delta="1"), TypeError, "must be a number"),
    "truth": (lambda f: f(X, Y, delta=True), TypeError, "must be a number"),
    "many": (lambda f: f(X, Y, delta=np.ones(3)), ValueError, "one number, shared by all rows"),
    "bound unknown": (lambda f: f.bind(dleta=1), TypeError, "did you mean delta?"),
    "bound negative": (lambda f: f.bind(delta=-1), ValueError, "greater than 0"),
    "labels": (lambda f: f(X, Y, ignore_label=0), TypeError, "exactly one label per row"),
    "axis": (lambda f: f(X, Y, axis=0), ValueError, "axis= is for losses with one axis"),
}


@pytest.mark.parametrize(("call", "kind", "says"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_sentence_that_names_the_loss(call, kind, says):
    with pytest.raises(LossError) as caught:
        call(by_hand("huber"))
    assert isinstance(caught.value, kind)
    message = str(caught.value)
    assert message.startswith("huber: ")
    assert says in message
    assert "\n" not in message
    assert len(message) < 250


def test_a_parameter_that_leaves_its_domain_in_float32_is_refused():
    huber = by_hand("huber")
    huber(X, Y, delta=1e-50)
    with pytest.raises(ArgumentError, match=r"0\.0 in float32"):
        huber(X.astype(np.float32), Y.astype(np.float32), delta=1e-50)
    with pytest.raises(ArgumentError, match="finite"):
        huber(X.astype(np.float32), Y.astype(np.float32), delta=1e50)


def test_numpy_numbers_are_numbers():
    huber = by_hand("huber")
    for two in (2, np.float32(2), np.int64(2), np.array(2.0)):
        assert huber(X, Y, delta=two) == huber(X, Y, delta=2.0)


def test_an_argument_may_not_bear_the_name_of_an_option():
    literal = dict(by_hand("huber").interface)
    literal["shared"] = {"out": literal["shared"]["delta"]}
    with pytest.raises(ArgumentError, match="an argument is named out"):
        repr(Loss(literal, TextKernels("huber", {}, {})))


def test_bound_parameters_are_new_defaults_and_chain():
    huber = by_hand("huber")
    two = huber.bind(delta=1.5).bind(delta=2)
    assert two(X, Y) == huber(X, Y, delta=2.0)
    assert two(X, Y, delta=1.0) == huber(X, Y)
    assert huber.bind()(X, Y) == huber(X, Y)


def test_a_shared_array_can_be_bound():
    center = by_hand("center_loss")
    centers = np.eye(3)
    features, label = np.ones((4, 3)), np.array([0, 1, 2, 2])
    with pytest.raises(ArgumentTypeError, match=r"centers is missing; call .*centers="):
        center(features, label)
    assert center.bind(centers=centers)(features, label) == center(features, label, centers=centers)


def test_the_metric_takes_the_truth_first():
    softmax = by_hand("softmax_cross_entropy")
    logits, label = np.arange(6.0).reshape(2, 3), np.array([0, 2])
    assert softmax.metric(label, logits) == softmax(logits, label)
    assert softmax.metric(y_true=label, y_pred=logits, sample_weight=[1.0, 0.0]) == softmax(
        logits[:1], label[:1]
    )
