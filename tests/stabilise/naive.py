"""Formulas as a user types them, where each of them fails, and a plain-Python twin of each.

A twin is written by hand over mpmath: SymPy rewrites some formulas before anyone sees them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import Symbol

from lossgen.language import *
from lossgen.runtime import Loss

k, d = axis("k"), axis("d")
f32 = np.finfo(np.float32)

# Logits and the like: confident, far out, on the way to overflow, and at both ends of the small.
FAR = (0.0, 1.0, -1.0, 0.3, -2.5, 15.9, -17.2, 36.5, -36.5, 88.5, -88.5, 104.0, -104.0, 710.0,
       -710.0, 1000.0, -1000.0, 1e-8, -1e-8, 1e-30, -1e-30)  # fmt: skip
NEAR = (1.0, 0.3, -2.5, 1e-3, -1e-3, 1e-5, 1e-8, -1e-8, 1e-12, 1e-18, 1e-19, -1e-30, 0.0)
WIDE = (*NEAR, 4.0, 60.0, 1e4, -1e10, 1e18, 1e19, -1e20, 1e30, -3e38)
ABOVE = (1e-30, 1e-12, 1e-3, 0.3, 0.6931, 0.70, 1.0, 2.5, 17.0, 60.0, 88.0, 103.0, 700.0, 1000.0)


@dataclass(frozen=True)
class Naive:
    """A formula, rows at which it is asked, and what it means in plain mathematics.

    `rows` are arguments in order. `flat` is the twin as a function of one number, where there is
    one; `parameters` are given to both.
    """

    loss: Loss
    rows: tuple[tuple[Any, ...], ...]
    flat: Callable[..., Any] | None = None
    parameters: tuple[dict[str, float], ...] = ({},)


def numbers(values: Any) -> tuple[tuple[Any, ...], ...]:
    """Return rows of one number each."""
    return tuple((value,) for value in values)


@loss
def log_one_plus_exp(x: Real):
    return log(1 + exp(x))


@loss
def minus_log_sigmoid(x: Real):
    return -log(1 / (1 + exp(-x)))


@loss
def focal_by_let(x: Real, *, gamma: NonNegative = 2.0):
    p = let("p", 1 / (1 + exp(-x)))
    return -((1 - p) ** gamma) * log(p)


@loss
def focal_by_variable(x: Real, *, gamma: NonNegative = 2.0):
    p = 1 / (1 + exp(-x))
    return -((1 - p) ** gamma) * log(p)


@loss
def log_of_cosh(x: Real):
    return log(cosh(x))


root_minus_one = from_expression(
    "root_minus_one",
    sqrt(1 + Symbol("x", real=True) ** 2) - 1,
    arguments={Symbol("x", real=True): Real},
)


@loss
def x_minus_log(x: NonNegative):
    return x - log(1 + x)


@loss
def exp_minus_line(x: Real):
    return exp(x) - 1 - x


@loss
def cross_entropy(z: Real[k], label: Label[k]):
    return log(SumOver(k, exp(z[k]))) - z[label]


@loss
def divergence(p: Unit[k], q: OpenUnit[k]):
    return SumOver(k, p[k] * log(p[k] / q[k]))


@loss
def log_of_one_minus_exp(x: Positive):
    return log(1 - exp(-x))


@loss
def power_transform(x: Positive, *, a: Real = 0.0):
    return (x**a - 1) / a


@loss
def one_minus_cosine(x: Real):
    return 1 - cos(x)


@loss
def x_log_x(x: NonNegative):
    return x * log(x)


@loss
def log_of_two_exponentials(u: Real, v: Real, *, a: Positive = 2.0, b: Positive = 0.5):
    return log(a * exp(u) + b * exp(v))


@loss
def distance(x: Real[d], y: Real[d]):
    return sqrt(SumOver(d, (x[d] - y[d]) ** 2))


def _focal(x, gamma):
    p = 1 / (1 + mp.exp(-x))
    return -((1 - p) ** gamma) * mp.log(p)


GAMMAS = ({"gamma": 0.5}, {"gamma": 2.0})
POWERS = tuple({"a": a} for a in (1e-30, 1e-12, -1e-8, 1e-4, 0.5, 1.0, 2.0, -3.0))
ROWS = (
    (np.array([1.0, 2.0, 3.0]), 1), (np.array([1000.0, 0.0, -1000.0]), 0),
    (np.array([1e4, 1e4 - 3.25, 1e4 - 7.75]), 1), (np.array([-1e30, 5.0, 0.0]), 2),
    (np.array([710.0, 709.0, 0.5]), 2), (np.array([-800.0, -801.0, -799.5]), 0),
)  # fmt: skip
MASSES = (
    (np.array([0.25, 0.75, 0.0]), np.array([0.5, 0.25, 0.25])),
    (np.array([0.0, 0.0, 1.0]), np.array([1e-30, 0.5, 0.5])),
    (np.array([1e-30, 1.0, 0.0]), np.array([0.5, 1e-30, 0.9])),
)
POINTS = (
    (np.array([1e-30, 2e-30]), np.array([0.0, 3e-30])),
    (np.array([1e30, -2e30]), np.array([3e30, 1e30])),
    (np.array([3.0, 1.0]), np.array([0.5, 7.0])), (np.array([1e30, 1e-30]), np.array([0.0, 0.0])),
)  # fmt: skip
PAIRS = tuple((u, v) for u in (0.0, 1000.0, -1000.0, 88.0, 0.4) for v in (0.0, 999.0, -1001.0, 1.9))

FORMULAS = {
    "log(1+exp(x))": Naive(
        log_one_plus_exp, numbers((*FAR, 1e30, -1e30)), lambda x: mp.log(1 + mp.exp(x))
    ),
    "-log(1/(1+exp(-x)))": Naive(
        minus_log_sigmoid, numbers(FAR), lambda x: -mp.log(1 / (1 + mp.exp(-x)))
    ),
    "focal, p by let": Naive(focal_by_let, numbers(FAR), _focal, GAMMAS),
    "focal, p a variable": Naive(focal_by_variable, numbers(FAR), _focal, GAMMAS),
    "log(cosh(x))": Naive(log_of_cosh, numbers(FAR), lambda x: mp.log(mp.cosh(x))),
    "sqrt(1+x**2)-1": Naive(root_minus_one, numbers(WIDE), lambda x: mp.sqrt(1 + x**2) - 1),
    "x-log(1+x)": Naive(
        x_minus_log, numbers(x for x in WIDE if x >= 0), lambda x: x - mp.log(1 + x)
    ),
    "exp(x)-1-x": Naive(exp_minus_line, numbers((*NEAR, *FAR)), lambda x: mp.exp(x) - 1 - x),
    "log(sum(exp(z)))-z[label]": Naive(cross_entropy, ROWS),
    "sum(p*log(p/q))": Naive(divergence, MASSES),
    "log(1-exp(-x))": Naive(
        log_of_one_minus_exp, numbers(ABOVE), lambda x: mp.log(1 - mp.exp(-x))
    ),
    "(x**a-1)/a": Naive(
        power_transform, numbers((0.3, 1.0, 1.0 + 2**-20, 2.5, 1e-12, 1e12)),
        lambda x, a: (mp.power(x, a) - 1) / a, POWERS,
    ),
    "1-cos(x)": Naive(one_minus_cosine, numbers((*NEAR, 3.0, 6.25)), lambda x: 1 - mp.cos(x)),
    "x*log(x)": Naive(
        x_log_x, numbers((1e-30, 0.3, 0.36, 1.0, 2.5, 1e30)), lambda x: x * mp.log(x)
    ),
    "log(a*exp(u)+b*exp(v))": Naive(log_of_two_exponentials, PAIRS),
    "sqrt(sum((x-y)**2))": Naive(distance, POINTS),
}  # fmt: skip


def twin(formula: Naive, x: Any, parameters: dict[str, float], order: int) -> Any:
    """Return the twin's value, slope or curvature, with digits to spare."""
    with mp.workdps(60):
        lost = abs(mp.log10(abs(x))) if x else 40
        digits = 60 + 3 * int(lost) + 3 * int(min(abs(x), 2000))
    with mp.workdps(digits):
        given = [mpf(value) for value in parameters.values()]

        def function(at):
            return formula.flat(at, *given)

        step = mpf(10) ** (-digits // 4) * (abs(mpf(x)) if x else 1)
        if not order:
            return function(mpf(x))
        return mp.diff(function, mpf(x), order, h=step)
