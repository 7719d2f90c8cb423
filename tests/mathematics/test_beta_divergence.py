"""The divergence of two numbers, of three operands: near each other, far apart, at the limits."""

import mpmath as mp
import numba
import numpy as np
import pytest
from mathematics.reference import WIDTHS, exactly, ulps

from lossgen.emit.mathematics import cpu

widths = pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)

# Two powers or one power and pairs, a quotient or two: 1 ulp each.
BOUND = 6.0


@numba.njit(error_model="numpy", fastmath={"contract"})
def loop(x, y, b, found):
    for i in range(x.size):
        found[i] = cpu.beta_divergence(x[i], y[i], b[i])


def divergence(x, y, b):
    if not x:
        return y**b / b if b > 0 else mp.inf
    if b == 1:
        return x * mp.log(x / y) - x + y
    if b == 0:
        return x / y - mp.log(x / y) - 1
    return (x**b - b * x * y ** (b - 1) + (b - 1) * y**b) / (b * (b - 1))


def operands(dtype, count, seed=5):
    """Ratios from one ulp to 1e9 at magnitudes up to 1e6, powers at the limits and beside them."""
    draw = np.random.default_rng(seed)
    y = 10.0 ** draw.uniform(-6, 6, count)
    x = y * (1 + draw.choice([-1, 1], count) * 10.0 ** draw.uniform(-16, -0.3, count))
    x[::3] = y[::3] * 10.0 ** draw.uniform(-1, 1, x[::3].size)
    x[1::3] = y[1::3] * 10.0 ** draw.uniform(-9, 9, x[1::3].size)
    x[:8] = 0
    b = draw.choice([-1.0, 0.0, 0.5, 1.0, 1.5, 2.0], count)
    b[::2] = draw.uniform(-2, 2.5, b[::2].size)
    b[::5] = draw.integers(0, 2, b[::5].size) + 10.0 ** draw.uniform(-15, -1, b[::5].size)
    x, y, b = (column.astype(dtype) for column in (x, y, b))
    return x[x != y], y[x != y], b[x != y]


def errors(function, dtype):
    x, y, b = operands(dtype, 600)
    found = np.empty_like(x)
    function(x, y, b, found)
    with mp.workprec(600):
        wanted = [divergence(*map(mp.mpf, map(float, row))) for row in zip(x, y, b, strict=True)]
    return ulps(found, wanted)


@widths
def test_within_its_bound(dtype):
    error = errors(loop, dtype)
    assert error.max() <= BOUND


@widths
def test_the_formula_is_seen_to_fail(dtype):
    def plain(x, y, b, found):
        with np.errstate(all="ignore"):
            found[:] = x**b / (b * (b - 1)) - x * y ** (b - 1) / (b - 1) + y**b / b

    assert errors(plain, dtype).max() > 1e6


# x, y, b, result
EDGES = [
    (2.0, 2.0, 1.5, 0.0), (2.0, 2.0, 0.0, 0.0), (2.0, 2.0, 1.0, 0.0), (1e30, 1e30, 2.5, 0.0),
    (0.0, 3.0, 1.0, 3.0), (0.0, 4.0, 0.5, 4.0), (0.0, 3.0, 0.0, np.inf), (0.0, 3.0, -1.0, np.inf),
    (64.0, 2.0, 2.0, 1922.0), (-1.0, 3.0, 1.5, np.nan), (1.0, -3.0, 1.5, np.nan),
    (np.nan, 1.0, 1.0, np.nan), (1.0, np.nan, 1.0, np.nan),
]  # fmt: skip


@widths
def test_at_the_edges(dtype):
    x, y, b, wanted = np.array(EDGES, dtype).T.copy()
    found = np.empty_like(x)
    loop(x, y, b, found)
    assert np.array_equal(found, wanted, equal_nan=True), list(zip(EDGES, found, strict=True))


def test_infinite_where_it_overflows():
    x, y, b = np.array(
        [[1e30, 1e-30, 3.0], [1e-30, 1e30, 2.0], [1e25, 1e25 * 4, 2.5]], np.float32
    ).T
    found = np.empty(3, np.float32)
    loop(x.copy(), y.copy(), b.copy(), found)
    assert (found == np.inf).all()


@pytest.mark.parametrize("exactly_at", [0.0, 1.0])
def test_the_limits_are_met(exactly_at):
    """Beside a limit the divergence differs from that at the limit by as little as the power."""
    x, y = np.array([0.3, 2.0, 1e9]), np.array([2.0, 1.9, 1.0])
    at, beside = np.empty(3), np.empty(3)
    loop(x, y, np.full(3, exactly_at), at)
    loop(x, y, np.full(3, exactly_at + 1e-14), beside)
    assert np.abs(beside / at - 1).max() < 1e-12


def test_the_reference_is_right_at_the_limits():
    (found,) = exactly(divergence, np.array([2.0]), np.array([1.0]), np.array([1.0 + 2.0**-40]))
    assert abs(found - (2 * mp.log(2) - 1)) < 1e-12
