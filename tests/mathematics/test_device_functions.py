"""The shared functions of the device: PTX without a device, structure in the simulator."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from mathematics.loaded import loaded
from mathematics.reference import FUNCTIONS, PAIRS, WIDTHS, evaluate, pairs, points, public

cuda = pytest.importorskip("numba.cuda", reason="needs numba-cuda")
if getattr(cuda, "implementation", "") != "NVIDIA":
    pytest.skip("needs the package numba-cuda", allow_module_level=True)

HERE = Path(__file__).parent
PATHS = os.pathsep.join([str(HERE.parents[1]), str(HERE.parent)])
ONE = [*FUNCTIONS, "absolute", "sign", "positive_part"]
TWO = [*PAIRS, "maximum", "minimum"]
GROUPS = ["group_sum", "group_max", "group_min"]
# libdevice reduces a large argument of sin, cos and tan in float64.
WIDE = {"sin", "cos", "tan", "versine"}


def ptx(function, operands, number):
    """PTX of a kernel that applies a device function to arrays, for sm_90."""

    def one(x, out):
        i = cuda.grid(1)
        if i < x.size:
            out[i] = function(x[i])

    def two(x, out):
        i = cuda.grid(1)
        if i < x.size:
            out[i] = function(x[i], out[i])

    def pair(x, out):
        i = cuda.grid(1)
        if i < x.size:
            hi, lo = function(x[i] * x[i], out[i])
            out[i] = hi * lo

    def group(x, out):
        shared = cuda.shared.array(32, number)
        out[cuda.threadIdx.x] = function(x[cuda.threadIdx.x], cuda.threadIdx.x, 32, shared)

    kernel = {1: one, 2: two, "pair": pair, "group": group}[operands]
    try:
        return cuda.compile_ptx(kernel, (number[::1], number[::1]), cc=(9, 0))[0]
    except (OSError, RuntimeError) as error:
        pytest.skip(f"needs NVVM: {error}")


@functools.cache
def device():
    """The file under test, imported when a test needs it."""
    return loaded("cuda", Path(tempfile.mkdtemp()))


@pytest.mark.parametrize("name", ONE + TWO + GROUPS)
def test_single_stays_single(name):
    operands = 1 if name in ONE else 2 if name in TWO else "group"
    text = ptx(getattr(device(), name), operands, cuda.types.float32)
    assert (".f64" in text) == (name in WIDE)
    assert "call" not in text


def test_a_quotient_of_polynomials_stays_single():
    """Its coefficients come from the kernel that calls it."""
    rational, c = device().rational, np.float32(0.5)
    one = cuda.jit(device=True, inline="always")(
        lambda x: rational(x, c, x, c, c, c, c, c, c, c, c, c, x, c, c, c, c, c)
    )
    text = ptx(one, 1, cuda.types.float32)
    assert ".f64" not in text
    assert "call" not in text


def test_an_untyped_literal_is_seen():
    untyped = cuda.jit(device=True, inline="always")(lambda x: 0.1 * x)
    assert ".f64" in ptx(untyped, 1, cuda.types.float32)


@pytest.mark.parametrize("name", ["positive_part", "maximum", "minimum", "group_max", "group_min"])
def test_nan_is_not_dropped(name):
    """`max.f32` and `min.f32` return the other operand where one is NaN."""
    operands = 1 if name == "positive_part" else "group" if "group" in name else 2
    text = ptx(getattr(device(), name), operands, cuda.types.float32)
    assert "max.f32" not in text
    assert "min.f32" not in text


def test_a_dropped_nan_is_seen():
    hinge = cuda.jit(device=True, inline="always")(lambda x: max(x, np.float32(0)))
    assert "max.f32" in ptx(hinge, 1, cuda.types.float32)


def test_pairs_are_not_fused():
    """A plain product in `a` must not flow into the additions that recover its rounding."""
    assert ptx(device().two_sum, "pair", cuda.types.float32).count("add.rn.f32") == 6
    assert ptx(device().two_sum, "pair", cuda.types.float32).count("fma.rn.f32") == 0
    assert ptx(device().two_product, "pair", cuda.types.float32).count("mul.rn.f32") == 1


def listed(arrays):
    return [array.astype(float).tolist() for array in arrays]


@functools.cache
def simulated():
    """What the simulator returns, from a process of its own: Numba chooses it when imported."""
    asked = {"functions": [], "groups": []}
    for dtype in WIDTHS:
        for name, function in (FUNCTIONS | PAIRS).items():
            asked["functions"].append(
                [name, dtype.__name__, listed(arguments(name, function, dtype))]
            )
        for name in GROUPS:
            asked["groups"] += [[name, dtype.__name__, values] for values in lanes(dtype)]
    done = subprocess.run(
        [sys.executable, str(HERE / "simulated.py")],
        input=json.dumps(asked),
        env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": PATHS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return asked, json.loads(done.stdout)


def arguments(name, function, dtype):
    """A few points of a function's domain, NaN among them."""
    if name in PAIRS:
        return [column[::9] for column in pairs(function.domain, dtype, 60)]
    return [np.append(points(function.domain, dtype, 12), dtype(np.nan))]


def lanes(dtype):
    """Values for two groups each of 1, 2 and 8 lanes, once with a NaN in the first group."""
    for size in (2, 4, 16):
        values = np.random.default_rng(size).standard_normal(size).astype(dtype)
        yield values.astype(float).tolist()
    values[3] = np.nan
    yield values.astype(float).tolist()


@pytest.mark.parametrize("dtype", WIDTHS, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("name", [*FUNCTIONS, *PAIRS])
def test_simulator_agrees_with_the_cpu(name, dtype):
    """To 16 ulp: NumPy's functions and ours, and what plain formulas lose in the simulator."""
    function = (FUNCTIONS | PAIRS)[name]
    columns = arguments(name, function, dtype)
    found = np.array(simulated()[1]["functions"][f"{name} {dtype.__name__}"])
    expected = evaluate(public(name), *columns).astype(float)
    eps, least = float(np.finfo(dtype).eps), float(np.finfo(dtype).smallest_subnormal)
    allowed = 16 * eps * np.abs(expected) + 4 * least
    with np.errstate(invalid="ignore"):
        near = np.abs(found - expected) <= allowed
    assert (near | (found == expected) | (np.isnan(found) & np.isnan(expected))).all()


def test_groups_reduce_each_on_its_own():
    asked, answer = simulated()
    reductions = {"group_sum": np.sum, "group_max": np.max, "group_min": np.min}
    for (name, width, values), (once, twice) in zip(asked["groups"], answer["groups"], strict=True):
        halves = np.array(values, width).reshape(2, -1)
        expected = np.repeat([reductions[name](half) for half in halves], halves.shape[1])
        assert np.array_equal(once, twice, equal_nan=True)
        assert np.allclose(once, expected, rtol=1e-5, atol=1e-6, equal_nan=True), (name, width)
