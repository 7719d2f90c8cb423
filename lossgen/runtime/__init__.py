"""The runtime: a generated kernel module and its interface literal become a `Loss`.

It stands alone (NumPy with the first loss, Numba with the first kernel) and never imports SymPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import ArgumentError, ArgumentTypeError, DependencyError, LossError
    from .loss import Loss
    from .sources import KernelSource, LateKernels, ShippedKernels, TextKernels

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "DependencyError",
    "KernelSource",
    "LateKernels",
    "Loss",
    "LossError",
    "ShippedKernels",
    "TextKernels",
]

_HOMES = {
    "Loss": ".loss",
    "KernelSource": ".sources",
    "LateKernels": ".sources",
    "ShippedKernels": ".sources",
    "TextKernels": ".sources",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES.get(name, ".errors"), __name__), name)
    globals()[name] = found
    return found
