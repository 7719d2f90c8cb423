"""Seeded arguments for any loss, drawn by the declared domain and axes alone.

The values are tame (magnitudes of about 2**-6 to 2**6), since the laws are about the machinery; the
edges of the domains are the business of the checks. Nothing here looks at the formula.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Rows by the number of axes: more than two blocks of 256, 16 or 1 rows, the last one ragged.
ROWS = {0: 600, 1: 37, 2: 5}
EXTENTS = (9, 6, 5, 4)


def sample(
    interface: dict[str, Any], seed: int, dtype: type
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return per-row arrays of shape (rows, *axes) and shared arguments, by name."""
    rng = np.random.default_rng(seed)
    given = {
        name: argument
        for name, argument in interface["arguments"].items()
        if name not in interface["prepared"]
    }
    extents = extents_of(interface)
    rows = ROWS[min(2, max(len(argument["axes"]) for argument in given.values()))]
    arguments = {
        name: draw(rng, argument, (rows,), extents, dtype) for name, argument in given.items()
    }
    shared = {
        name: shared_value(rng, argument, extents, dtype)
        for name, argument in interface["shared"].items()
    }
    return arguments, shared


def extents_of(interface: dict[str, Any]) -> dict[str, int]:
    """Return a length for every axis; the axes that labels point into have one too."""
    axes: dict[str, None] = {}
    for argument in (*interface["arguments"].values(), *interface["shared"].values()):
        axes.update(dict.fromkeys(argument["axes"]))
        if argument.get("values"):
            axes[argument["values"]] = None
    return {axis: EXTENTS[at % len(EXTENTS)] for at, axis in enumerate(axes)}


def draw(
    rng: np.random.Generator,
    argument: dict[str, Any],
    leading: tuple[int, ...],
    extents: dict[str, int],
    dtype: type,
) -> np.ndarray:
    """Return an array of the domain of `argument`, of shape (*leading, *axes)."""
    shape = (*leading, *(extents[axis] for axis in argument["axes"]))
    match argument["domain"]:
        case "Label":
            return rng.integers(0, extents[argument["values"]], shape)
        case "Integer":
            return rng.integers(0, 3, shape)
        case "Real":
            return (2 * rng.normal(size=shape)).astype(dtype)
        case "Positive":
            return np.exp(rng.normal(size=shape)).astype(dtype)
        case "NonNegative":
            return np.where(rng.random(shape) < 0.1, 0, np.exp(rng.normal(size=shape))).astype(
                dtype
            )
        case "Unit":
            return rng.uniform(0.02, 0.98, shape).astype(dtype)
        case "OpenUnit":
            return rng.uniform(0.05, 0.95, shape).astype(dtype)
        case "Sign":
            return rng.choice([-1.0, 1.0], shape).astype(dtype)
        case unknown:
            raise AssertionError(f"no sampler for the domain {unknown}")


def shared_value(
    rng: np.random.Generator, argument: dict[str, Any], extents: dict[str, int], dtype: type
) -> Any:
    """Return a shared argument: its default, or a draw; square arrays are positive definite.

    A number is one that float32 holds, so that both dtypes see the same.
    """
    if not argument["axes"] and "default" in argument:
        return float(np.float32(argument["default"]))
    value = draw(rng, argument, (), extents, dtype)
    if value.ndim == 0:
        return float(np.float32(value)) if value.dtype.kind == "f" else int(value)
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        return (np.eye(len(value)) + value @ value.T / len(value)).astype(dtype)
    return value
