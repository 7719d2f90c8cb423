"""The shared functions of the CPU against exact values: ordinary points, edges, infinities."""

import re
from fractions import Fraction

import numba
import numpy as np
import pytest
from mathematics.loaded import loaded
from mathematics.reference import (
    FUNCTIONS,
    PAIRS,
    WIDTHS,
    batch,
    evaluate,
    exactly,
    pairs,
    points,
    public,
    ulps,
)

from lossgen.certify.functions import INSIDE
from lossgen.emit.module import mathematics

INF, NAN, PI = np.inf, np.nan, np.pi
widths = pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)


def worst(function, spec, dtype, count=150):
    """The largest error at stratified points, and where."""
    x = points(spec.domain, dtype, count)
    error = ulps(evaluate(function, x), exactly(spec.exact, x))
    return error.max(), x[error.argmax()]


@widths
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_within_its_bound(name, dtype):
    error, where = worst(public(name), FUNCTIONS[name], dtype)
    assert error <= FUNCTIONS[name].bound, f"{name}({where!r}) is {error:.2f} ulp off"


@widths
@pytest.mark.parametrize("name", PAIRS)
def test_function_of_two_is_within_its_bound(name, dtype):
    x, y = pairs(PAIRS[name].domain, dtype, 150)
    error = ulps(evaluate(public(name), x, y), exactly(PAIRS[name].exact, x, y))
    i = error.argmax()
    assert error[i] <= PAIRS[name].bound, f"{name}({x[i]!r}, {y[i]!r}) is {error[i]:.2f} ulp off"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_single_agrees_with_double_on_a_million_points(name):
    """Every 2039th float32; the float64 function is no more than 2 ulp of float64 off."""
    x = np.arange(0, 2**32, 2039, dtype=np.uint64).astype(np.uint32).view(np.float32)
    x = x[np.isfinite(x)]
    x = x[INSIDE[FUNCTIONS[name].domain](x)]
    found = evaluate(public(name), x).astype(np.float64)
    exact = evaluate(public(name), x.astype(np.float64))
    info = np.finfo(np.float32)
    inside = np.abs(exact) <= float(info.max)
    assert (np.abs(found[~inside]) >= float(info.max)).all()
    spacing = np.spacing(np.abs(exact[inside]).astype(np.float32)).astype(np.float64)
    # The spacing above a power of two is twice that below it: where float32 rounds up to one,
    # the exact value still counts in the smaller.
    rounded_up = np.abs(exact[inside]) < np.abs(exact[inside]).astype(np.float32)
    fraction = np.frexp(np.abs(exact[inside]).astype(np.float32))[0]
    smaller = rounded_up & (fraction == 0.5) & (np.abs(exact[inside]) > float(info.tiny))
    spacing[smaller] *= 0.5
    error = np.abs(found[inside] - exact[inside]) / spacing
    assert error.max() <= FUNCTIONS[name].bound, x[inside][error.argmax()]


