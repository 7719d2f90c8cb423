"""The error that is counted 2^32 times is the distance from the exact number in ulps."""

import mpmath as mp
import numpy as np
import pytest

from lossgen.certify.ulps import BEYOND, errors
from lossgen.checks.bounds import error

INF, NAN = np.inf, np.nan
LARGEST = float(np.finfo(np.float32).max)
TINY = 2.0**-126
LEAST = 2.0**-149

# float32 found, float64 wanted, ulps.
CASES = {
    "equal": (1.5, 1.5, 0.0),
    "one ulp above 1": (1.0 + 2.0**-23, 1.0, 1.0),
    "below a power of two, in its smaller ulps": (1.0, 1.0 - 2.0**-24, 1.0),
    "half an ulp": (3.0, 3.0 + 2.0**-23, 0.5),
    "a sign": (-1.0, 1.0, 2.0**24),
    "smallest subnormal for nothing": (LEAST, 0.0, 1.0),
    "nothing for half the smallest subnormal": (0.0, LEAST / 2, 0.5),
    "a subnormal": (TINY / 2, TINY / 2 + 3 * LEAST, 3.0),
    "both zeros": (-0.0, 0.0, 0.0),
    "infinity for a number beyond": (INF, 1e300, 0.0),
    "infinity one ulp early": (INF, LARGEST, 1.0),
    "the largest for a number beyond": (LARGEST, 1e39, 1.0),
    "the largest for the largest": (LARGEST, LARGEST, 0.0),
    "the same infinity": (-INF, -INF, 0.0),
    "the other infinity": (INF, -INF, INF),
    "a number for infinity": (LARGEST, INF, INF),
    "NaN for NaN": (NAN, NAN, 0.0),
    "NaN for a number": (NAN, 1.0, INF),
    "a number for NaN": (1.0, NAN, INF),
}


def ulps(found, wanted, least=0.0):
    out = np.empty(1)
    errors(np.array([found], np.float32), np.array([wanted]), least, out)
    return out[0]


@pytest.mark.parametrize("case", CASES)
def test_error_of(case):
    found, wanted, expected = CASES[case]
    assert ulps(found, wanted) == expected


def test_infinity_for_a_small_number_is_far_off():
    assert ulps(INF, 1.0) == BEYOND * 2.0**23 - 2.0**23


def test_cancelling_terms_give_the_unit():
    assert ulps(2.0**-23, 0.0) == 2.0**126
    assert ulps(2.0**-23, 0.0, least=1.5) == 1.0
    assert ulps(8.0 + 2.0**-20, 8.0, least=1.5) == 1.0


def test_agrees_with_the_unit_of_the_checks():
    """At normal numbers; of subnormal ones a certificate counts single smallest subnormals."""
    draw = np.random.default_rng(0)
    wanted = np.ldexp(draw.uniform(1, 2, 400), draw.integers(-110, 126, 400))
    found = (wanted * (1 + draw.normal(size=400) * 2.0**-22)).astype(np.float32)
    out = np.empty(400)
    errors(found, wanted, 0.0, out)
    part = [(mp.mpf(number), -np.inf) for number in wanted]
    exact = [error(float(f), p, np.dtype(np.float32)) for f, p in zip(found, part, strict=True)]
    assert out == pytest.approx(exact, rel=1e-12)
