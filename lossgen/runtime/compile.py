"""From the text of a kernel module to machine code, once per function, dtype and absent outputs."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from . import cache
from .errors import ArgumentError
from .sources import KernelSource

FORMS: Final = (
    "value", "gradient", "value_and_gradient", "derivatives", "hessian_vector_product",
)  # fmt: skip
"""The batch functions that a kernel module may have."""

Entry = Callable[..., Any]
Key = tuple[str, str, tuple[bool, ...]]


# Numba compiles under one lock of its own anyway; an inner load must not deadlock.
_lock = threading.RLock()


class Kernels:
    """The compiled functions of one kernel module.

    An entry point skips Numba's look at the type of each argument (0.5 us a call): the runtime
    has checked them all, and hands over nothing but contiguous arrays of the dtype.
    """

    def __init__(self, source: KernelSource) -> None:
        self.source = source
        self._module: ModuleType | None = None
        self._entries: dict[Key, Entry] = {}

    def entry(self, key: Key, parts: Sequence[object], inputs: int) -> Entry:
        """Return the function for `key`: its name, the dtype, and which operands are None.

        `parts` are operands such as it will get, the first `inputs` of them only read.
        """
        found = self._entries.get(key)
        if found is not None:
            return found
        with _lock:
            if key not in self._entries:
                self._entries[key] = self._compiled(key, parts, inputs)
            return self._entries[key]

    def _compiled(self, key: Key, parts: Sequence[object], inputs: int) -> Entry:
        if self._module is None:
            self._module = load(self.source)
        function = getattr(self._module, key[0], None)
        if function is None:
            raise ArgumentError(f"{self.source.name}: there is no kernel {key[0]}.")
        if not hasattr(function, "compile"):
            # NUMBA_DISABLE_JIT: the kernels run as plain Python, for debugging and coverage.
            return function
        return function.compile(_signature(key[1], parts, inputs))


_shared: dict[KernelSource, Kernels] = {}


def kernels_of(source: KernelSource) -> Kernels:
    """Return the kernels of `source`; equal sources share one."""
    found = _shared.get(source)
    return found if found is not None else _shared.setdefault(source, Kernels(source))


def load(source: KernelSource, target: str = "cpu") -> ModuleType:
    """Import the kernel module of `source`, from the cache if there is one.

    The module and its sibling `_math` make a package of their own, named by the hash of everything
    that decides their machine code.
    """
    texts = {
        "__init__": '"""Compiled kernels of a loss."""\n',
        "_math": source.mathematics(target),
        source.name: source.text(target),
    }
    package = f"lossgen_kernels_{cache.digest(texts)}"
    with _lock:
        known = sys.modules.get(f"{package}.{source.name}")
        return known if known is not None else _import(package, texts)


def _import(package: str, texts: dict[str, str]) -> ModuleType:
    """Import the modules of a package in order, and return the last."""
    folder = cache.store(package, texts)
    names = [package if module == "__init__" else f"{package}.{module}" for module in texts]
    try:
        for full, (module, text) in zip(names, texts.items(), strict=True):
            if folder is None:
                _from_memory(full, text)
            else:
                _from_file(full, folder, module)
    except BaseException:
        for full in names:
            sys.modules.pop(full, None)
        raise
    loaded = sys.modules[names[-1]]
    if folder is not None:
        _enable_caching(loaded)
    return loaded


def _from_file(full: str, folder: Path, module: str) -> None:
    places = [str(folder)] if module == "__init__" else None
    spec = spec_from_file_location(full, folder / f"{module}.py", submodule_search_locations=places)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    sys.modules[full] = loaded
    spec.loader.exec_module(loaded)


def _from_memory(full: str, text: str) -> None:
    loaded = ModuleType(full)
    loaded.__package__ = full.partition(".")[0]
    if "." not in full:
        loaded.__path__ = []
    sys.modules[full] = loaded
    exec(compile(text, f"<{full}>", "exec"), loaded.__dict__)


def _enable_caching(module: ModuleType) -> None:
    for form in FORMS:
        dispatcher: Any = getattr(module, form, None)
        if hasattr(dispatcher, "enable_caching"):
            try:
                dispatcher.enable_caching()
            except RuntimeError:
                # "No locator available": the folder can be read only. Compile without a cache.
                return


def _signature(char: str, parts: Sequence[object], inputs: int) -> tuple[Any, ...]:
    """Return the Numba types of `parts`: read-only arrays for inputs, which takes both kinds."""
    from numba import from_dtype, types

    def numba_type(part: object, readonly: bool) -> Any:
        if part is None:
            return types.none
        if isinstance(part, np.ndarray):
            return types.Array(from_dtype(part.dtype), part.ndim, "C", readonly=readonly)
        return types.int64 if isinstance(part, int) else from_dtype(np.dtype(char))

    return tuple(numba_type(part, index < inputs) for index, part in enumerate(parts))


def _unlock() -> None:
    """Make a new lock in a forked child: another thread may have held the old one."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)
