"""One trap asked of the shipped kernels, by the methods that a user calls."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.checks.bounds import error
from lossgen.checks.jets import magnitude
from lossgen.losses import find
from lossgen.runtime import Loss
from lossgen.runtime.errors import LossError

from .table import BOUND, DIGITS, Trap


@dataclass(frozen=True)
class Outcome:
    """What a kernel gave at a trap, and its distance from the exact value in ulps of that value.

    Where there is no such loss yet, both are NaN and `missing` names it.
    """

    trap: Trap
    found: float
    ulps: float
    missing: str = ""

    @property
    def right(self) -> bool:
        """Whether the kernel gives the exact value, whatever bound the trap has."""
        return self.ulps <= BOUND

    @property
    def ok(self) -> bool:
        """Whether the kernel is within the bound of the trap."""
        return self.ulps <= self.trap.bound


def ask(trap: Trap, loss: Loss | None = None) -> Outcome:
    """Evaluate the loss of a trap, or another one in its place."""
    why = missing(trap) if loss is None else ""
    if why:
        return Outcome(trap, math.nan, math.nan, why)
    found = evaluated(trap, find(trap.loss) if loss is None else loss)
    return Outcome(trap, found, ulps(found, trap))


def missing(trap: Trap) -> str:
    """Return what there would have to be to ask a trap: the loss, or a parameter of it."""
    try:
        loss = find(trap.loss)
    except LossError:
        return trap.loss
    interface = loss.interface
    known = {*interface["arguments"], *interface["shared"], "reduction"}
    unknown = [name for name in trap.arguments if name not in known]
    return f"{trap.loss}({', '.join(unknown)})" if unknown else ""


def evaluated(trap: Trap, loss: Loss) -> float:
    """Return the number that the public method for this output gives."""
    kind, _, name = trap.output.partition("_")
    found = METHODS[kind](loss, name, keywords(trap, loss))
    reduced = "reduction" in trap.arguments
    place = trap.element if reduced or kind == "value" else (0, *trap.element)
    return float(np.asarray(found)[place] if place else np.ravel(found)[0])


def keywords(trap: Trap, loss: Loss) -> dict[str, Any]:
    """Return the arguments as the arrays of a batch of one row, in the dtype of the trap.

    Where the trap says how to reduce, its lists are the rows of the batch.
    """
    named: dict[str, Any] = {"reduction": "none", **trap.arguments}
    reduced = "reduction" in trap.arguments
    for name, argument in loss.interface["arguments"].items():
        if name in named:
            dtype = np.int64 if argument["domain"] in INTEGERS else trap.dtype
            array = np.array(named[name], dtype)
            named[name] = array if reduced else array[None]
    return named


INTEGERS = ("Label", "Integer")

METHODS: dict[str, Callable[[Loss, str, dict[str, Any]], Any]] = {
    "value": lambda loss, _, named: loss(**named),
    "d": lambda loss, name, named: loss.gradient(**named, wrt=name),
    "h": lambda loss, _, named: loss.hessian_diagonal(**named),
}


def ulps(found: float, trap: Trap) -> float:
    """Return the error in ulps of the exact value itself: terms that cancel are no excuse here."""
    with mp.workdps(DIGITS):
        exact = mp.mpf(trap.exact)
        return error(found, (exact, magnitude(exact)), np.dtype(trap.dtype))
