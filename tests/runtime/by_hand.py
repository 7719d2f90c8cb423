"""Losses whose kernels are written by hand in `kernels/`, so that these tests need no generator."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from lossgen.runtime import Loss, TextKernels

FOLDER = Path(__file__).parent / "kernels"


@cache
def by_hand(name: str) -> Loss:
    """Return the loss of `kernels/<name>.py`."""
    text = (FOLDER / f"{name}.py").read_text()
    return loss_of(name, text)


def loss_of(name: str, text: str, mathematics: str | None = None) -> Loss:
    """Return the loss of a kernel text, with the shared mathematics of `kernels/` or another."""
    if mathematics is None:
        mathematics = (FOLDER / "_math.py").read_text()
    return Loss(literal_of(text), TextKernels(name, {"cpu": text}, {"cpu": mathematics}))


def literal_of(text: str) -> dict[str, object]:
    """Return the interface literal of a kernel text."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "INTERFACE":
            return ast.literal_eval(node.value)
    raise AssertionError("no INTERFACE")
