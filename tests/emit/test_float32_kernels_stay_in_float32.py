"""Machine code of one loss of each class: packed, no call, and float64 for sums alone.

The policy is in docs/decisions.md ("float32 kernels compute in float32"); this is its test.
"""

import platform

import numpy as np
import pytest
from emit.assembly import compiled, kernels, more_than_sums, outside, packed_work

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="reads x86-64 instructions"
)

REAL = np.float32
ONE, ROWS, PAIRS = (np.empty((1,) * ndim, REAL) for ndim in (1, 2, 3))
LABELS, TOTALS = np.empty(1, np.int64), np.empty(1)
NUMBER = REAL(1)

# Class: a loss of it, its operands, its differentiated argument, and the least vector work that its
# hot loop holds. The loop that adds up a block has 2 packed instructions.
CLASSES = {
    "elementwise": ("huber", (ONE, ONE, NUMBER), ONE, 5),
    "elementwise with exp": ("binary_cross_entropy_with_logits", (ONE, ONE, NUMBER), ONE, 30),
    "row with exp": ("sparse_softmax_cross_entropy", (ROWS, LABELS), ROWS, 15),
    "row sum": ("squared_euclidean_distance", (ROWS, ROWS), ROWS, 4),
    "row with two sums": ("dice", (ROWS, ROWS, NUMBER), ROWS, 4),
    "pair": ("info_nce", (PAIRS, PAIRS, NUMBER), PAIRS, 15),
}
FORMS = ("value", "value_and_gradient", "derivatives")


def operands(module, form, given, slope):
    """Operands of a form: no weights, and of the derivatives those of the first argument."""
    others = [None] * (len(module.INTERFACE["gradients"]) - 1)
    return {
        "value": (*given, None, TOTALS, None),
        "value_and_gradient": (*given, None, NUMBER, TOTALS, None, slope, *others),
        "derivatives": (*given, None, NUMBER, TOTALS, None, slope, slope),
    }[form]


def assembly(name, form, given, slope, folder, *edit):
    module = kernels(name, folder, *edit)
    return compiled(module, form, operands(module, form, given, slope))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("structure", CLASSES)
def test_hot_loop_is_packed_and_float64_only_adds(structure, form, tmp_path):
    name, given, slope, least = CLASSES[structure]
    found = assembly(name, form, given, slope, tmp_path)
    assert packed_work(found) >= least
    assert more_than_sums(found) == []
    assert outside(found) == []


def spoilt(structure, form, folder, pattern, instead):
    name, given, slope, _ = CLASSES[structure]
    return assembly(name, form, given, slope, folder, pattern, instead)


def test_an_untyped_factor_is_seen(tmp_path):
    found = spoilt("elementwise", "value", tmp_path, r"real\(0\.5\)", "0.3")
    assert any(line.split()[0].startswith("vmul") for line in more_than_sums(found))


def test_an_untyped_term_is_seen(tmp_path):
    """Which only adds in float64, as a sum does, but narrows vectors."""
    term = "d_prediction = d_residual + 0.1"
    found = spoilt("elementwise", "value_and_gradient", tmp_path, "d_prediction = d_res.*", term)
    assert [line.split()[0] for line in more_than_sums(found)] != []


def test_an_untyped_literal_in_a_row_is_seen(tmp_path):
    exp = r"exp_difference\(logits_block"
    found = spoilt("row with exp", "value", tmp_path, exp, "1.1 * exp_difference(logits_block")
    assert more_than_sums(found) != []


def test_a_call_into_libm_is_seen(tmp_path):
    """It is named, and the loop around it is no longer packed."""
    structure = "elementwise with exp"
    found = spoilt(structure, "value", tmp_path, r"softplus\(", "numpy.exp(")
    assert any("exp" in name for name in outside(found))
    assert packed_work(found) < CLASSES[structure][3]


def test_a_row_function_that_is_called_is_seen(tmp_path):
    structure = "elementwise with exp"
    found = spoilt(structure, "value", tmp_path, ", forceinline=True", "")
    assert packed_work(found) < CLASSES[structure][3]
