"""The mathematics that the hand-written kernels share."""

import math

from numba import njit


@njit
def exponential(x):
    return math.exp(x)
