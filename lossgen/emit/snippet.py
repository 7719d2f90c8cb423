"""The few lines on a page that can be pasted and run: inputs of the right domain, and the calls."""

from __future__ import annotations

from lossgen.language.entry import Argument, Entry

_ROWS = 8
_EXTENTS = (5, 4, 3)

_SAMPLES = {
    "Real": "rng.normal(size={size})",
    "Positive": "rng.uniform(0.5, 2.0, size={size})",
    "NonNegative": "rng.uniform(0.0, 2.0, size={size})",
    "Unit": "rng.uniform(size={size})",
    "OpenUnit": "rng.uniform(0.1, 0.9, size={size})",
    "Sign": "rng.choice([-1.0, 1.0], size={size})",
    "Integer": "rng.integers(3, size={size})",
}


def snippet(entry: Entry) -> str:
    """Return code that makes inputs, computes value and gradient, and prints them."""
    extents = extents_of(entry)
    rows = [argument for argument in entry.per_row if argument.name not in entry.prepared]
    required = [argument for argument in entry.shared if argument.default is None]
    lines = ["import numpy as np", f"from lossgen.losses import {entry.name}", ""]
    lines.append("rng = np.random.default_rng(0)")
    lines += [f"{argument.name} = {sample(argument, extents)}" for argument in (*rows, *required)]
    call = ", ".join(
        [argument.name for argument in rows]
        + [f"{argument.name}={argument.name}" for argument in required]
    )
    lines += ["", f"print({entry.name}({call}))", f"print({entry.name}.gradient({call}))"]
    return "\n".join(lines) + "\n"


def extents_of(entry: Entry) -> dict[str, int]:
    """Return an extent for each axis of an entry."""
    axes = [axis for argument in entry.arguments for axis in argument.domain.axes]
    axes += [argument.domain.values for argument in entry.arguments if argument.domain.values]
    return {axis: _EXTENTS[place % 3] for place, axis in enumerate(dict.fromkeys(axes))}


def sample(argument: Argument, extents: dict[str, int]) -> str:
    """Return the expression that makes values for an argument."""
    axes = [extents[axis] for axis in argument.domain.axes]
    if argument.shared and len(argument.domain.axes) == 2 and len(set(argument.domain.axes)) == 1:
        return f"np.eye({axes[0]})"  # a matrix over one axis twice: precisions and the like
    shape = axes if argument.shared else [_ROWS, *axes]
    size = (
        str(shape[0]) if len(shape) == 1 else f"({', '.join(map(str, shape))})" if shape else "None"
    )
    if argument.domain.values is not None:
        return f"rng.integers({extents[argument.domain.values]}, size={size})"
    return _SAMPLES[argument.domain.name].format(size=size)
