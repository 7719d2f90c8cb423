"""A loss is taken for a function of one number only where it is one."""

import numpy as np
import pytest

from lossgen.catalogue.entries import entries
from lossgen.certify import CertificateError, certify, subjects
from lossgen.language import *
from lossgen.losses import dice

n = axis("n")


@loss
def of_difference(prediction: Real, target: Real):
    r = let("r", Abs(prediction - target))
    return Piecewise((r**2, prediction - target > 1), (r, True))


@loss
def relative(prediction: Real, target: Real):
    return (prediction - target) ** 2 / (1 + target**2)


@loss
def decided_by_target(prediction: Real, target: Real):
    return Piecewise((prediction - target, target > 0), (target - prediction, True))


@loss
def of_axis(x: Real[n]):
    return SumOver(n, x[n] ** 2)


@loss
def with_required(x: Real, *, power: Positive):
    return Abs(x) ** power


@loss
def labelled(logit: Real, target: Real, extra: Unit):
    return (logit - target) ** 2 * extra


HELD = {
    "squared_error": [{"target": 0.0}],
    "pinball": [{"target": 0.0}],
    "hinge": [{"target": -1.0}, {"target": 1.0}],
    "binary_cross_entropy_with_logits": [{"target": 0.0}, {"target": 1.0}],
    "focal": [{"target": 0.0}, {"target": 1.0}],
    "gan_minimax_generator": [{}],
    "gan_minimax_discriminator": [],
    "dice": [],
    "sparse_softmax_cross_entropy": [],
}


@pytest.mark.parametrize("name", HELD)
def test_shipped_loss(name):
    assert [subject.held for subject in subjects(entries()[name])] == HELD[name]


def test_a_loss_of_a_difference_by_any_way_of_writing_it():
    assert [subject.held for subject in subjects(of_difference.entry)] == [{"target": 0.0}]


@pytest.mark.parametrize("other", [relative, decided_by_target, of_axis, with_required, labelled])
def test_a_loss_of_more_is_none(other):
    assert subjects(other.entry) == []


def test_what_is_no_function_of_one_number_is_refused_in_a_sentence():
    with pytest.raises(CertificateError, match=r"dice is no function of one .*; expected a res"):
        certify(dice)


def test_numbers_outside_the_domain_are_known():
    (subject, _) = subjects(entries()["focal"])
    x = np.array([-1e-45, -0.0, 0, 0.5, 1, 1.0000001, np.inf, np.nan], np.float32)
    assert subject.inside(x).tolist() == [False, True, True, True, True, False, False, False]
    (everything,) = subjects(entries()["huber"])
    assert everything.inside(x).all()