# Argument, result; the same in both widths.
SPECIAL = {
    "exp": [(-INF, 0), (INF, INF), (0.0, 1), (-0.0, 1)],
    "expm1": [(-INF, -1), (INF, INF), (0.0, 0.0), (-0.0, -0.0)],
    "log": [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN)],
    "log1p": [(-1.0, -INF), (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-2.0, NAN), (-INF, NAN)],
    "sqrt": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-1.0, NAN)],
    "sigmoid": [(-INF, 0.0), (INF, 1.0), (0.0, 0.5), (-0.0, 0.5)],
    "softplus": [(-INF, 0.0), (INF, INF)],
    "log_sigmoid": [(-INF, -INF), (INF, -0.0)],
    "tanh": [(-INF, -1.0), (INF, 1.0), (0.0, 0.0), (-0.0, -0.0)],
    "log_cosh": [(-INF, INF), (INF, INF), (0.0, 0.0), (-0.0, 0.0)],
    "sech2": [(-INF, 0.0), (INF, 0.0), (0.0, 1.0)],
    "log1mexp": [(0.0, -INF), (INF, 0.0), (-1.0, NAN)],
    "absolute": [(-INF, INF), (-0.0, 0.0), (-3.0, 3.0)],
    "sign": [(-INF, -1.0), (INF, 1.0), (0.0, 0.0), (-0.0, -0.0), (-3.0, -1.0)],
    "positive_part": [(-INF, 0.0), (INF, INF), (-0.0, 0.0), (0.0, 0.0), (2.0, 2.0)],
    "tan": [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN)],
    "asin": [(0.0, 0.0), (-0.0, -0.0), (1.0, PI / 2), (-1.0, -PI / 2), (2.0, NAN), (-INF, NAN)],
    "acos": [(0.0, PI / 2), (1.0, 0.0), (-1.0, PI), (2.0, NAN), (-2.0, NAN), (INF, NAN)],
    "atan": [(0.0, 0.0), (-0.0, -0.0), (INF, PI / 2), (-INF, -PI / 2)],
    "erf": [(-INF, -1.0), (INF, 1.0), (0.0, 0.0), (-0.0, -0.0)],
    "erfc": [(-INF, 2.0), (INF, 0.0), (0.0, 1.0)],
    "sin": [(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN)],
    "cos": [(0.0, 1.0), (INF, NAN), (-INF, NAN)],
    "versine": [(0.0, 0.0), (INF, NAN), (-INF, NAN)],
    "sinh": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF)],
    "cosh": [(0.0, 1.0), (INF, INF), (-INF, INF)],
    "reciprocal_expm1": [(0.0, INF), (-0.0, -INF), (INF, 0.0), (-INF, -1.0)],
    "expm1mx": [(0.0, 0.0), (INF, INF), (-INF, INF)],
    "log1pmx": [(INF, -INF), (-1.0, -INF), (-2.0, NAN), (-INF, NAN)],
    "over_one_plus": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-1.0, -INF)],
    "exp_moment0": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0)],
    "exp_moment1": [(0.0, 0.5), (INF, INF), (-INF, 0.0)],
    "exp_moment2": [(0.0, 1 / 3), (INF, INF), (-INF, 0.0)],
    "exp_moment3": [(0.0, 0.25), (INF, INF), (-INF, 0.0)],
    "hypot1m1": [(0.0, 0.0), (INF, INF), (-INF, INF)],
    "over_hypot": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0)],
    "inverse_hypot_cubed": [(0.0, 1.0), (INF, 0.0), (-INF, 0.0)],
    "log_hypot1": [(0.0, 0.0), (INF, INF), (-INF, INF)],
    "over_one_plus_square": [(0.0, 0.0), (-0.0, -0.0), (INF, 0.0), (-INF, -0.0)],
    "over_one_plus_square_slope": [(0.0, 1.0), (1.0, 0.0), (INF, -0.0), (-INF, -0.0)],
    "log_ndtr": [(INF, -0.0), (-INF, -INF)],
    "normal_hazard": [(INF, 0.0), (-INF, INF)],
    "hazard_excess": [(INF, INF), (-INF, 0.0)],
    "loggamma": [(0.0, INF), (1.0, 0.0), (2.0, 0.0), (INF, INF), (-0.5, NAN), (-INF, NAN)],
    "digamma": [(0.0, -INF), (INF, INF), (-0.5, NAN), (-INF, NAN)],
    "trigamma": [(0.0, INF), (INF, 0.0), (-0.5, NAN), (-INF, NAN)],
    "tetragamma": [(0.0, -INF), (INF, -0.0), (-0.5, NAN), (-INF, NAN)],
    "i0e": [(0.0, 1.0), (INF, 0.0), (-INF, 0.0)],
    "i1e": [(0.0, 0.0), (-0.0, -0.0), (INF, 0.0), (-INF, -0.0)],
    "log_i0": [(0.0, 0.0), (INF, INF), (-INF, INF)],
    "bessel_ratio": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0)],
    "bessel_ratio_slope": [(0.0, 0.5), (INF, 0.0), (-INF, 0.0)],
}


def same(found, expected):
    """Equal with NaN equal to NaN and the sign of zero counted."""
    return np.array_equal(found, expected, equal_nan=True) and np.array_equal(
        np.signbit(found[found == 0]), np.signbit(expected[found == 0])
    )


