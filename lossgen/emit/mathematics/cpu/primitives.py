"""What the functions shared with devices stand on: the width of a number, and a quick sum."""

import numpy as np

from .elementary import exact, inlined


@inlined
def is_single(x):
    """Whether x is a float32."""
    return isinstance(x, np.float32)


@exact
def quick_sum(a, b):
    """(hi, lo) with hi + lo = a + b exactly, for |a| >= |b| or a = 0 (Dekker 1971)."""
    hi = a + b
    return hi, b - (hi - a)
