"""The entries of the shipped losses, by name. Importing them imports SymPy."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from . import FAMILIES


@cache
def losses() -> dict[str, Loss]:
    """Return every loss that a family module defines, in the order of families and lines."""
    found: dict[str, Loss] = {}
    for family in FAMILIES:
        module = import_module(f".{family}", __package__)
        for name, value in vars(module).items():
            if isinstance(value, Loss):
                found[name] = value
    return found


def entries() -> dict[str, Entry]:
    """Return the entry of every shipped loss."""
    return {name: loss.entry for name, loss in losses().items()}


def entry(loss: Loss) -> Entry:
    """Return the entry of a shipped loss."""
    return losses()[loss.name].entry


def source(name: str) -> str:
    """Return the lines of a family module that write down the loss `name`, decorators included."""
    for family in FAMILIES:
        text = (Path(__file__).parent / f"{family}.py").read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                first = min(decorator.lineno for decorator in node.decorator_list)
                return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise KeyError(name)


def formula(loss: Any) -> Any:
    """Return the SymPy expression of the value, as the author wrote it."""
    return loss.entry.value
