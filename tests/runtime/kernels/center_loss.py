"""Hand-written kernels of the center loss: a shared array with a gradient, and a gather."""

from numba import njit

from ._math import times

INTERFACE = {
    "name": "center_loss",
    "summary": "Half the squared distance of each feature vector to the center of its class.",
    "formula": "sum_d((features[d] - centers[label, d])**2)/2",
    "arguments": {
        "features": {"domain": "Real", "axes": ("d",)},
        "label": {"domain": "Label", "axes": (), "values": "c"},
    },
    "shared": {"centers": {"domain": "Real", "axes": ("c", "d")}},
    "prepared": (),
    "prepare": None,
    "wrt": ("features",),
    "gradients": ("features", "centers"),
    "second": "features",
    "hessian_diagonal": False,
    "refused": "",
    "block": 16,
    "symmetric": False,
    "aliases": (),
    "source": "Wen et al. (2016)",
}


@njit(nogil=True, error_model="numpy")
def value(features, label, centers, weight, totals, value):
    half = features.dtype.type(0.5)
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, features.shape[0])):
            loss = features.dtype.type(0)
            for d in range(features.shape[1]):
                r = features[row, d] - centers[label[row], d]
                loss += half * r * r
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else features.dtype.type(0)
            total += loss
            if value is not None:
                value[row] = loss
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def gradient(features, label, centers, weight, scale, d_features, d_centers):
    for row in range(features.shape[0]):
        factor = scale
        if weight is not None:
            factor = weight[row] * scale
        for d in range(features.shape[1]):
            slope = times(factor, features[row, d] - centers[label[row], d])
            if d_features is not None:
                d_features[row, d] = slope
            if d_centers is not None:
                d_centers[label[row], d] -= slope


@njit(nogil=True, error_model="numpy")
def value_and_gradient(
    features, label, centers, weight, scale, totals, value, d_features, d_centers
):
    half = features.dtype.type(0.5)
    for block in range(totals.shape[0]):
        total = 0.0
        for row in range(block * 16, min(block * 16 + 16, features.shape[0])):
            loss = features.dtype.type(0)
            factor = scale
            if weight is not None:
                factor = weight[row] * scale
            for d in range(features.shape[1]):
                r = features[row, d] - centers[label[row], d]
                loss += half * r * r
                if d_features is not None:
                    d_features[row, d] = times(factor, r)
                if d_centers is not None:
                    d_centers[label[row], d] -= times(factor, r)
            if weight is not None:
                loss = weight[row] * loss if weight[row] != 0 else features.dtype.type(0)
            total += loss
            if value is not None:
                value[row] = loss
        totals[block] = total
