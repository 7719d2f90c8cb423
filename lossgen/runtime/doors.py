"""Doors to the higher floors: the runtime knocks, `lossgen/__init__.py` says who opens.

The runtime imports nothing of the rest of lossgen. What needs SymPy (`formula`, `+`, `rename`, ...)
goes through a door: a function that the roof installs under a name, and that imports its room only
when it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import DependencyError

_doors: dict[str, Callable[..., Any]] = {}


def install(name: str, door: Callable[..., Any]) -> None:
    """Let `through(name)` call `door`; a later door takes the place of an earlier one."""
    _doors[name] = door


def through(name: str, *arguments: Any, **named: Any) -> Any:
    """Call the door of that name and return what it returns.

    Raises:
        DependencyError: when only the runtime is there, and nobody installed the door.
    """
    try:
        door = _doors[name]
    except KeyError:
        raise DependencyError(
            f"{name} needs the formula of the loss, and only lossgen.runtime is loaded; "
            "import lossgen first."
        ) from None
    return door(*arguments, **named)
