"""The shipped losses, made when they are asked for: `from lossgen.losses import huber`.

Each is built from the interface literal of its generated file, read as text: neither SymPy nor
Numba is imported. `dir(lossgen.losses)` lists them.
"""

from __future__ import annotations

import ast as _ast
from difflib import get_close_matches as _close
from typing import Any as _Any

from .runtime import errors as _errors
from .runtime import sources as _sources
from .runtime.loss import Loss as _Loss


def __getattr__(name: str) -> _Any:
    if name == "__all__":
        return _sources.generated_names()
    if name.startswith("_") or name not in _sources.generated_names():
        raise AttributeError(f"lossgen.losses has no loss {name!r}; dir(lossgen.losses) lists all")
    loss = _Loss(_literal(name), _sources.ShippedKernels(name))
    globals()[name] = loss
    return loss


def __dir__() -> list[str]:
    return _sources.generated_names()


def find(name: str) -> _Loss:
    """Return the shipped loss of that name or alias: `find("mse")`, `find("HuberLoss")`.

    Case, dashes, spaces and underscores do not count, nor does a module before the name.

    Raises:
        LossError: when there is none; it suggests the closest names.
    """
    names = _names()
    found = names.get(_plain(name)) or names.get(_plain(name.rpartition(".")[2]))
    if found is None:
        close = [names[near] for near in _close(_plain(name), names, n=3, cutoff=0.5)]
        hint = f"did you mean {' or '.join(dict.fromkeys(close))}?" if close else ""
        raise _errors.ArgumentError(
            f"no loss is called {name!r}; {hint or 'dir(lossgen.losses) lists all.'}"
        )
    return globals().get(found) or __getattr__(found)


def _names() -> dict[str, str]:
    """Return the loss of each alias and each name; a name comes before another loss's alias."""
    own = _sources.generated_names()
    names = {_plain(alias): name for name in own for alias in _literal(name)["aliases"]}
    names.update({_plain(name): name for name in own})
    return names


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _literal(name: str) -> dict[str, _Any]:
    """Return the interface literal of a generated file; only the literal is parsed."""
    text = _sources.generated_text("cpu", name)
    start = text.find("\nINTERFACE = {")
    end = text.find("\n}\n", start)
    if start < 0 or end < 0:
        raise _errors.LossError(
            f"lossgen.generated.cpu.{name} has no INTERFACE; run lossgen build."
        )
    return _ast.literal_eval(text[start + len("\nINTERFACE = ") : end + 2])
