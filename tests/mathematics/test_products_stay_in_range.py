"""Products of a vanishing factor and a large one are right where either leaves the range."""

import math

import mpmath as mp
import numpy as np
import pytest
from mathematics.reference import WIDTHS

from lossgen.emit.mathematics import cpu

EPS = {dtype: float(np.finfo(dtype).eps) for dtype in WIDTHS}
each_width = pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)


def typed(dtype, *numbers):
    """Numbers of a dtype; pairs of them have nothing dropped."""
    return [dtype(number) for number in numbers]


def small(dtype):
    """A number whose square is subnormal, and keeps few of its digits."""
    return dtype(1.3 * 2.0 ** (-72 if dtype is np.float32 else -535))


@each_width
def test_a_power_is_taken_half_on_each_side(dtype):
    base, zero, two = small(dtype), dtype(0), dtype(2)
    large = dtype(0.75) / base
    found = cpu.power_product((base, zero), (two, zero), large)
    assert found == pytest.approx(0.75 * float(base), rel=8 * EPS[dtype])
    plain = cpu.power_of((base, zero), (two, zero)) * large
    assert abs(float(plain) / (0.75 * float(base)) - 1) > 1e-4


@each_width
def test_a_power_of_zero_wins_and_nan_stays(dtype):
    zero, two, infinite, nan = typed(dtype, 0, 2, math.inf, math.nan)
    assert cpu.power_product((zero, zero), (two, zero), infinite) == 0
    assert cpu.power_product((small(dtype), zero), (-two, zero), zero) == 0
    assert math.isnan(cpu.power_product((zero, zero), (two, zero), nan))
    assert math.isnan(cpu.power_product((nan, zero), (two, zero), zero))


@each_width
def test_a_quotient_beyond_the_largest_number(dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    one, zero, two = typed(dtype, 1, 0, 2)
    with np.errstate(all="ignore"):
        assert not np.isfinite(one / tiny)
        found = cpu.power_quotient((dtype(4) * tiny, zero), (two, zero), one, tiny)
    assert found == dtype(16) * tiny


@each_width
@pytest.mark.parametrize("share", [0.1, 0.9, 0.999])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_slope_of_a_sigmoid_times_its_argument(dtype, share, sign):
    edge = -math.log(float(np.finfo(dtype).smallest_subnormal))
    x = dtype(sign * share * edge)
    found = cpu.slope_product(x, abs(x) * abs(x))
    with mp.workdps(40):
        exact = mp.mpf(float(x)) ** 2 / (4 * mp.cosh(mp.mpf(float(x)) / 2) ** 2)
        unit = max(float(exact) * EPS[dtype], float(np.finfo(dtype).smallest_subnormal))
        assert abs(float(found) - exact) <= 6 * unit


@each_width
def test_the_slope_of_a_sigmoid_wins_over_infinity(dtype):
    infinite, nan = typed(dtype, math.inf, math.nan)
    assert cpu.slope_product(infinite, infinite) == 0
    assert math.isnan(cpu.slope_product(infinite, nan))
    assert math.isnan(cpu.slope_product(nan, infinite))


@each_width
def test_an_outer_product_in_either_order(dtype):
    large, tiny = dtype(1) / small(dtype), small(dtype)
    scale = small(dtype)
    for x, y in ((large, tiny), (tiny, large)):
        # x y s z with s z = 1 / (2 large)
        found = cpu.outer_product(x, y, scale, dtype(0.5))
        assert found == pytest.approx(0.5 * float(tiny), rel=4 * EPS[dtype])


@each_width
@pytest.mark.parametrize("share", [-1.9, -1.2, -0.95, -0.3, 0.3, 0.95, 1.4])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_exponential_times_a_number(dtype, share, sign):
    limits = np.finfo(dtype)
    hi = dtype(share * -math.log(float(limits.smallest_subnormal)))
    lo = hi * limits.eps / dtype(4)
    with mp.workdps(40):
        power = mp.exp(mp.mpf(float(hi)) + mp.mpf(float(lo)))
        large = dtype(sign) * (limits.max / dtype(3) if share < 0 else limits.tiny)
        exact = mp.mpf(float(large)) * power
        found = cpu.exp_times((hi, lo), large)
        if abs(exact) > float(limits.max):
            assert found == sign * math.inf
        else:
            unit = max(abs(exact) * float(limits.eps), mp.mpf(float(limits.smallest_subnormal)))
            assert abs(mp.mpf(float(found)) - exact) <= 2 * unit


@each_width
def test_a_vanished_exponential_wins_over_infinity(dtype):
    zero, infinite, nan = typed(dtype, 0, math.inf, math.nan)
    assert cpu.exp_times((-infinite, zero), infinite) == 0
    assert cpu.exp_times((-infinite, nan), infinite) == 0
    assert cpu.exp_times((infinite, zero), dtype(1)) == infinite
    assert math.isnan(cpu.exp_times((-infinite, zero), nan))
    assert math.isnan(cpu.exp_times((nan, zero), infinite))


@each_width
def test_an_exponential_without_digits_is_caught(dtype):
    limits = np.finfo(dtype)
    hi, zero = dtype(math.log(float(limits.smallest_subnormal)) * 0.999), dtype(0)
    plain = cpu.exp_of((hi, zero)) * (limits.max / dtype(3))
    whole = cpu.exp_times((hi, zero), limits.max / dtype(3))
    assert abs(float(plain) / float(whole) - 1) > 1e-3


@each_width
def test_parameters_times_what_is_like_a_square(dtype):
    """Where the square is subnormal, and with the parameters is not."""
    x, factor = small(dtype), dtype(3.0e4)
    found = cpu.square_times(cpu.hypot1m1(x), x, dtype(0.5), factor)
    exact = 0.5 * 3.0e4 * float(x / EPS[dtype]) ** 2 * EPS[dtype]
    assert found / EPS[dtype] == pytest.approx(exact, rel=4 * EPS[dtype])
    plain = factor * cpu.hypot1m1(x)
    assert abs(float(plain) / float(found) - 1) > 1e-5
    assert cpu.square_times(cpu.hypot1m1(dtype(1)), dtype(1), dtype(0.5), factor) == (
        factor * cpu.hypot1m1(dtype(1))
    )
