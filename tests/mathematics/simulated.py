"""Run by the tests in a process of its own, where Numba simulates the device: prints results."""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from mathematics.loaded import loaded
from numba import cuda

device = loaded("cuda", Path(tempfile.mkdtemp()))


def functions(requests):
    """Each function at its points, called as a kernel of the simulator calls it."""
    found = {}
    for name, width, columns in requests:
        arrays = [np.array(column, width) for column in columns]
        results = [getattr(device, name)(*row) for row in zip(*arrays, strict=True)]
        assert {np.asarray(result).dtype for result in results} == {np.dtype(width)}, name
        found[f"{name} {width}"] = [float(result) for result in results]
    return found


def groups(requests):
    """Each reduction over the lanes of a block, two groups to a block, used twice in a row."""
    return [reduce(name, width, values) for name, width, values in requests]


def reduce(name, width, values):
    function = getattr(device, name)
    lanes = len(values) // 2

    @cuda.jit
    def kernel(x, out):
        shared = cuda.shared.array(64, x.dtype)
        group = cuda.threadIdx.x // lanes
        lane = cuda.threadIdx.x % lanes
        own = shared[group * lanes : (group + 1) * lanes]
        once = function(x[cuda.threadIdx.x], lane, lanes, own)
        out[0, cuda.threadIdx.x] = once
        out[1, cuda.threadIdx.x] = function(x[cuda.threadIdx.x], lane, lanes, own)

    x = np.array(values, width)
    out = np.zeros((2, x.size), width)
    kernel[1, x.size](x, out)
    return out.astype(float).tolist()


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(
        json.dumps({"functions": functions(asked["functions"]), "groups": groups(asked["groups"])})
    )