@widths
@pytest.mark.parametrize("name", SPECIAL)
def test_function_at_the_ends(name, dtype):
    rows = [*SPECIAL[name], (NAN, NAN)]
    x, expected = (np.array(column, dtype) for column in zip(*rows, strict=True))
    found = evaluate(public(name), x)
    assert same(found, expected), list(zip(x, found, expected, strict=True))
    with np.errstate(all="ignore"):
        assert same(np.array([public(name)(v) for v in x]), expected)


@widths
@pytest.mark.parametrize("name", SPECIAL)
def test_any_nan_stays_nan(name, dtype):
    """Either sign, any payload: bit tricks must not turn one into a number."""
    whole = np.uint32 if dtype is np.float32 else np.uint64
    first = np.array([np.inf], dtype).view(whole)[0]
    payloads = np.array([1, 2, 3, 255, 2**22, 2**22 + 1, 2**23 - 1], whole)
    x = (first + payloads).view(dtype)
    assert np.isnan(evaluate(public(name), np.concatenate([x, -x]))).all()


SPECIAL_PAIRS = {
    "logaddexp": [
        *[(-INF, -INF, -INF), (-INF, 3.0, 3.0), (3.0, -INF, 3.0), (INF, INF, INF)],
        *[(INF, -INF, INF), (INF, 1.0, INF), (NAN, 1.0, NAN), (INF, NAN, NAN), (0.0, -INF, 0.0)],
    ],
    "boxcox": [
        *[(0.0, 2.0, -0.5), (0.0, 0.0, -INF), (0.0, -2.0, -INF), (1.0, 0.0, 0.0), (1.0, 3.0, 0.0)],
        *[(INF, 2.0, INF), (INF, 0.0, INF), (INF, -2.0, 0.5), (-1.0, 2.0, NAN), (2.0, 1.0, 1.0)],
        *[(NAN, 1.0, NAN), (2.0, NAN, NAN), (2.0, 1e30, INF), (0.5, -1e30, -INF)],
    ],
    "boxcox1p": [
        *[(-1.0, 2.0, -0.5), (-1.0, 0.0, -INF), (0.0, 0.0, 0.0), (0.0, 3.0, 0.0), (-0.0, 2.0, 0.0)],
        *[(INF, 2.0, INF), (INF, 0.0, INF), (INF, -2.0, 0.5), (-2.0, 2.0, NAN), (1.0, 1.0, 1.0)],
        *[(NAN, 1.0, NAN), (2.0, NAN, NAN), (1e-30, 2.0, 1e-30)],
    ],
    "log_ratio_to_mean": [
        *[(0.0, 1.0, -INF), (1.0, 1.0, 0.0), (NAN, 1.0, NAN), (1.0, NAN, NAN), (-1.0, 1.0, NAN)],
        *[(1.0, 0.0, float(np.log(2))), (0.0, 0.0, float(np.log(2)))],
    ],
    "relative_entropy_to_mean": [
        *[(0.0, 1.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, NAN, NAN), (NAN, 1.0, NAN)],
    ],
    "sigmoid_power": [
        *[(0.0, 1.0, 0.5), (INF, 2.0, 1.0), (-INF, 2.0, 0.0), (-INF, 0.0, 1.0), (1.0, 0.0, 1.0)],
        *[(NAN, 1.0, NAN), (1.0, NAN, NAN), (NAN, 0.0, NAN)],
    ],
    "xlogy": [(0.0, 0.0, 0.0), (0.0, INF, 0.0), (0.0, NAN, NAN), (NAN, 1.0, NAN), (2.0, 0.0, -INF)],
    "xlog1py": [(0.0, -1.0, 0.0), (0.0, NAN, NAN), (NAN, 1.0, NAN), (2.0, -1.0, -INF)],
    "hypot": [(3.0, 4.0, 5.0), (INF, 1.0, INF), (0.0, 0.0, 0.0), (NAN, 1.0, NAN), (1.0, NAN, NAN)],
    "atan2": [
        *[(0.0, 1.0, 0.0), (-0.0, 1.0, -0.0), (0.0, 0.0, 0.0), (-0.0, 0.0, -0.0)],
        *[(0.0, -1.0, PI), (-0.0, -1.0, -PI), (0.0, -0.0, PI), (-0.0, -0.0, -PI)],
        *[(1.0, 0.0, PI / 2), (-1.0, -0.0, -PI / 2), (1.0, INF, 0.0), (-1.0, INF, -0.0)],
        *[(1.0, -INF, PI), (-1.0, -INF, -PI), (INF, 1.0, PI / 2), (-INF, -1.0, -PI / 2)],
        *[(INF, INF, PI / 4), (-INF, INF, -PI / 4), (INF, -INF, 3 * PI / 4)],
        *[(-INF, -INF, -3 * PI / 4), (NAN, 1.0, NAN), (1.0, NAN, NAN), (NAN, 0.0, NAN)],
        *[(INF, NAN, NAN), (NAN, -INF, NAN), (1.0, 1.0, PI / 4), (-1.0, -1.0, -3 * PI / 4)],
    ],
    "maximum": [(1.0, 2.0, 2.0), (NAN, 1.0, NAN), (1.0, NAN, NAN), (-INF, 1.0, 1.0)],
    "minimum": [(1.0, 2.0, 1.0), (NAN, 1.0, NAN), (1.0, NAN, NAN), (-INF, 1.0, -INF)],
    "exp_sum": [(INF, NAN, INF), (-INF, NAN, 0.0), (NAN, 0.0, NAN), (0.0, NAN, NAN)],
    "power": [
        *[(0.0, 2.0, 0.0), (0.0, -1.0, INF), (0.0, 0.0, 1.0), (1.0, NAN, 1.0), (NAN, 0.0, 1.0)],
        *[(INF, 0.5, INF), (INF, -0.5, 0.0), (2.0, INF, INF), (0.5, INF, 0.0), (-1.0, 0.5, NAN)],
        *[(NAN, 1.0, NAN), (2.0, NAN, NAN), (2.0, 1e30, INF), (2.0, -1e30, 0.0)],
    ],
}


