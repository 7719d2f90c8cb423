"""Labels are integers in range; class weights and ignored labels are row weights."""

import numpy as np
import pytest
from runtime.by_hand import by_hand

RNG = np.random.default_rng(9)
LOGITS = RNG.normal(size=(6, 4))
LABEL = np.array([0, 1, 2, 3, 1, 0])
ROWS = by_hand("softmax_cross_entropy")(LOGITS, LABEL, reduction="none")


@pytest.mark.parametrize("wrong", [-1, 4, 2**40], ids=str)
def test_a_label_out_of_range_names_value_and_place(wrong):
    label = LABEL.copy()
    label[4] = wrong
    with pytest.raises(ValueError, match=rf"label\[4\] is {wrong}; it must be in 0 \.\. 3"):
        by_hand("softmax_cross_entropy")(LOGITS, label)


def test_the_place_is_that_in_the_callers_array():
    label = np.zeros((2, 3), np.uint64)
    label[1, 2] = 2**63 + 5
    with pytest.raises(ValueError, match=r"label\[1, 2\] is 9223372036854775813"):
        by_hand("softmax_cross_entropy")(LOGITS.reshape(2, 3, 4), label)


@pytest.mark.parametrize(
    "wrong", [LABEL == 1, LABEL.astype(float), 1.0], ids=["bool", "float", "number"]
)
def test_labels_that_are_no_integers_are_refused(wrong):
    with pytest.raises(TypeError, match=r"label has dtype .* it must hold integers"):
        by_hand("softmax_cross_entropy")(LOGITS, wrong)


def test_one_label_for_all_rows():
    softmax = by_hand("softmax_cross_entropy")
    assert softmax(LOGITS, 2) == softmax(LOGITS, np.full(6, 2))


def test_an_empty_axis_has_no_label():
    with pytest.raises(ValueError, match="the axis is empty"):
        by_hand("softmax_cross_entropy")(np.ones((2, 0)), [0, 0])


def test_class_weights_are_weights_of_rows():
    softmax = by_hand("softmax_cross_entropy")
    table = np.array([1.0, 2.0, 0.5, 0.0])
    expected = softmax(LOGITS, LABEL, sample_weight=table[LABEL])
    assert softmax(LOGITS, LABEL, class_weight=table) == expected
    assert softmax(LOGITS, LABEL, class_weight={1: 2.0, 2: 0.5, 3: 0.0}) == expected
    both = softmax(LOGITS, LABEL, class_weight=table, sample_weight=np.arange(6.0))
    assert both == softmax(LOGITS, LABEL, sample_weight=np.arange(6.0) * table[LABEL])


@pytest.mark.parametrize(
    ("given", "says"), [(np.ones(3), r"must be \(4,\)"), ({5: 1.0}, "class 5")], ids=str
)
def test_wrong_class_weights(given, says):
    with pytest.raises(ValueError, match=says):
        by_hand("softmax_cross_entropy")(LOGITS, LABEL, class_weight=given)


def test_ignored_rows_are_absent():
    softmax = by_hand("softmax_cross_entropy")
    label = np.where(LABEL == 1, -100, LABEL)
    kept = LABEL != 1
    assert softmax(LOGITS, label, ignore_label=-100) == softmax(LOGITS[kept], LABEL[kept])
    rows = softmax(LOGITS, label, ignore_label=-100, reduction="none")
    np.testing.assert_array_equal(rows, np.where(kept, ROWS, 0))
    gradient = softmax.gradient(LOGITS, label, ignore_label=-100)
    assert not gradient[~kept].any()
    nan = np.where(kept, 1.0, np.nan)
    assert np.isfinite(softmax(LOGITS, label, ignore_label=-100, sample_weight=nan))
    with pytest.raises(ValueError, match="ignore_label="):
        softmax(LOGITS, label)
    assert softmax(LOGITS, np.full(6, -1), ignore_label=-1) == 0.0
