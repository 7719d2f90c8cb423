"""Naive formulas typed by a user reach the bounds of the shipped losses, with no hint."""

from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
from stabilise.naive import FORMULAS as PLAIN
from stabilise.naive import twin
from stabilise.quotients import QUOTIENTS

from lossgen.checks.bounds import error
from lossgen.checks.reference import Question, exact
from lossgen.language import *

FORMULAS = PLAIN | QUOTIENTS
BOUNDS = {"value": 8, "gradient": 8, "Hessian diagonal": 16}  # ulp
# A result below the normal range may be a hundred times a factor that has underflowed.
SUBNORMAL = 64
DTYPES = [np.dtype(np.float32), np.dtype(np.float64)]
# Where the formula has an exact limit that its own definition does not give.
LIMITS = {
    "(x**a-1)/a": [((x,), {"a": 0.0}, float(np.log(x))) for x in (0.25, 1.0, 2.5, 1e12)],
    "x*log(x)": [((0.0,), {}, 0.0)],
    "sin(x)/x": [((0.0,), {}, 1.0)],
    "tanh(x)/x": [((0.0,), {}, 1.0)],
    "(1-cos(x))/x**2": [((0.0,), {}, 0.5)],
    "sinh(x)/x": [((0.0,), {}, 1.0)],
    "atan(x)/x": [((0.0,), {}, 1.0)],
    "log(1+x)/x": [((0.0,), {}, 1.0)],
    "(exp(x)-1)/x": [((0.0,), {}, 1.0)],
    "(exp(x)-1-x)/x**2": [((0.0,), {}, 0.5)],
    "(x-log(1+x))/x**2": [((0.0,), {}, 0.5)],
    "log(x)/(x-1)": [((1.0,), {}, 1.0)],
    "tanh(r/c)/r": [((0.0,), {"c": 0.25}, 4.0)],
}


def columns(rows, dtype):
    found = []
    for column in zip(*rows, strict=True):
        array = np.array(column)
        found.append(array if array.dtype.kind == "i" else array.astype(dtype))
    return found


def answers(formula, dtype, parameters):
    """The exact value, gradient and Hessian diagonal of each row, as parts of the reference."""
    entry = formula.loss.entry
    given = {name: float(dtype.type(value)) for name, value in parameters.items()}
    given = {
        **{a.name: float(dtype.type(a.default)) for a in entry.shared if a.default is not None},
        **given,
    }
    first = entry.arguments[0].name
    for row in zip(*columns(formula.rows, dtype), strict=True):
        at = dict(zip([a.name for a in entry.per_row], row, strict=True)) | given
        (found, *_) = exact(Question(entry, at, dtype, first, np.ones(np.shape(row[0]))))
        assert found.resolved
        yield row, (found.value, found.gradient[first], found.hessian_diagonal)


def worst(formula, dtype, parameters):
    """The largest error of each output, in ulp, and where."""
    made = formula.loss.derivatives(*columns(formula.rows, dtype), **parameters, reduction="none")
    found = dict.fromkeys(BOUNDS, (0.0, ""))
    for place, (row, wanted) in enumerate(answers(formula, dtype, parameters)):
        for name, output, parts in zip(BOUNDS, made, wanted, strict=True):
            flat = [parts] if isinstance(parts, tuple) else list(np.asarray(parts).flat)
            for number, part in zip(np.ravel(output[place]), flat, strict=True):
                if mp.isnan(part[0]):
                    continue
                with mp.workdps(40):
                    ulps = error(float(number), part, dtype)
                if abs(part[0]) < np.finfo(dtype).tiny and ulps <= SUBNORMAL:
                    continue
                if ulps > found[name][0]:
                    found[name] = (ulps, f"{row}: {number!r}, exactly {mp.nstr(part[0], 17)}")
    return found


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", FORMULAS)
def test_value_gradient_and_hessian(name, dtype):
    formula = FORMULAS[name]
    for parameters in formula.parameters:
        for output, (ulps, where) in worst(formula, dtype, parameters).items():
            assert ulps <= BOUNDS[output], f"{output} at {where} {parameters}: {ulps:.3g} ulp"


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    for row, parameters, wanted in LIMITS[name]:
        for dtype in DTYPES:
            found = FORMULAS[name].loss(*columns([row], dtype), **parameters)
            assert abs(found - wanted) <= 8 * np.finfo(dtype).eps * abs(wanted), (row, dtype)


@pytest.mark.parametrize("name", [name for name, one in FORMULAS.items() if one.flat is not None])
def test_the_reference_agrees_with_the_plain_twin(name):
    formula = FORMULAS[name]
    for parameters in formula.parameters:
        for (x,), parts in answers(formula, DTYPES[1], parameters):
            if abs(x) > 2000 or x == 0:
                continue  # differences of the twin would need a million digits
            for order, part in enumerate(parts):
                number = part[0] if isinstance(part, tuple) else np.asarray(part).item()[0]
                wanted = twin(formula, float(x), parameters, order)
                size = part[1] if isinstance(part, tuple) else np.asarray(part).item()[1]
                with mp.workdps(30):
                    # Far out, the reference is settled in the unit of its errors.
                    scale = abs(wanted) if abs(x) < 100 else mp.mpf(2) ** max(size, -1200)
                    close = abs(number - wanted) <= mp.mpf(10) ** -12 * scale
                assert close or number == wanted, (x, parameters, order, number, wanted)


def test_a_naive_kernel_is_caught():
    """The twin: the formula evaluated as it is written, in NumPy."""

    class Written:
        entry = FORMULAS["log(1+exp(x))"].loss.entry

        @staticmethod
        def derivatives(x, **_):
            with np.errstate(all="ignore"):
                power = np.exp(x)
                return np.log(1 + power), power / (1 + power), power / (1 + power) ** 2

    broken = replace(FORMULAS["log(1+exp(x))"], loss=Written())
    found = worst(broken, DTYPES[0], {})
    assert all(found[output][0] > bound for output, bound in BOUNDS.items())
