"""Sums and extremes over arrays: exact where they must be, the same bits every time."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mathematics.reference import WIDTHS

from lossgen.emit.mathematics import cpu

widths = pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
counts = st.integers(0, cpu.BLOCK)
seeds = st.integers(0, 2**32 - 1)


@numba.njit(error_model="numpy")
def compiled(values, count):
    return cpu.block_sum(values, count)


def block_sum(values, count, function=compiled):
    """The sum of a block, in an array with room for the lanes."""
    return function(np.concatenate([values, np.empty(cpu.ROOM - cpu.BLOCK, values.dtype)]), count)


@numba.njit(error_model="numpy")
def maximum_of(values):
    return cpu.maximum_of(values)


@numba.njit(error_model="numpy")
def minimum_of(values):
    return cpu.minimum_of(values)


def block(dtype, seed):
    """256 values of mixed signs and sizes."""
    draw = np.random.default_rng(seed)
    return (draw.standard_normal(cpu.BLOCK) * 2.0 ** draw.integers(-8, 8, cpu.BLOCK)).astype(dtype)


def is_exact_on_integers(function, dtype, count, seed):
    """Whole numbers below 2^15 add without rounding in any order."""
    values = np.random.default_rng(seed).integers(-(2**15), 2**15, cpu.BLOCK).astype(dtype)
    return function(values.copy(), count) == values[:count].astype(np.float64).sum()


@widths
@settings(deadline=None)
@given(count=counts, seed=seeds)
def test_sum_of_whole_numbers_is_exact(dtype, count, seed):
    assert is_exact_on_integers(block_sum, dtype, count, seed)


@widths
@settings(deadline=None)
@given(count=counts, seed=seeds)
def test_sum_is_within_its_rounding(dtype, count, seed):
    """No value passes through more than 31 additions: 32 in a row, or 15 and a tree of doubles."""
    values = block(dtype, seed)
    exact = math.fsum(values[:count].tolist())
    size = math.fsum(np.abs(values[:count]).tolist())
    assert abs(block_sum(values, count) - exact) <= 16 * np.finfo(dtype).eps * size


@widths
@settings(deadline=None)
@given(count=counts, seed=seeds)
def test_sum_does_not_see_the_rest_of_the_block(dtype, count, seed):
    values = block(dtype, seed)
    spoilt = values.copy()
    spoilt[count:] = np.nan
    assert block_sum(values, count) == block_sum(spoilt, count)


@widths
@pytest.mark.parametrize("count", [0, 1, 2, 16, 31, 32, 33, 47, 48, 100, 255, 256])
def test_compiled_order_is_the_written_order(dtype, count):
    """Plain Python adds in the order written: equal bits mean that LLVM kept it."""
    for seed in range(20):
        values = block(dtype, seed)
        assert block_sum(values, count) == block_sum(values, count, cpu.block_sum)


@widths
@pytest.mark.parametrize("count", [3, 32, 33, 200, 256])
def test_a_nan_reaches_the_sum(dtype, count):
    for place in (0, count // 2, count - 1):
        values = block(dtype, 1)
        values[place] = np.nan
        assert np.isnan(block_sum(values, count))


@pytest.mark.parametrize("count", [2, 32, 33, 256])
def test_a_sum_beyond_float32_is_taken_in_float64(count):
    values = np.full(cpu.BLOCK, 3e38, np.float32)
    assert block_sum(values, count) == count * np.float64(np.float32(3e38))
    assert block_sum(np.where(values > 0, np.float32(np.inf), values), count) == np.inf


def test_a_sum_that_loses_the_last_value_is_caught():
    def short(values, count):
        return block_sum(values, max(count - 1, 0))

    assert not all(is_exact_on_integers(short, np.float32, 100, seed) for seed in range(5))


def test_another_order_is_caught():
    values = block(np.float32, 1)
    assert block_sum(values, 256) != block_sum(values[::-1].copy(), 256)


@widths
@settings(deadline=None)
@given(
    values=st.lists(st.floats(width=32, allow_nan=False), max_size=70),
    place=st.none() | st.integers(0, 69),
)
def test_extremes_are_those_of_numpy(dtype, values, place):
    array = np.array(values, dtype)
    if place is not None and place < array.size:
        array[place] = np.nan
    largest = np.max(array, initial=-np.inf)
    smallest = np.min(array, initial=np.inf)
    assert np.array_equal(maximum_of(array), largest, equal_nan=True)
    assert np.array_equal(minimum_of(array), smallest, equal_nan=True)
    assert np.array_equal(cpu.maximum_of(array), largest, equal_nan=True)


@widths
def test_extremes_at_the_ends(dtype):
    negative_nan = -np.array([np.nan, 1.0], dtype)
    assert maximum_of(np.empty(0, dtype)) == -np.inf
    assert minimum_of(np.empty(0, dtype)) == np.inf
    assert np.isnan(maximum_of(negative_nan))
    assert np.isnan(minimum_of(negative_nan))
    assert maximum_of(np.array([-np.inf, -np.inf], dtype)) == -np.inf
    assert not np.signbit(maximum_of(np.array([-0.0, 0.0, -0.0], dtype)))
