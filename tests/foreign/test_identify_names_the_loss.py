"""A function is named by its values: with factor, constant, order and hidden parameters."""

import json

import pytest
from foreign import functions

import lossgen
from lossgen.foreign import identify
from lossgen.losses import find

AMONG = [find(name) for name in (
    "absolute_error", "squared_error", "huber", "smooth_l1", "pinball", "cauchy", "log_cosh",
    "binary_cross_entropy", "sparse_softmax_cross_entropy", "softmax_cross_entropy", "hinge",
    "squared_euclidean_distance", "euclidean_distance", "triplet_margin",
)]  # fmt: skip

NAMED = {
    "tripled": {"absolute_error": 3.0, "pinball": 6.0},
    "mean_squared": {"squared_error": 1.0},
    "hidden_delta": {"huber": 1.0, "smooth_l1": 1.5},
    "swapped_pinball": {"pinball": 1.0, "absolute_error": 0.5},
    "bits": {"binary_cross_entropy": 1 / 0.6931471805599453},
    "shifted_cauchy": {"cauchy": 2 / 0.7**2},
    "cross_entropy": {"sparse_softmax_cross_entropy": 1.0},
    "negated": {"squared_error": -1.0},
    "unrelated": {},
    "exploding": {},
}


@pytest.mark.parametrize("name", NAMED)
def test_every_loss_that_fits_is_named_and_no_other(name):
    found = {match.loss: match.factor for match in identify(getattr(functions, name), among=AMONG)}
    assert found == pytest.approx(NAMED[name])


def test_hidden_parameters_are_found():
    match = next(iter(identify(functions.hidden_delta, among=[find("huber")])))
    assert match.parameters == pytest.approx({"delta": 1.5})
    assert match.fitted


def test_a_constant_and_a_reduction_are_found():
    match = next(iter(identify(functions.shifted_cauchy, among=AMONG)))
    assert match.constant == pytest.approx(5)
    assert next(iter(identify(functions.mean_squared, among=AMONG))).reduction == "mean"


def test_the_order_of_arguments_is_found():
    match = next(iter(identify(functions.swapped_pinball, among=[find("pinball")])))
    assert match.arguments["y_true"] == "prediction"


def test_it_says_so_when_none_fits_and_when_two_do():
    assert "is no loss of the catalogue" in str(identify(functions.unrelated, among=AMONG))
    assert not identify(functions.unrelated, among=AMONG)
    assert "is each of these" in str(identify(functions.tripled, among=AMONG))
    assert "not today" in identify(functions.raises, among=AMONG).message


def test_an_identification_is_data():
    found = identify(functions.mean_squared, among=AMONG)
    assert json.loads(found.to_json())["matches"][0]["loss"] == "squared_error"
    assert str(found).endswith("squared_error(target=y_true, prediction=y_pred), reduction mean")
    assert lossgen.identify is identify
