"""Kernels that go wrong at the ends of the range: each is caught there, the right one passes."""

import numpy as np
import pytest
from checks.mutants import Wrong, context

from lossgen.checks.accuracy import accuracy, extremes

FLOAT32 = np.dtype(np.float32)


def failing(rows):
    return {row.output for row in rows if not row.ok}


def overflowed(array):
    """What is left of a value whose square was taken on the way."""
    return np.where(abs(array) > np.sqrt(np.finfo(array.dtype).max), np.inf, array)


def underflowed(array):
    """What is left of a value whose square was taken on the way, at the other end."""
    return np.where(abs(array) < np.sqrt(np.finfo(array.dtype).tiny), 0, array)


def vanished(array):
    """A tiny loss as the difference of two numbers near 1."""
    return (1 + array) - 1


def undefined(array):
    """NaN where a limit is infinite, as 0 * inf and inf - inf give."""
    return np.where(np.isinf(array), np.nan, array)


def clipped(array):
    """The largest finite number instead of infinity."""
    return np.clip(array, np.finfo(array.dtype).min, np.finfo(array.dtype).max)


def flushed(array):
    """Subnormal results as zeros."""
    return np.where(abs(array) < np.finfo(array.dtype).tiny, 0, array)


WRONG = [
    ("huber", "value", overflowed),
    ("absolute_error", "value", underflowed),
    ("log_cosh", "value", overflowed),
    ("gan_non_saturating_generator", "value", vanished),
    ("binary_cross_entropy_with_logits", "d_logit", vanished),
    ("squared_error", "value", undefined),
    ("gan_non_saturating_generator", "value", undefined),
    ("squared_error", "d_prediction", clipped),
    ("gan_minimax_generator", "d_fake_logit", flushed),
    ("gan_minimax_generator", "h_fake_logit", vanished),
    ("sparse_categorical_cross_entropy", "d_prob", undefined),
]


@pytest.mark.parametrize(
    ("name", "output", "change"),
    WRONG,
    ids=[f"{name} {output} {change.__name__}" for name, output, change in WRONG],
)
def test_wrong_kernel_is_caught(name, output, change):
    run = context(name, FLOAT32)
    assert output not in failing(extremes(run.loss, run))
    assert output in failing(extremes(Wrong(run.loss, output, change), run))


def test_tame_numbers_do_not_show_what_the_extremes_do():
    run = context("huber", FLOAT32)
    assert failing(accuracy(Wrong(run.loss, "value", overflowed), run)) == set()
