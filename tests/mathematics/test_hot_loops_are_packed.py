"""The compiled loops over the shared functions are vector instructions in the caller's width."""

import math
import platform

import numba
import numpy as np
import pytest
from mathematics.loops import vector_loop
from mathematics.reference import FUNCTIONS, PAIRS, WIDTHS

from lossgen.emit.mathematics import cpu

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="reads x86-64 instructions"
)
widths = pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)

ONE = [*FUNCTIONS, "sign", "positive_part"]
TWO = [*PAIRS, "maximum", "minimum"]


def compiled(function, operands, dtype):
    """The function in a loop, for arrays of one width only."""

    def one(x, out):
        for i in range(out.size):
            out[i] = function(x[i])

    def two(x, y, out):
        for i in range(out.size):
            out[i] = function(x[i], y[i])

    vector = numba.types.Array(numba.from_dtype(np.dtype(dtype)), 1, "C")
    run = numba.njit(one if operands == 1 else two, error_model="numpy")
    run.compile((vector,) * (operands + 1))
    return run


def is_packed(loop, dtype):
    """No call, no scalar arithmetic, and vectors of the caller's width only."""
    own, other = (loop.single, loop.double)[:: 1 if dtype is np.float32 else -1]
    moves = loop.single == loop.double == 0 and loop.scalar == 0
    return loop.calls == 0 and loop.scalar == 0 and other == 0 and (own > 0 or moves)


@widths
@pytest.mark.parametrize("name", ONE + TWO)
def test_loop_is_packed(name, dtype):
    operands = 1 if name in ONE else 2
    loop = vector_loop(compiled(getattr(cpu, name), operands, dtype))
    assert is_packed(loop, dtype), loop


@widths
def test_a_quotient_of_polynomials_is_packed(dtype):
    """Its coefficients come from the kernel that calls it."""
    real, rational = dtype, cpu.rational
    numbers = tuple(real(number) for number in range(1, 18))
    loop = vector_loop(compiled(numba.njit(lambda x: rational(x, *numbers)), 1, dtype))
    assert is_packed(loop, dtype), loop


@widths
@pytest.mark.parametrize("name", ["maximum_of", "minimum_of"])
def test_extreme_is_packed(name, dtype):
    function = getattr(cpu, name)
    vector = numba.types.Array(numba.from_dtype(np.dtype(dtype)), 1, "C")
    run = numba.njit(lambda values: function(values))
    run.compile((vector,))
    loop = vector_loop(run)
    assert loop.integer > 0
    assert loop.calls == 0


@widths
def test_a_call_into_libm_is_seen(dtype):
    loop = vector_loop(compiled(numba.njit(lambda x: math.exp(x)), 1, dtype))
    assert not is_packed(loop, dtype)


def test_an_untyped_literal_is_seen():
    loop = vector_loop(compiled(numba.njit(lambda x: 0.1 * x), 1, np.float32))
    assert not is_packed(loop, np.float32)
