"""Wrong kernels: a loss whose outputs, arguments or generated text somebody has spoilt."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np

import lossgen.losses as shipped
from lossgen.checks.context import Context
from lossgen.runtime import Loss, TextKernels

FLOAT64 = np.dtype(np.float64)

# One loss of each structure, and the output that is spoilt.
STRUCTURES = {
    "huber": "d_prediction",
    "hinge": "value",
    "sparse_softmax_cross_entropy": "d_logits",
    "dice": "d_mask",
    "info_nce": "d_key",
    "center_loss": "d_centers",
    "mahalanobis_distance": "d_x",
    "wasserstein_assignment": "d_y",
}


@cache
def context(name, dtype=FLOAT64):
    """One run of the checks, whose exact answers all mutants of a loss share."""
    return Context(getattr(shipped, name), dtypes=(dtype,))


class Wrong:
    """A loss one of whose outputs is changed, whichever method returns it."""

    def __init__(self, loss: Loss, output: str, change: Callable):
        self.loss, self.output, self.change = loss, output, change

    def __getattr__(self, name):
        return getattr(self.loss, name)

    def __call__(self, **named):
        return self.spoilt("value", self.loss(**named))

    def gradient(self, *, wrt, **named):
        found = self.loss.gradient(wrt=wrt, **named)
        names = (wrt,) if isinstance(wrt, str) else wrt
        changed = tuple(
            self.spoilt(f"d_{n}", a) for n, a in zip(names, as_tuple(found), strict=True)
        )
        return changed[0] if isinstance(wrt, str) else changed

    def derivatives(self, **named):
        value, first, second = self.loss.derivatives(**named)
        name = self.loss.interface["second"]
        return (
            self.spoilt("value", value),
            self.spoilt(f"d_{name}", first),
            self.spoilt(f"h_{name}", second),
        )

    def spoilt(self, output, array):
        return self.change(array) if output == self.output else array


def as_tuple(found):
    return found if isinstance(found, tuple) else (found,)


def eight_bits_lost(array):
    """Round away the last eight bits, as a kernel that works in a narrower format does."""
    spacing = np.spacing(np.abs(array)) * 2.0**8
    return (np.round(array / spacing) * spacing).astype(array.dtype)


CHANGES = {
    "sign flipped": lambda array: -array,
    "twice too large": lambda array: 2 * array,
    "eight bits lost": eight_bits_lost,
    "index shifted": lambda array: np.roll(array, 1, axis=-1),
    "nothing there": np.zeros_like,
}


class Swapped:
    """A loss whose kernels take its first two arguments for each other."""

    def __init__(self, loss):
        self.loss = loss

    def __getattr__(self, name):
        return getattr(self.loss, name)

    def swapped(self, named):
        first, second = list(self.loss.interface["arguments"])[:2]
        return {**named, first: named[second], second: named[first]}

    def gradient(self, **named):
        return self.loss.gradient(**self.swapped(named))

    def derivatives(self, **named):
        return self.loss.derivatives(**self.swapped(named))


SOFTMAX = "sparse_softmax_cross_entropy"

# Loss, what is wrong, a pattern in its generated file, what stands there instead.
TEXTS = [
    ("huber", "branch widened", r"\br <= delta", "r <= real(1.0625) * delta"),
    ("huber", "branch narrowed", r"\br <= delta", "r <= real(0.9375) * delta"),
    ("huber", "sign flipped", r"delta \* sign\(", "-delta * sign("),
    (SOFTMAX, "term dropped", r"d_logits\[label\] = .*", "pass"),
    (SOFTMAX, "index shifted", r"d_logits\[label\] =", "d_logits[label - 1] ="),
    ("dice", "term dropped", r" \+ d_size\)", ")"),
    ("dice", "factor dropped", r"d_overlap = -real\(2\) /", "d_overlap = -real(1) /"),
]


def edited(name: str, pattern: str, instead: str) -> Loss:
    """The loss with its generated file edited wherever the pattern stands."""
    loss = getattr(shipped, name)
    text, edits = re.subn(pattern, instead, loss.source("cpu"))
    assert edits, f"{name}: the generated file has no {pattern} any more; choose another mutation"
    mathematics = {"cpu": loss._source.mathematics("cpu")}
    kernels = TextKernels(name, {"cpu": text}, mathematics)
    return Loss(loss.interface, kernels, entry=loss.entry)
