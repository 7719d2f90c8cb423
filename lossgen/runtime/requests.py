"""What a method asks of the kernels: which batch function, and which of its outputs."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .errors import ArgumentError, ArgumentTypeError
from .interface import Interface


class Request(NamedTuple):
    """Which batch function, and which of its results.

    `slots` are the arguments of its derivative outputs in kernel order, `targets` the slots wanted,
    in the order of the results; `value`: whether the losses themselves are.
    """

    form: str
    slots: tuple[str, ...] = ()
    targets: tuple[int, ...] = ()
    value: bool = True


def gradients(face: Interface, form: str, wrt: object) -> tuple[Request, bool]:
    """Return the request for gradients, and whether one array (not a tuple) is the answer.

    Raises:
        ArgumentError, ArgumentTypeError: when `wrt` is no name, or no tuple of names, of
            arguments with a gradient.
    """
    known = face.gradients
    names = face.wrt if wrt is None else wrt
    single = isinstance(names, str) or (wrt is None and len(face.wrt) == 1)
    wanted = (names,) if isinstance(names, str) else names
    if not isinstance(wanted, (tuple, list)) or not wanted or len(set(wanted)) != len(wanted):
        raise ArgumentTypeError(
            f"{face.name}: wrt is {wrt!r}; it must be a name or a tuple of different names."
        )
    for name in wanted:
        if name not in known:
            raise ArgumentError(
                f"{face.name}: there is no gradient with respect to {name!r}; "
                f"there is one for {', '.join(known) or 'nothing'}."
            )
    targets = tuple(known.index(name) for name in wanted)
    return Request(form, known, targets, form != "gradient"), single


@lru_cache(maxsize=1024)
def curved(face: Interface, targets: tuple[int, ...], *, value: bool = True) -> Request:
    """Return the request for value, gradient (target 0) and Hessian diagonal (target 1).

    Raises:
        ArgumentError: with the reason, for a loss without a Hessian diagonal.
    """
    name = _second(face)
    if not face.hessian_diagonal:
        raise ArgumentError(
            f"{face.name}: there is no Hessian diagonal; use hessian_vector_product."
            f"{_because(face)}"
        )
    return Request("derivatives", (name, name), targets, value)


def product(face: Interface) -> Request:
    """Return the request for a Hessian-vector product."""
    return Request("hessian_vector_product", (_second(face),), (0,), value=False)


def _second(face: Interface) -> str:
    if face.second is None:
        raise ArgumentError(f"{face.name}: there are no second derivatives.{_because(face)}")
    return face.second


def _because(face: Interface) -> str:
    return f" Reason: {face.refused}" if face.refused else ""
