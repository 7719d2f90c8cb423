"""Frameworks: how numbers are given to a function, read back, and differentiated.

A framework is imported only where a function needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from .errors import ForeignError

Call = Callable[..., Any]


def _module(name: str) -> Any:
    return import_module(name)


class Framework(Protocol):
    """What is asked of a framework; arrays are NumPy's on this side."""

    name: str
    differentiates: bool

    def wide(self) -> AbstractContextManager[Any]:
        """Let float64 be float64."""
        ...

    def give(self, array: Any) -> Any:
        """Return an array as the framework's own."""

    def read(self, result: Any) -> Any:
        """Return a result as NumPy's."""

    def gradient(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        """Return the derivative of the sum of the result."""

    def hessian_diagonal(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        """Return the second derivatives of the sum of the result, each element's in itself."""


class Numpy:
    """Functions of NumPy arrays, which have no derivative of their own."""

    name, differentiates = "NumPy", False

    def wide(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def give(self, array: Any) -> Any:
        return array

    def read(self, result: Any) -> Any:
        return np.asarray(result)

    def gradient(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        raise ForeignError("a function of NumPy has no derivative of its own")

    hessian_diagonal = gradient


class Torch:
    """Functions of PyTorch tensors, differentiated by its autograd."""

    name, differentiates = "PyTorch", True

    def wide(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def give(self, array: Any) -> Any:
        torch = _module("torch")
        return torch.from_numpy(np.array(array)) if isinstance(array, np.ndarray) else array

    def read(self, result: Any) -> Any:
        return result.detach().numpy() if hasattr(result, "detach") else np.asarray(result)

    def _first(self, call: Call, given: Mapping[str, Any], wrt: str, again: bool) -> Any:
        torch = _module("torch")
        x = given[wrt].detach().clone().requires_grad_(True)
        total = call(**{**given, wrt: x}).sum()
        (found,) = torch.autograd.grad(
            total, x, create_graph=again, allow_unused=True, materialize_grads=True
        )
        return x, found

    def gradient(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        return self._first(call, given, wrt, False)[1]

    def hessian_diagonal(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        torch = _module("torch")
        x, first = self._first(call, given, wrt, True)
        found = torch.zeros_like(x)
        for place in np.ndindex(tuple(x.shape)):
            if not first.requires_grad:
                break  # a straight line
            (row,) = torch.autograd.grad(
                first[place], x, retain_graph=True, allow_unused=True, materialize_grads=True
            )
            found[place] = row[place]
        return found


class Jax:
    """Functions of JAX arrays, differentiated by its `grad`."""

    name, differentiates = "JAX", True

    def wide(self) -> AbstractContextManager[Any]:
        jax = _module("jax")
        if hasattr(jax, "enable_x64"):
            return jax.enable_x64(True)
        return _module("jax.experimental").enable_x64()

    def give(self, array: Any) -> Any:
        jnp = _module("jax.numpy")
        return jnp.asarray(array) if isinstance(array, np.ndarray) else array

    def read(self, result: Any) -> Any:
        return np.asarray(result)

    def _total(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        jnp = _module("jax.numpy")
        return lambda x: jnp.sum(call(**{**given, wrt: x}))

    def gradient(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        jax = _module("jax")
        return jax.grad(self._total(call, given, wrt))(given[wrt])

    def hessian_diagonal(self, call: Call, given: Mapping[str, Any], wrt: str) -> Any:
        jax = _module("jax")
        x = given[wrt]
        whole = np.asarray(jax.hessian(self._total(call, given, wrt))(x))
        return np.diagonal(whole.reshape(x.size, x.size)).reshape(x.shape)


FRAMEWORKS: dict[str, type[Framework]] = {"numpy": Numpy, "torch": Torch, "jax": Jax}

# Roots of modules whose functions are of a framework.
_ROOTS = {
    "torch": "torch", "torchvision": "torch", "monai": "torch", "jax": "jax", "optax": "jax",
    "flax": "jax", "numpy": "numpy", "scipy": "numpy", "sklearn": "numpy",
}  # fmt: skip


def candidates(function: Any, named: str | None) -> list[Framework]:
    """Return the frameworks that a function may be of, the likeliest first.

    Raises:
        ForeignError: for a name that none has.
    """
    if named is not None:
        if named not in FRAMEWORKS:
            raise ForeignError(f"found framework {named}; expected one of {', '.join(FRAMEWORKS)}")
        return [FRAMEWORKS[named]()]
    root = str(getattr(function, "__module__", None) or type(function).__module__).split(".")[0]
    if root in _ROOTS:
        return [FRAMEWORKS[_ROOTS[root]]()]
    loaded = [FRAMEWORKS[name]() for name in ("torch", "jax") if name in sys.modules]
    return [*loaded, Numpy()]
