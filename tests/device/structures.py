"""One loss for each structure that a kernel can have, and inputs for it."""

import numpy as np

# Extents of the axes of a ragged row: no multiple of the lanes.
EXTENTS = {"k": 6, "n": 5, "d": 3, "c": 4, "a": 4, "b": 4, "i": 5}
STRUCTURES = {
    "huber": {},
    "dice": {"k": 11},
    "sparse_softmax_cross_entropy": {"k": 11},
    "info_nce": {"n": 5, "d": 3},
    "center_loss": {"c": 3, "d": 9},
    "wasserstein_assignment": {"n": 5, "d": 2},
    "mahalanobis_distance": {"a": 9, "b": 9},
    "chebyshev_distance": {"k": 9},
}


def inputs(interface, rows, extents, dtype, seed=0):
    """Arguments by name, such as a caller gives them."""
    draw = np.random.default_rng(seed)
    found = {}
    for name, literal in interface["arguments"].items():
        if name not in interface["prepared"]:
            shape = (rows, *(extents[axis] for axis in literal["axes"]))
            found[name] = sample(draw, literal, shape, extents, dtype)
    for name, literal in interface["shared"].items():
        if literal["axes"]:
            shape = tuple(extents[axis] for axis in literal["axes"])
            found[name] = sample(draw, literal, shape, extents, dtype)
    if "precision" in found:
        square = found["precision"]
        found["precision"] = square @ square.T + np.eye(len(square), dtype=dtype)
    return found


def sample(draw, literal, shape, extents, dtype):
    """An array of the domain of an argument; with ties among real ones, and absolute ones too."""
    if literal["domain"] == "Label":
        return draw.integers(0, extents[literal["values"]], shape)
    if literal["domain"] in ("Unit", "OpenUnit"):
        return draw.uniform(0.05, 0.95, shape).astype(dtype)
    if literal["domain"] == "Sign":
        return draw.choice([-1.0, 1.0], shape).astype(dtype)
    if literal["domain"] == "Integer":
        return draw.integers(0, 3, shape)
    if literal["domain"] in ("Positive", "NonNegative"):
        return draw.uniform(0.5, 2.0, shape).astype(dtype)
    return np.round(draw.normal(size=shape), 1).astype(dtype)
