"""Hand-written kernels of the Huber loss, in the form that the runtime calls."""

from numba import njit

INTERFACE = {
    "name": "huber",
    "summary": "Quadratic for small residuals, linear for large ones.",
    "formula": "r**2/2 if abs(r) <= delta else delta*(abs(r) - delta/2); r = prediction - target",
    "arguments": {
        "prediction": {"domain": "Real", "axes": ()},
        "target": {"domain": "Real", "axes": ()},
    },
    "shared": {"delta": {"domain": "Positive", "axes": (), "default": 1.0}},
    "prepared": (),
    "prepare": None,
    "wrt": ("prediction",),
    "gradients": ("prediction", "target"),
    "second": "prediction",
    "hessian_diagonal": True,
    "refused": "",
    "block": 256,
    "symmetric": True,
    "aliases": ("smooth_absolute",),
    "source": "Huber (1964), Ann. Math. Statist. 35(1):73-101",
}


@njit(nogil=True, error_model="numpy")
def value(prediction, target, delta, weight, totals, value):
    for block in range(totals.shape[0]):
        total = 0.0
        for i in range(block * 256, min(block * 256 + 256, prediction.shape[0])):
            r = abs(prediction[i] - target[i])
            half = prediction.dtype.type(0.5)
            loss = half * r * r if r <= delta else delta * (r - half * delta)
            if weight is not None:
                loss = weight[i] * loss if weight[i] != 0 else prediction.dtype.type(0)
            total += loss
            if value is not None:
                value[i] = loss
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def gradient(prediction, target, delta, weight, scale, d_prediction, d_target):
    for i in range(prediction.shape[0]):
        r = prediction[i] - target[i]
        factor = scale
        if weight is not None:
            factor = weight[i] * scale
        slope = factor * min(max(r, -delta), delta) if factor != 0 else prediction.dtype.type(0)
        if d_prediction is not None:
            d_prediction[i] = slope
        if d_target is not None:
            d_target[i] = -slope


@njit(nogil=True, error_model="numpy")
def value_and_gradient(
    prediction, target, delta, weight, scale, totals, value, d_prediction, d_target
):
    for block in range(totals.shape[0]):
        total = 0.0
        for i in range(block * 256, min(block * 256 + 256, prediction.shape[0])):
            r = prediction[i] - target[i]
            half = prediction.dtype.type(0.5)
            size = abs(r)
            loss = half * size * size if size <= delta else delta * (size - half * delta)
            factor = scale
            if weight is not None:
                loss = weight[i] * loss if weight[i] != 0 else prediction.dtype.type(0)
                factor = weight[i] * scale
            total += loss
            if value is not None:
                value[i] = loss
            slope = factor * min(max(r, -delta), delta) if factor != 0 else prediction.dtype.type(0)
            if d_prediction is not None:
                d_prediction[i] = slope
            if d_target is not None:
                d_target[i] = -slope
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def derivatives(
    prediction, target, delta, weight, scale, totals, value, d_prediction, h_prediction
):
    for block in range(totals.shape[0]):
        total = 0.0
        for i in range(block * 256, min(block * 256 + 256, prediction.shape[0])):
            r = prediction[i] - target[i]
            half = prediction.dtype.type(0.5)
            size = abs(r)
            inside = size <= delta
            loss = half * size * size if inside else delta * (size - half * delta)
            factor = scale
            if weight is not None:
                loss = weight[i] * loss if weight[i] != 0 else prediction.dtype.type(0)
                factor = weight[i] * scale
            total += loss
            if value is not None:
                value[i] = loss
            zero = prediction.dtype.type(0)
            if d_prediction is not None:
                d_prediction[i] = factor * min(max(r, -delta), delta) if factor != 0 else zero
            h_prediction[i] = factor if inside else zero
        totals[block] = total


@njit(nogil=True, error_model="numpy")
def hessian_vector_product(prediction, target, delta, weight, scale, vector, hv_prediction):
    for i in range(prediction.shape[0]):
        factor = scale
        if weight is not None:
            factor = weight[i] * scale
        inside = abs(prediction[i] - target[i]) <= delta
        hv_prediction[i] = factor * vector[i] if inside else prediction.dtype.type(0)