@widths
@pytest.mark.parametrize("name", SPECIAL_PAIRS)
def test_function_of_two_at_the_ends(name, dtype):
    x, y, expected = (np.array(column, dtype) for column in zip(*SPECIAL_PAIRS[name], strict=True))
    found = evaluate(public(name), x, y)
    assert same(found, expected), list(zip(x, y, found, expected, strict=True))


@widths
@pytest.mark.parametrize("name", FUNCTIONS)
def test_plain_python_keeps_width_and_value(name, dtype):
    """Row functions run in plain Python over NumPy scalars; fused and unfused differ a little."""
    x = np.abs(points("real", dtype, 2))[:8].clip(1e-3, 30).astype(dtype)
    x = np.minimum(x, dtype(0.875)) if FUNCTIONS[name].domain == "up to 1" else x
    found = [public(name)(v) for v in x]
    assert {np.asarray(v).dtype for v in found} == {np.dtype(dtype)}
    error = ulps(np.array(found), exactly(FUNCTIONS[name].exact, x))
    assert error.max() <= FUNCTIONS[name].bound + 1
    assert public(name)(float(x[0])) == pytest.approx(float(found[0]), rel=1e-5)


@widths
@pytest.mark.parametrize("name", ["two_sum", "two_product"])
def test_pair_is_exact(name, dtype):
    """high + low is the sum or product itself: all are fractions, compared as such."""
    function = public(name)
    split = numba.njit(lambda a, b: function(a, b))
    draw = np.random.default_rng(3)
    scale = 10.0 ** draw.integers(-5, 5, 200)
    x = (draw.standard_normal(200) * scale).astype(dtype)
    y = x[::-1].copy()
    lows = 0
    for a, b in zip(x, y, strict=True):
        high, low = split(a, b)
        p, q = Fraction(float(a)), Fraction(float(b))
        assert Fraction(high) + Fraction(low) == (p + q if name == "two_sum" else p * q)
        assert (high, low) == function(a, b)
        lows += low != 0
    assert lows > 50


