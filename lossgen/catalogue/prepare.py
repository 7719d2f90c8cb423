"""Orderings and assignments of one row, computed before the kernel runs; NumPy and SciPy only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Places = NDArray[np.int64]


def sort_both(x: Floats, y: Floats) -> dict[str, Places]:
    """Return the permutations that sort x and y, each of shape (n,); ties keep their order."""
    return {
        "order_x": np.argsort(x, kind="stable").astype(np.int64),
        "order_y": np.argsort(y, kind="stable").astype(np.int64),
    }


def assign(x: Floats, y: Floats) -> dict[str, Places]:
    """Return `match`, shape (n,): the y that each x is paired with at least total distance.

    The points are the rows of x and y, shape (n, d).
    """
    from scipy.optimize import linear_sum_assignment

    wide = np.asarray(x, np.float64)[:, None, :] - np.asarray(y, np.float64)[None, :, :]
    size = np.abs(wide).max(initial=0)
    if 0 < size < np.inf:
        wide /= size  # squares of 1e200 are infinite, and the order of lengths stays
    rows, columns = linear_sum_assignment(np.sqrt(np.einsum("ijd,ijd->ij", wide, wide)))
    match = np.empty(len(x), np.int64)
    match[rows] = columns
    return {"match": match}
