"""A bound function, asked at rows of a loss: one row at a time, or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from lossgen.language.entry import Entry
from lossgen.verdict.points import Row

from .binding import Binding
from .errors import ForeignError
from .frameworks import Framework, Jax, Numpy

WHAT = ("value", "gradient", "hessian")


@dataclass(frozen=True)
class Asked:
    """A function of a framework, which stands for a loss; `gradient` is one beside it, if any.

    `arrays` says that it wants parameters as arrays too.
    """

    entry: Entry
    binding: Binding
    framework: Framework
    wrt: str
    gradient: Binding | None = None
    arrays: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """What can be asked of it."""
        if self.framework.differentiates and self.gradient is None:
            return WHAT
        return WHAT[:2] if self.gradient is not None else WHAT[:1]

    def numbers(self, what: str, row: Row, dtype: np.dtype[Any]) -> list[float]:
        """Return the value, or the derivatives, of one row.

        Raises:
            ForeignError: when the function raises, or returns another number of numbers.
        """
        return self.batch(what, [row], dtype)

    def batch(self, what: str, rows: Sequence[Row], dtype: np.dtype[Any]) -> list[float]:
        """Return the numbers of several rows of equal extents and parameters in one call."""
        with self.framework.wide(), np.errstate(all="ignore"):
            try:
                result = self._result(what, self._arguments(rows, dtype))
                found = np.ravel(np.asarray(self.framework.read(result), np.float64))
            except Exception as error:  # whatever somebody's function raises
                kind = type(error).__name__
                raise ForeignError(f"the function raised {kind}: {error}") from error
        return [float(number) for number in found]

    def _result(self, what: str, given: Mapping[str, Any]) -> Any:
        match what:
            case "value":
                return self.binding(**given)
            case "gradient" if self.gradient is not None:
                return self.gradient(**given)
            case "gradient":
                return self.framework.gradient(self.binding, given, self.wrt)
            case "hessian":
                return self.framework.hessian_diagonal(self.binding, given, self.wrt)
        raise ValueError(what)

    def _arguments(self, rows: Sequence[Row], dtype: np.dtype[Any]) -> dict[str, Any]:
        given = {}
        for argument in self.entry.arguments:
            if argument.name in self.entry.prepared:
                continue
            kind = np.dtype(np.int64) if argument.domain.integer else dtype
            first = rows[0][argument.name]
            if argument.shared:
                array = np.asarray(first, kind) if np.ndim(first) or self.arrays else float(first)
            else:
                array = np.stack([np.asarray(row[argument.name], kind) for row in rows])
            given[argument.name] = self.framework.give(array)
        return given


def asked(
    entry: Entry,
    binding: Binding,
    frameworks: Sequence[Framework],
    wrt: str,
    gradient: Binding | None,
    rows: Sequence[Row],
) -> Asked:
    """Return the function in the first framework in which it answers at any row.

    Raises:
        ForeignError: with what it raised last, if it answers nowhere.
    """
    last: ForeignError | None = None
    for framework, arrays in product(frameworks, (False, True)):
        found = Asked(entry, binding, framework, wrt, gradient, arrays)
        for row in rows:
            try:
                found.numbers("value", row, np.dtype(np.float64))
            except ForeignError as error:
                last = last or error
                continue
            return _own(found, row)
    said = f"{last}; it gets {binding}" if last else "there is no row to ask it at"
    raise ForeignError(said)


def _own(found: Asked, row: Row) -> Asked:
    """Return a function of NumPy arrays which answers in JAX's as one of JAX."""
    if isinstance(found.framework, Numpy):
        with np.errstate(all="ignore"):
            given = found._arguments([row], np.dtype(np.float64))
            result = found.binding(**given)
        if type(result).__module__.startswith("jax"):
            return replace(found, framework=Jax())
    return found


REDUCTIONS: dict[str, Callable[[Any], Any]] = {
    "none": lambda values: values,
    "mean": lambda values: values.mean(keepdims=True),
    "sum": lambda values: values.sum(keepdims=True),
}


def reduction(function: Asked, rows: Sequence[Row], dtype: np.dtype[Any]) -> str:
    """Return how a function reduces several rows: none, mean or sum; empty if it does neither."""
    try:
        single = np.array([function.numbers("value", row, dtype)[0] for row in rows])
        together = np.array(function.batch("value", rows, dtype))
    except (ForeignError, IndexError):
        return ""
    for name, reduce in REDUCTIONS.items():
        wanted = reduce(single)
        if wanted.shape == together.shape and np.allclose(wanted, together, rtol=1e-6):
            return name
    return ""
