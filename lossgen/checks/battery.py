"""The battery: every check of one loss, as a list of independent functions."""

from __future__ import annotations

import time

from lossgen.runtime import Loss

from .accuracy import accuracy, extremes
from .context import Check, Context
from .differences import differences
from .report import Report, Row

# Each check sees the loss and what the checks share, and returns rows. A higher floor (the formulas
# of the page, CPU = CUDA) adds its own by `also=`.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("reference", accuracy),
    ("extremes", extremes),
    ("differences", differences),
)


def check(
    loss: Loss,
    everything: bool = False,
    seed: int = 0,
    also: tuple[tuple[str, Check], ...] = (),
) -> Report:
    """Compare the kernels of a loss with the exact mathematics of its entry.

    `everything` checks all forms of all kernels, not only the fused ones and a rotating tenth;
    `seed` draws other samples and another tenth; `also` adds checks, each a name and a function.
    """
    start = time.perf_counter()
    context = Context(loss, everything, seed)
    rows: list[Row] = []
    for name, function in (*CHECKS, *also):
        rows += guarded(name, function, loss, context)
    return Report(loss.name, tuple(rows), time.perf_counter() - start)


def guarded(name: str, function: Check, loss: Loss, context: Context) -> list[Row]:
    """Run one check; a kernel that cannot be compiled or run is a failing row, not a traceback."""
    try:
        return function(loss, context)
    except Exception as error:
        said = str(error).strip().splitlines()
        note = f"{type(error).__name__}: {said[0] if said else ''}"
        return [Row(name, "-", "-", 0, float("inf"), "", 0.0, False, note=note)]
