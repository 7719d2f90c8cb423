"""Hand-written CUDA kernels of the Huber loss, one thread a row, for the simulator too."""

from numba import cuda, float32

THREADS = 256


@cuda.jit
def value(prediction, target, delta, weight, totals, value):
    parts = cuda.shared.array(256, float32)
    thread = cuda.threadIdx.x
    i = cuda.blockIdx.x * 256 + thread
    parts[thread] = 0
    if i < prediction.size:
        r = abs(prediction[i] - target[i])
        loss = r * r / 2 if r <= delta else delta * (r - delta / 2)
        if weight is not None:
            loss = weight[i] * loss
        if value is not None:
            value[i] = loss
        parts[thread] = loss
    cuda.syncthreads()
    if thread == 0:
        total = 0.0
        for k in range(256):
            total += parts[k]
        totals[cuda.blockIdx.x] = total


@cuda.jit
def gradient(prediction, target, delta, weight, scale, d_prediction, d_target):
    i = cuda.blockIdx.x * 256 + cuda.threadIdx.x
    if i < prediction.size:
        slope = scale * min(max(prediction[i] - target[i], -delta), delta)
        if weight is not None:
            slope = weight[i] * slope
        if d_prediction is not None:
            d_prediction[i] = slope
        if d_target is not None:
            d_target[i] = -slope
