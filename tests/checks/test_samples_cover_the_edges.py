"""The sampler: by domain, with one seed, and with the edges that its recipes promise."""

import numpy as np
import pytest

from lossgen.checks.samples import LONG, batches
from lossgen.language import *
from lossgen.language.loss import read

FLOAT32 = np.dtype(np.float32)
k, c = axis("k"), axis("c")


def residual(prediction: Real, target: Real, *, delta: Positive = 1.5):
    return Abs(prediction - target) * delta


def masked(prob: Unit[k], mask: Unit[k], scale: Positive, side: Sign, share: OpenUnit):
    return scale * side * share * SumOver(k, prob[k] * mask[k])


def labelled(logits: Real[c], label: Label[c]):
    return logits[label] - LogSumExp(c, logits[c])


def drawn(function, **options):
    return list(batches(read(function, {}), FLOAT32, **options))


def column(found, name):
    return np.concatenate([batch.columns[name].reshape(-1) for batch in found])


def test_numbers_lie_in_their_domains():
    found = drawn(masked)
    for name in ("prob", "mask"):
        numbers = column(found, name)
        assert numbers.min() == 0
        assert numbers.max() == 1
    assert column(found, "scale").min() > 0
    assert set(column(found, "side")) == {-1, 1}
    assert 0 < column(found, "share").min() < column(found, "share").max() < 1


def test_residuals_meet_zero_and_the_parameter_and_their_neighbours():
    for batch in drawn(residual):
        delta = np.float32(batch.shared["delta"])
        distance = abs(batch.columns["prediction"] - batch.columns["target"])
        assert (distance == 0).any()
        assert (distance == delta).any()
        near = abs(distance - delta)
        assert ((near > 0) & (near < 1e-5 * delta)).any()


def test_parameters_stay_within_a_factor_of_four():
    deltas = [batch.shared["delta"] for batch in drawn(residual)]
    assert deltas[0] == 1.5
    assert len(set(deltas)) == 4
    assert all(1.5 / 4 <= delta <= 6 for delta in deltas)


def test_magnitudes_are_tame():
    numbers = abs(column(drawn(residual), "target"))
    assert numbers.max() <= 2.0**11
    assert numbers[numbers > 0].min() >= 2.0**-40


def test_axes_are_empty_single_and_longer_than_a_block():
    extents = {batch.columns["prob"].shape[1] for batch in drawn(masked)}
    assert {0, 1, 2, 3, LONG} <= extents


def test_labels_reach_both_ends_and_never_an_empty_axis():
    found = drawn(labelled)
    assert all(batch.columns["logits"].shape[1] for batch in found)
    for batch in found:
        labels, classes = batch.columns["label"], batch.columns["logits"].shape[1]
        assert labels.min() >= 0
        assert labels.max() < classes
        if classes != LONG:
            assert {0, classes - 1} <= set(labels)


def test_rows_of_ties_and_zero_vectors_are_there():
    rows = np.concatenate(
        [b.columns["prob"] for b in drawn(masked) if b.columns["prob"].shape[1] == 3]
    )
    assert (rows == 0).all(axis=1).any()
    assert any(len(set(row)) == 1 and row[0] > 0 for row in rows)


@pytest.mark.parametrize("seed", [0, 7])
def test_one_seed_draws_the_same_rows(seed):
    once, again = drawn(residual, seed=seed), drawn(residual, seed=seed)
    assert np.array_equal(column(once, "target"), column(again, "target"))


def test_another_seed_draws_others():
    assert not np.array_equal(
        column(drawn(residual), "target"), column(drawn(residual, seed=1), "target")
    )
