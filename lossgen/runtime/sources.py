"""Where the text of kernels comes from: the shipped files, or a string for a user's loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Protocol

from .errors import ArgumentError, DependencyError


class KernelSource(Protocol):
    """The generated text of one loss for each target ("cpu", "cuda", ...)."""

    @property
    def name(self) -> str:
        """The name of the loss, and of its module."""
        ...

    def text(self, target: str) -> str:
        """Return the text of the kernel module."""
        ...

    def mathematics(self, target: str) -> str:
        """Return the text of the module `_math` beside it."""
        ...


@dataclass(frozen=True)
class ShippedKernels:
    """The kernels of a shipped loss, read from `lossgen.generated` without importing them."""

    name: str

    def text(self, target: str) -> str:
        return generated_text(target, self.name)

    def mathematics(self, target: str) -> str:
        return generated_text(target, "_math")


@dataclass(frozen=True)
class TextKernels:
    """Kernels from memory: `texts` and `shared` (the math modules) by target."""

    name: str
    texts: Mapping[str, str] = field(hash=False)
    shared: Mapping[str, str] = field(hash=False)

    def text(self, target: str) -> str:
        return _of_target(self.name, self.texts, target)

    def mathematics(self, target: str) -> str:
        return _of_target(self.name, self.shared, target)


class LateKernels:
    """Kernels generated when they are first needed; pickled as the text that was generated."""

    def __init__(self, name: str, generate: Callable[[], TextKernels]) -> None:
        self.name = name
        self._generate = generate

    @cached_property
    def generated(self) -> TextKernels:
        """The kernels as text."""
        return self._generate()

    def text(self, target: str) -> str:
        return self.generated.text(target)

    def mathematics(self, target: str) -> str:
        return self.generated.mathematics(target)

    def __reduce__(self) -> tuple[object, ...]:
        texts = self.generated
        return TextKernels, (texts.name, dict(texts.texts), dict(texts.shared))


def generated_text(target: str, module: str) -> str:
    """Return the text of a module of `lossgen.generated`.

    Raises:
        DependencyError: when there is no such file.
    """
    try:
        return (files("lossgen.generated") / target / f"{module}.py").read_text(encoding="utf-8")
    except OSError as error:
        raise DependencyError(
            f"lossgen.generated has no {target}/{module}.py; run lossgen build --target {target}."
        ) from error


def generated_names(target: str = "cpu") -> list[str]:
    """Return the names of the losses that `lossgen.generated` has kernels of, sorted."""
    folder = files("lossgen.generated") / target
    if not folder.is_dir():
        return []
    names = (entry.name for entry in folder.iterdir())
    return sorted(name[:-3] for name in names if name.endswith(".py") and not name.startswith("_"))


def _of_target(name: str, texts: Mapping[str, str], target: str) -> str:
    try:
        return texts[target]
    except KeyError:
        raise ArgumentError(
            f"{name}: there is no source for {target!r}; there is {', '.join(texts) or 'none'}."
        ) from None
