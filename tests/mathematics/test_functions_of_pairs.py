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
    "sech2_of": (lambda x: 1 / mp.cosh(x) ** 2, 3.0),
}


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
