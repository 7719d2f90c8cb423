"""Hand-written kernels of the dice loss: one axis, every output."""

from numba import njit

from ._math import times

INTERFACE = {
    "name": "dice",
    "summary": "One minus the soft Dice overlap of a predicted and a true mask.",
    "formula": "1 - (2*overlap + smooth)/(size + smooth)",
    "arguments": {
        "prob": {"domain": "Unit", "axes": ("k",)},
        "mask": {"domain": "Unit", "axes": ("k",)},
    },
    "shared": {"smooth": {"domain": "NonNegative", "axes": (), "default": 1e-05}},
    "prepared": (),
    "prepare": None,
    "wrt": ("prob",),
    "gradients": ("prob", "mask"),
    "second": "prob",
    "hessian_diagonal": True,
    "refused": "",
    "block": 16,
    "symmetric": True,
    "aliases": (),
    "source": "",
}


@njit(error_model="numpy")
def _sums(prob, mask):
    overlap = prob.dtype.type(0)
    size = prob.dtype.type(0)
    for k in range(prob.shape[0]):
        overlap += prob[k] * mask[k]
        size += prob[k] + mask[k]
    return overlap, size


@njit(nogil=True, error_model="numpy")
def value(prob, mask, smooth, weight, totals, value):
    two = prob.dtype.type(2)
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, prob.shape[0])):
            overlap, size = _sums(prob[row], mask[row])
            loss = prob.dtype.type(1) - (two * overlap + smooth) / (size + smooth)
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else prob.dtype.type(0)
            total += loss
            if value is not None:
                value[row] = loss
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def derivatives(prob, mask, smooth, weight, scale, totals, value, d_prob, h_prob):
    two = prob.dtype.type(2)
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, prob.shape[0])):
            overlap, size = _sums(prob[row], mask[row])
            top = two * overlap + smooth
            bottom = size + smooth
            loss = prob.dtype.type(1) - top / bottom
            factor = scale
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else prob.dtype.type(0)
                factor = weight[row] * scale
            total += loss
            if value is not None:
                value[row] = loss
            for k in range(prob.shape[1]):
                slope = (top / bottom - two * mask[row, k]) / bottom
                if d_prob is not None:
                    d_prob[row, k] = times(factor, slope)
                h_prob[row, k] = times(factor, -two * slope / bottom)
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def value_and_gradient(prob, mask, smooth, weight, scale, totals, value, d_prob, d_mask):
    two = prob.dtype.type(2)
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, prob.shape[0])):
            overlap, size = _sums(prob[row], mask[row])
            top = two * overlap + smooth
            bottom = size + smooth
            loss = prob.dtype.type(1) - top / bottom
            factor = scale
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else prob.dtype.type(0)
                factor = weight[row] * scale
            total += loss
            if value is not None:
                value[row] = loss
            for k in range(prob.shape[1]):
                if d_prob is not None:
                    d_prob[row, k] = times(factor, (top / bottom - two * mask[row, k]) / bottom)
                if d_mask is not None:
                    d_mask[row, k] = times(factor, (top / bottom - two * prob[row, k]) / bottom)
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def gradient(prob, mask, smooth, weight, scale, d_prob, d_mask):
    two = prob.dtype.type(2)
    for row in range(prob.shape[0]):
        overlap, size = _sums(prob[row], mask[row])
        top = two * overlap + smooth
        bottom = size + smooth
        factor = scale
        if weight is not None:
            factor = weight[row] * scale
        for k in range(prob.shape[1]):
            if d_prob is not None:
                d_prob[row, k] = times(factor, (top / bottom - two * mask[row, k]) / bottom)
            if d_mask is not None:
                d_mask[row, k] = times(factor, (top / bottom - two * prob[row, k]) / bottom)


@njit(nogil=True, error_model="numpy")
def hessian_vector_product(prob, mask, smooth, weight, scale, vector, hv_prob):
    two = prob.dtype.type(2)
    for row in range(prob.shape[0]):
        overlap, size = _sums(prob[row], mask[row])
        top = two * overlap + smooth
        bottom = size + smooth
        factor = scale
        if weight is not None:
            factor = weight[row] * scale
        along = prob.dtype.type(0)
        total = prob.dtype.type(0)
        for k in range(prob.shape[1]):
            along += two * mask[row, k] * vector[row, k]
            total += vector[row, k]
        for k in range(prob.shape[1]):
            moved = (along - two * top / bottom * total + two * mask[row, k] * total) / bottom
            hv_prob[row, k] = factor * moved / bottom
