"""Quotients that are 0/0 at one place, as a user types them, and a plain-Python twin of each."""

import mpmath as mp
import numpy as np
from stabilise.naive import Naive, numbers

from lossgen.language import *

k = axis("k")


@loss
def cardinal_sine(x: Real):
    return sin(x) / x


@loss
def tanh_over_x(x: Real):
    return tanh(x) / x


@loss
def versine_over_square(x: Real):
    return (1 - cos(x)) / x**2


@loss
def sinh_over_x(x: Real):
    return sinh(x) / x


@loss
def atan_over_x(x: Real):
    return atan(x) / x


@loss
def log_over_x(x: Positive):
    return log(1 + x) / x


@loss
def exp_less_one_over_x(x: Real):
    return (exp(x) - 1) / x


@loss
def exp_less_line_over_square(x: Real):
    return (exp(x) - 1 - x) / x**2


@loss
def line_less_log_over_square(x: Positive):
    return (x - log(1 + x)) / x**2


@loss
def log_over_distance_from_one(x: Positive):
    return log(x) / (x - 1)


@loss
def weight_of_an_odd_score(r: Real, *, c: Positive = 1.5):
    score = let("score", tanh(r / c))
    return score / r


@loss
def renyi(p: NonNegative[k], q: Positive[k], *, alpha: Positive = 1.0):
    return log(SumOver(k, p[k] ** alpha * q[k] ** (1 - alpha)) / SumOver(k, p[k])) / (alpha - 1)


# Where a quotient is 0/0, near it, where its derivatives cancel, on both sides of where its kernel
# changes from the quotient of polynomials to the formula, and far out.
AT_ZERO = (
    0.0, 1e-40, -1e-30, 1e-12, -1e-8, 1e-5, -1e-4, 1e-3, 0.01, -0.05, 0.1, -0.2, 0.3, -0.45, -0.49,
    -0.51, 0.6, 0.74, -0.9, 0.99, 1.01, -1.01, 1.2, -1.26, 1.49, -1.51, -2.01, 2.49, 2.51, 2.99,
    -3.01, 3.14159, 3.9, 4.01, 4.493, -5.0, 7.7, -15.0, 40.0, 88.0, -88.0,
)  # fmt: skip
FARTHER = (*AT_ZERO, 100.0, -1e3, 1e4, -1e6, 1e10, -1e18, 1e19, 1e20, -1e30)
POSITIVE_PART = tuple(x for x in FARTHER if x >= 0)
SCALES = ({"c": 1.5}, {"c": 1e-3}, {"c": 2e5})
SHARES = (
    (np.array([0.2, 0.3, 0.5]), np.array([0.25, 0.25, 0.5])),
    (np.array([0.1, 0.1, 0.8]), np.array([0.6, 0.3, 0.1])),
    (np.array([0.2, 0.3, 0.5]), np.array([0.2001, 0.2999, 0.5])),
)  # fmt: skip
ORDERS = tuple({"alpha": a} for a in (1.0 + 2.0**-20, 1.0 - 1e-4, 0.5, 1.5, 2.0, 7.0))

QUOTIENTS = {
    "sin(x)/x": Naive(cardinal_sine, numbers(FARTHER), lambda x: mp.sin(x) / x),
    "tanh(x)/x": Naive(tanh_over_x, numbers(FARTHER), lambda x: mp.tanh(x) / x),
    "(1-cos(x))/x**2": Naive(
        versine_over_square, numbers(FARTHER), lambda x: (1 - mp.cos(x)) / x**2
    ),
    "sinh(x)/x": Naive(sinh_over_x, numbers((*AT_ZERO, 92.0, -93.0)), lambda x: mp.sinh(x) / x),
    "atan(x)/x": Naive(atan_over_x, numbers(FARTHER), lambda x: mp.atan(x) / x),
    "log(1+x)/x": Naive(log_over_x, numbers(POSITIVE_PART), lambda x: mp.log(1 + x) / x),
    "(exp(x)-1)/x": Naive(
        exp_less_one_over_x, numbers((*AT_ZERO, 92.0)), lambda x: (mp.exp(x) - 1) / x
    ),
    "(exp(x)-1-x)/x**2": Naive(
        exp_less_line_over_square, numbers((*AT_ZERO, 92.0)), lambda x: (mp.exp(x) - 1 - x) / x**2
    ),
    "(x-log(1+x))/x**2": Naive(
        line_less_log_over_square, numbers(POSITIVE_PART), lambda x: (x - mp.log(1 + x)) / x**2
    ),
    "log(x)/(x-1)": Naive(
        log_over_distance_from_one, numbers(1 + x for x in POSITIVE_PART if 1 + x > 1),
        lambda x: mp.log(x) / (x - 1),
    ),
    "tanh(r/c)/r": Naive(
        weight_of_an_odd_score, numbers(FARTHER), lambda r, c: mp.tanh(r / c) / r, SCALES
    ),
    "log(sum(p**a*q**(1-a))/sum(p))/(a-1)": Naive(renyi, SHARES, parameters=ORDERS),
}  # fmt: skip
