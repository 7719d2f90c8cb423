"""Errors found in well-known articles and libraries, each with a number that the kernels give.

`ours` is computed anew whenever the page is built; `right` is what it must be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import e, log, nan

import numpy as np

from lossgen import losses


@dataclass(frozen=True)
class Found:
    """An error: who says what, what is true, at which input, their number, ours, and the right one.

    `theirs` is NaN where the formula as printed gives no number.
    """

    who: str
    loss: str
    said: str
    true: str
    at: str
    theirs: float
    ours: Callable[[], float]
    right: float


INTRODUCTIONS, BLOG, COURSE, GUIDE = (
    "An introduction to distances with NumPy code",
    "A blog on PyTorch's losses",
    "A course on losses with worked examples",
    "A guide to choosing a loss",
)
_FIRST, _SECOND = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])
_INVERSE = np.diag([1.0, 1 / 4, 1 / 9])
_SURE = np.array([1.0, 0.0])

ERRORS: tuple[Found, ...] = (
    Found(
        INTRODUCTIONS, "mahalanobis_distance", "the code is that of the Euclidean distance",
        "the inverse covariance weighs the differences; the two agree for the identity alone",
        "x = (1, 2, 3), y = (2, 3, 4), covariance diag(1, 4, 9)", 3**0.5,
        lambda: losses.mahalanobis_distance(_FIRST, _SECOND, precision=_INVERSE),
        (1 + 1 / 4 + 1 / 9) ** 0.5,
    ),
    Found(
        INTRODUCTIONS, "wasserstein_1d", "the distance is the sum over the optimal pairs",
        "each of n samples weighs 1/n, so it is their mean; in one dimension sorting finds it",
        "x = (1, 2, 3), y = (2, 3, 4)", 3.0,
        lambda: losses.wasserstein_1d(_FIRST, _SECOND), 1.0,
    ),
    Found(
        INTRODUCTIONS, "kl_divergence", "sum(P * log(P / Q))",
        "0 log 0 is 0: an impossible outcome adds nothing; the code gives NaN",
        "target = (1, 0), prob = (1/2, 1/2)", nan,
        lambda: losses.kl_divergence(np.array([0.5, 0.5]), _SURE), log(2),
    ),
    Found(
        INTRODUCTIONS, "js_divergence", "it lies between 0 and 1, 1 for disjoint supports",
        "with the natural logarithm of the same code the largest value is log 2; 1 is in bits",
        "p = (1, 0), q = (0, 1)", 1.0,
        lambda: losses.js_divergence(_SURE, _SURE[::-1].copy()), log(2),
    ),
    Found(
        INTRODUCTIONS, "cosine_distance", "1 - x.y / (|x| |y|) for all vectors",
        "0/0 for a zero vector, which has no direction; the convention here is 1, with slope 0",
        "x = (0, 0), y = (1, 0)", nan,
        lambda: losses.cosine_distance(np.zeros(2), _SURE), 1.0,
    ),
    Found(
        INTRODUCTIONS, "jaccard_distance", "1 - intersection / union for all sets",
        "0/0 for two empty sets; they are equal, so the distance is 0",
        "x = (0, 0), y = (0, 0)", nan,
        lambda: losses.jaccard_distance(np.zeros(2), np.zeros(2)), 0.0,
    ),
    Found(
        INTRODUCTIONS, "categorical_cross_entropy", "-sum(y * log(p)) as it stands",
        "0 log 0 is 0: a class that did not happen and cannot adds nothing; the code gives NaN",
        "prob = (1, 0), target = (1, 0)", nan,
        lambda: losses.categorical_cross_entropy(_SURE, _SURE), 0.0,
    ),
    Found(
        BLOG, "smooth_l1", "x² near 0 and |x| elsewhere",
        "x²/(2 beta) and |x| - beta/2: without them the slope would jump from 2 to 1",
        "prediction = 1/2, target = 0, beta = 1", 0.25,
        lambda: losses.smooth_l1(0.5, 0.0), 0.125,
    ),
    Found(
        BLOG, "smooth_l1", "x² near 0 and |x| elsewhere",
        "far from 0 it is |x| - beta/2",
        "prediction = 3, target = 0, beta = 1", 3.0, lambda: losses.smooth_l1(3.0, 0.0), 2.5,
    ),
    Found(
        COURSE, "squared_error", "(4 + 1 + 0 + 1 + 16) / 5 = 4.4",
        "the residuals of its own example are -2, -3, -4, -5, -6",
        "prediction = 1, 2, 3, 4, 5; target = 3, 5, 7, 9, 11", 4.4,
        lambda: losses.squared_error(np.arange(1.0, 6.0), np.arange(3.0, 12.0, 2.0)), 18.0,
    ),
    Found(
        COURSE, "focal", "-(1 - p)^gamma log p, for every label",
        "that is the case y = 1; for y = 0 it is -p^gamma log(1 - p)",
        "prob = 0.9, target = 0, gamma = 2", -(0.1**2) * log(0.9),
        lambda: losses.focal(0.9, 0.0, gamma=2.0), -(0.9**2) * log(0.1),
    ),
    Found(
        COURSE, "focal", "hard examples get a higher weight than in cross-entropy",
        "easy ones get a lower one: no weight is above 1",
        "prob = 0.1, target = 1, gamma = 2; the weight, loss / cross-entropy", nan,
        lambda: losses.focal(0.1, 1.0, gamma=2.0) / losses.binary_cross_entropy(0.1, 1.0), 0.81,
    ),
    Found(
        GUIDE, "dice", "in essence the intersection over union",
        "Dice is 2 I / (1 + I): the same order, another value and another slope",
        "prob = (1, 1), mask = (1, 0): I = 1/2; one minus either", 0.5,
        lambda: losses.dice(np.ones(2), _SURE, smooth=0.0), 1 / 3,
    ),
    Found(
        GUIDE, "categorical_cross_entropy", "it measures the difference of two distributions",
        "it is entropy plus divergence: for equal distributions it is the entropy and not 0",
        "prob = target = (1/2, 1/2)", 0.0,
        lambda: losses.categorical_cross_entropy(np.full(2, 0.5), np.full(2, 0.5)), log(2),
    ),
    Found(
        "PyTorch 2.13, `binary_cross_entropy`", "binary_cross_entropy",
        "the value stops at 100",
        "minus log p goes on; the slope of the clamped value would be 0, and theirs is 1e12",
        "prob = 1e-50, target = 1, float64", 100.0,
        lambda: losses.binary_cross_entropy(1e-50, 1.0), 50 * log(10),
    ),
    Found(
        "PyTorch 2.13, `binary_cross_entropy_with_logits`", "binary_cross_entropy_with_logits",
        "its second derivative is 0 beyond 20",
        "the second derivative is sigma(x) sigma(-x); softplus was differentiated after a cut",
        "logit = 30, target = 1, float64", 0.0,
        lambda: losses.binary_cross_entropy_with_logits.hessian_diagonal(30.0, 1.0),
        e**-30 / (1 + e**-30) ** 2,
    ),
    Found(
        "optax 0.2.8, `log_cosh`", "log_cosh",
        "its second derivative is half of what it should be",
        "the second derivative is 1 / cosh² r: the tail needs its own form",
        "prediction = 20, target = 0, float32", 8.49670826e-18,
        lambda: losses.log_cosh.hessian_diagonal(np.float32(20), np.float32(0)),
        1.6993417021166355e-17,
    ),
    Found(
        "CatBoost 1.2.10, `LogCosh`", "log_cosh",
        "log(cosh(r)) as it stands, negative near 0",
        "cosh r rounds to 1: log1p(2 sinh²(r/2)) keeps the digits",
        "prediction = 1e-5, target = 0, float64", -1.6525916635146132e-06,
        lambda: losses.log_cosh(1e-5, 0.0), 4.999999999916667e-11,
    ),
    Found(
        "LightGBM 4.7, metric `cross_entropy`", "binary_cross_entropy_with_logits",
        "it stops at 27.63",
        "the probability is cut at 1e-12",
        "logit = -40, target = 1, float64", 27.631021115928547,
        lambda: losses.binary_cross_entropy_with_logits(-40.0, 1.0), 40.0,
    ),
    Found(
        "XGBoost 3.2, metric `mlogloss`", "sparse_softmax_cross_entropy",
        "it stops at 36.84",
        "the probability is cut at 1e-16",
        "logits = (0, 60), label = 0", 36.841362,
        lambda: losses.sparse_softmax_cross_entropy(np.array([0.0, 60.0]), 0), 60.0,
    ),
    Found(
        "Keras 3.15, `BinaryCrossentropy`", "binary_cross_entropy",
        "a probability is clipped to [1e-7, 1 - 1e-7]",
        "the slope beyond the clip is 0: a row that is sure and wrong is not corrected",
        "prob = 1e-20, target = 1, float64; the derivative", 0.0,
        lambda: losses.binary_cross_entropy.gradient(1e-20, 1.0), -1e20,
    ),
)  # fmt: skip

_HEAD = """# Errors found

What well-known articles and libraries say, and what is true. *Theirs* is the number that their
formula or code gives, *lossgen* the one that the kernels gave when this page was built.
[Traps](traps.md) has what libraries lose by rounding.
"""


def page() -> str:
    """Return the page of errors in Markdown."""
    blocks = [_HEAD]
    for who in dict.fromkeys(found.who for found in ERRORS):
        blocks.append(f"## {who}")
        blocks += [_block(found) for found in ERRORS if found.who == who]
    return "\n\n".join(blocks) + "\n"


def _block(found: Found) -> str:
    return (
        f"**[{found.loss}](losses/{found.loss}.md)**: {found.said}. In truth, {found.true}.\n\n"
        f"| at | theirs | lossgen |\n| --- | --- | --- |\n"
        f"| {found.at} | {_number(found.theirs)} | **{_number(float(found.ours()))}** |"
    )


def _number(value: float) -> str:
    return "no number" if np.isnan(value) else f"{value:.9g}"
