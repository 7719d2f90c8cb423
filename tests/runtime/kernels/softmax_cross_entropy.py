"""Hand-written kernels of the softmax cross-entropy with a label; only its value and gradient."""

import math

from numba import njit

from ._math import exponential, times

INTERFACE = {
    "name": "softmax_cross_entropy",
    "summary": "Negative log-likelihood of the true class under a softmax.",
    "formula": "log(sum_k(exp(logits[k]))) - logits[label]",
    "arguments": {
        "logits": {"domain": "Real", "axes": ("k",)},
        "label": {"domain": "Label", "axes": (), "values": "k"},
    },
    "shared": {},
    "prepared": (),
    "prepare": None,
    "wrt": ("logits",),
    "gradients": ("logits",),
    "second": "logits",
    "hessian_diagonal": False,
    "refused": "nobody wrote it by hand",
    "block": 16,
    "symmetric": False,
    "aliases": (),
    "source": "",
}


@njit(error_model="numpy")
def _normaliser(logits):
    high = logits[0]
    for k in range(logits.shape[0]):
        high = max(high, logits[k])
    total = logits.dtype.type(0)
    for k in range(logits.shape[0]):
        total += exponential(logits[k] - high)
    return high + math.log(total)


@njit(nogil=True, error_model="numpy")
def value(logits, label, weight, totals, value):
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, logits.shape[0])):
            loss = _normaliser(logits[row]) - logits[row, label[row]]
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else logits.dtype.type(0)
            total += loss
            if value is not None:
                value[row] = loss
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def value_and_gradient(logits, label, weight, scale, totals, value, d_logits):
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, logits.shape[0])):
            normaliser = _normaliser(logits[row])
            loss = normaliser - logits[row, label[row]]
            factor = scale
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else logits.dtype.type(0)
                factor = weight[row] * scale
            total += loss
            if value is not None:
                value[row] = loss
            for k in range(logits.shape[1]):
                d_logits[row, k] = times(factor, exponential(logits[row, k] - normaliser))
            d_logits[row, label[row]] -= factor
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def gradient(logits, label, weight, scale, d_logits):
    for row in range(logits.shape[0]):
        normaliser = _normaliser(logits[row])
        factor = scale
        if weight is not None:
            factor = weight[row] * scale
        for k in range(logits.shape[1]):
            d_logits[row, k] = times(factor, exponential(logits[row, k] - normaliser))
        d_logits[row, label[row]] -= factor
