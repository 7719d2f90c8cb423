"""Functions of hi + lo carry lo: they are right to about an ulp where lo decides the digits."""

import mpmath as mp
import numba
import numpy as np
import pytest
from mathematics.reference import WIDTHS

from lossgen.emit.mathematics import cpu

DIGITS = 50
SPAN = {np.float32: 85.0, np.float64: 700.0}


def logistic(x):
    """1 / (1 + e^-x)."""
    return 1 / (1 + mp.exp(-x))


def soft(x):
    """log(1 + e^x)."""
    return mp.log1p(mp.exp(x))


# Function of a pair: what it computes, and its bound in ulp.
ROWS = {
    "exp_of": (mp.exp, 1.0),
    "expm1_of": (mp.expm1, 1.5),
    "sigmoid_of": (logistic, 1.0),
    "sigmoid_as_pair": (logistic, 1.0),
    "softplus_of": (soft, 1.0),
    "softplus_as_pair": (soft, 1.0),
    "hypot1m1_as_pair": (lambda x: x * x / (1 + mp.sqrt(1 + x * x)), 1.0),
    "sech2_of": (lambda x: 1 / mp.cosh(x) ** 2, 3.0),
}


# The same of a pair and a number.
OF_TWO = {"boxcox1p_of": (lambda x, a: ((1 + x) ** a - 1) / a, 1.5)}


def pairs(dtype, number=400, seed=0):
    """Pairs over the range in which an exponential is an ordinary number."""
    draw = np.random.default_rng(seed)
    wide, near = draw.uniform(-1, 1, number) * SPAN[dtype], draw.standard_normal(number)
    tiny = draw.standard_normal(number) * 10.0 ** draw.uniform(-20, 0, number)
    hi = np.concatenate([wide, near, tiny]).astype(dtype)
    lo = np.spacing(abs(hi)) * draw.uniform(-0.25, 0.25, hi.size).astype(dtype)
    return hi, lo


def worst(function, exact, dtype):
    """The largest error in ulp over the pairs."""
    compiled = numba.njit(lambda hi, lo: function((hi, lo)), error_model="numpy")
    limits, largest = np.finfo(dtype), 0.0
    with mp.workdps(DIGITS):
        for hi, lo in zip(*pairs(dtype), strict=True):
            wanted = exact(mp.mpf(float(hi)) + mp.mpf(float(lo)))
            found = mp.fsum(mp.mpf(float(part)) for part in np.atleast_1d(compiled(hi, lo)))
            exponent = max(mp.floor(mp.log(abs(wanted), 2)), limits.minexp)
            unit = mp.ldexp(1, int(exponent) - limits.nmant)
            largest = max(largest, float(abs(found - wanted) / unit))
    return largest


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("name", ROWS)
def test_function_carries_what_was_dropped(name, dtype):
    exact, bound = ROWS[name]
    assert worst(getattr(cpu, name), exact, dtype) <= bound


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
def test_a_function_that_drops_it_is_caught(dtype):
    @numba.njit(error_model="numpy")
    def careless(pair):
        return cpu.exp(pair[0])

    assert worst(careless, mp.exp, dtype) > 10


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
def test_arithmetic_of_pairs_keeps_twice_the_digits(dtype):
    draw = np.random.default_rng(1)
    eps = float(np.finfo(dtype).eps)
    with mp.workdps(DIGITS):
        for _ in range(300):
            a, b, c = (dtype(x) for x in draw.standard_normal(3))
            p, q = cpu.two_quotient(a, b), cpu.two_sum(b, c)
            exact = mp.mpf(float(a)) / float(b) * (mp.mpf(float(b)) + float(c))
            hi, lo = cpu.pair_product(p, q)
            error = abs(mp.mpf(float(hi)) + float(lo) - exact)
            assert error <= 8 * eps**2 * abs(exact)


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("name", OF_TWO)
@pytest.mark.parametrize("second", [0.5, 1.75, 3.0])
def test_function_of_a_pair_and_a_number(name, second, dtype):
    exact, bound = OF_TWO[name]
    function = getattr(cpu, name)
    size = numba.njit(lambda p: function((abs(p[0]), p[1] if p[0] > 0 else -p[1]), dtype(second)))
    assert worst(size, lambda x: exact(abs(x), second), dtype) <= bound


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
def test_a_root_of_a_pair(dtype):
    root = numba.njit(lambda p: cpu.sqrt_as_pair((abs(p[0]), p[1] if p[0] > 0 else -p[1])))
    assert worst(root, lambda x: mp.sqrt(abs(x)), dtype) <= 0.5