TWINS = {
    "exp": ("np.float32(0.008333198)", "np.float32(0.009333198)"),
    "log": ("np.float32(0.20000799)", "np.float32(0.20010799)"),
    "softplus": ("np.float32(0.20000799)", "np.float32(0.20010799)"),
    "tanh": ("dropped = t - (total - two)", "dropped = t - t"),
    "expm1": ("(shift - (hi - head))", "((hi - head) - shift)"),
    "reciprocal_expm1": ("+ (a_low - hi * b_low)", "- (a_low - hi * b_low)"),
    "log1pmx": ("real(-0.5) * square + rest", "real(-0.5) * square - rest"),
    "hypot1m1": ("(dropped + square_low)", "(dropped - square_low)"),
    "log_hypot1": ("log1p_sum(square, square_low)", "log1p_sum(square, -square_low)"),
    "over_one_plus_square_slope": ("dropped - square_low,", "dropped + square_low,"),
    "sin": ("two_sum(part, within_turn(p2))", "two_sum(part, within_turn(p1))"),
    "tan": ("c_low = c_low - v_low", "c_low = c_low + v_low"),
    "asin": ("(quarter_low - two * (r_low + tail))", "(quarter_low - two * (tail - r_low))"),
    "acos": ("two * (r + (r_low + tail))", "two * (r - (r_low - tail))"),
    "atan": ("(dropped + (low + f_low", "(dropped + (low - f_low"),
    "digamma": (", -root_low)", ", root_low)"),
    "loggamma": ("real(-0.5) * large)", "real(-0.501) * large)"),
}
# A polynomial, or quotient of two, and the function that notices when it is 2^-6 off.
OFF = 1 + 2.0**-6
POLYNOMIALS = {
    "exp_cubic": "expm1mx",
    "log_rest": "log1pmx",
    "moment2_rising": "exp_moment2",
    "moment2_falling": "exp_moment2",
    "normal_tail_ratio": "log_ndtr",
    "hazard_excess_ratio": "hazard_excess",
    "loggamma_ratio": "loggamma",
    "loggamma_far": "loggamma",
    "digamma_ratio": "digamma",
    "trigamma_far": "trigamma",
    "tetragamma_unit": "tetragamma",
    "i0_near": "log_i0",
    "i1_far": "i1e",
    "ratio_mid": "bessel_ratio",
    "slope_far": "bessel_ratio_slope",
    "sine_ratio": "sin",
    "cosine_ratio": "versine",
    "arctangent_ratio": "atan",
    "arcsine_ratio": "acos",
    "hyperbolic_sine_ratio": "sinh",
    "erfcx_ratio": "erfc",
    "erf_ratio": "erf",
}


def error_after(change, name, folder):
    """The worst error of a function in a changed math file, which is loaded from a folder."""
    module = loaded("cpu", folder, change)
    error, _ = worst(getattr(module, name), FUNCTIONS[name], np.float32)
    batch.cache_clear()
    return error


@pytest.mark.parametrize("name", TWINS)
def test_a_wrong_step_is_caught(name, tmp_path):
    right, wrong = TWINS[name]
    assert mathematics("cpu").count(right) == 1
    error = error_after(lambda text: text.replace(right, wrong), name, tmp_path)
    assert error > FUNCTIONS[name].bound


@pytest.mark.parametrize("polynomial", POLYNOMIALS)
def test_a_wrong_polynomial_is_caught(polynomial, tmp_path):
    name = POLYNOMIALS[polynomial]
    error = error_after(lambda text: with_wrong(polynomial, text), name, tmp_path)
    assert error > FUNCTIONS[name].bound


def with_wrong(polynomial, text):
    """The math file with the numbers of one polynomial off, those of its denominator not."""
    head, body = text.split(f"def {polynomial}(")
    body, rest = body.split("\n\n\n", 1)
    number = re.compile(r"real\((-?[0-9.e-]+)\)")
    wrong = [
        line
        if "q = " in line
        else number.sub(lambda found: f"real({float(found[1]) * OFF!r})", line)
        for line in body.splitlines()
    ]
    return "\n".join([f"{head}def {polynomial}({wrong[0]}", *wrong[1:], "", "", rest])
