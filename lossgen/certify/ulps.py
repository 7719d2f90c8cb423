"""Errors of float32 results against float64 ones, in ulps, fast enough for all 2^32 of them."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# Beyond the largest float32 every number counts as the next one, 2^128, and so does infinity: a
# kernel that rounds up to infinity one ulp too early is one ulp off.
BEYOND = 2.0**128
# Bits after the leading one; exponents of the smallest subnormal and of the largest ulp.
FRACTION, LEAST, MOST = 23, -149, 104


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _bounded(number: Any) -> Any:
    number = BEYOND if number > BEYOND else number
    return -BEYOND if number < -BEYOND else number


@numba.njit(nogil=True, error_model="numpy")
def errors(found: Any, exact: Any, least: float, out: Any) -> None:
    """Write |found - exact| in ulps of float32 of the larger of |exact| and `least`.

    `found` is float32, `exact` and `out` are float64. The error is infinite where only one of the
    two is NaN, and where `exact` is infinite and `found` is not the same infinity.
    """
    for i in range(out.size):
        number, wanted = np.float64(found[i]), exact[i]
        target = _bounded(wanted)
        size = max(abs(target), least)
        word = np.float64(size).view(np.int64)
        exponent = np.int64((word >> np.int64(52)) - np.int64(1023 + FRACTION))
        exponent = min(max(exponent, np.int64(LEAST)), np.int64(MOST))
        word = np.int64((np.int64(1023) - exponent) << np.int64(52))
        per_ulp = np.int64(word).view(np.float64)
        error = abs(_bounded(number) - target) * per_ulp
        wrong = (number != number) != (wanted != wanted)
        wrong |= abs(wanted) == np.inf and number != wanted
        error = np.inf if wrong else error
        out[i] = 0.0 if number != number and wanted != wanted else error
