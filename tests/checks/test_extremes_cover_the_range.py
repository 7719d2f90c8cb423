"""The samples at the ends of the range: what their recipes promise is there."""

import numpy as np
import pytest

import lossgen.losses as shipped
from lossgen.checks.context import has_truth
from lossgen.checks.samples import batches, extreme_batches
from lossgen.language import *
from lossgen.language.loss import read

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
k = axis("k")


def residual(prediction: Real, target: Real, *, delta: Positive = 1.5):
    return Abs(prediction - target) * delta


def shares(prob: Unit[k], mask: Unit[k], scale: Positive, part: OpenUnit):
    return scale * part * SumOver(k, prob[k] * mask[k])


def labelled(logits: Real[k], label: Label[k]):
    return LogSumExp(k, logits[k]) - logits[label]


def distance(x: Real[k], y: Real[k], *, centre: Real[k]):
    return SumOver(k, Abs(x[k] - y[k] + centre[k]))


def drawn(function, dtype=FLOAT32, **options):
    return list(extreme_batches(read(function, {}), dtype, **options))


def rows(found, name, recipe):
    return [
        batch.columns[name][place]
        for batch in found
        for place, made in enumerate(batch.recipes)
        if made == recipe
    ]


def column(found, name):
    return np.concatenate([batch.columns[name].reshape(-1) for batch in found])


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
def test_every_part_of_the_range_is_met(dtype):
    limits = np.finfo(dtype)
    numbers = abs(column(drawn(residual, dtype), "prediction").astype(np.longdouble))
    assert numbers[np.isfinite(numbers)].max() >= np.ldexp(np.longdouble(limits.max), -4)
    assert limits.smallest_subnormal in numbers
    assert np.any((numbers > 0) & (numbers < limits.tiny))
    exponents = np.log2(numbers[(numbers > 0) & np.isfinite(numbers)])
    parts = np.histogram(exponents, bins=6, range=(limits.minexp, limits.maxexp))[0]
    assert (parts > 0).all()


def test_arguments_are_equal_neighbours_and_opposite_in_exponent():
    found = drawn(residual)
    pairs = list(zip(column(found, "prediction"), column(found, "target"), strict=True))
    assert any(x == y and abs(x) > 1e10 for x, y in pairs)
    assert any(abs(y) > 1e10 and y == np.nextafter(x, y) and x != y for x, y in pairs)
    assert any(abs(x) > 1e6 and abs(y) < 1e-6 for x, y in pairs)


def test_infinities_stand_alone():
    for batch in drawn(residual):
        infinite = [np.isinf(array) for array in batch.columns.values()]
        assert not np.logical_and(*infinite).any()
    assert {np.inf, -np.inf} <= set(column(drawn(residual, seed=1), "prediction"))


def test_a_class_is_masked_and_never_the_true_one():
    found = drawn(labelled)
    masked = rows(found, "logits", "infinite")
    labels = rows(found, "label", "infinite")
    assert masked
    for logits, label in zip(masked, labels, strict=True):
        assert np.count_nonzero(np.isneginf(logits)) == 1
        assert np.isfinite(logits[label])


def test_arrays_without_a_softmax_have_no_infinities():
    assert all(np.isfinite(column(drawn(function), "x")).all() for function in (distance,))


def test_sure_rows_are_right_by_twenty_and_more():
    found = drawn(labelled)
    for logits, label in zip(
        rows(found, "logits", "confident"), rows(found, "label", "confident"), strict=True
    ):
        assert logits[label] - np.delete(logits, label).max() >= 20


def test_shares_reach_both_ends_within_an_ulp():
    numbers = column(drawn(shares), "prob")
    assert numbers.min() >= 0
    assert numbers.max() == 1
    assert np.float32(1e-45) in numbers
    assert np.any((numbers < 1) & (numbers > 1 - 4e-7))
    assert np.signbit(numbers[numbers == 0]).any()
    parts = column(drawn(shares), "part")
    assert 0 < parts.min() < parts.max() < 1
    assert column(drawn(shares), "scale").min() > 0


def test_sums_of_the_largest_numbers_are_finite():
    for x, y in zip(*(rows(drawn(distance), name, "largest") for name in "xy"), strict=True):
        assert np.isfinite(np.sum(abs(x) + abs(y), dtype=np.float32))


def test_where_an_argument_is_shared_each_row_stands_alone():
    assert len(drawn(residual)) == 3  # parameters by default, others, and 0
    assert all(len(batch) == 1 for batch in extreme_batches(shipped.center_loss.entry, FLOAT32))


def test_the_ordinary_samples_are_tame_still():
    finite = column(list(batches(read(residual, {}), FLOAT32)), "target")
    assert abs(finite).max() <= 2.0**11


@pytest.mark.parametrize(
    ("name", "truth"),
    [("sparse_softmax_cross_entropy", True), ("softmax_cross_entropy", True), ("hinge", True),
     ("binary_cross_entropy_with_logits", True), ("squared_error", False),
     ("cosine_distance", False), ("wasserstein_assignment", False),
     ("gan_minimax_generator", False)],
)  # fmt: skip
def test_right_and_wrong_exist_where_there_is_a_truth(name, truth):
    assert has_truth(getattr(shipped, name).entry) is truth
