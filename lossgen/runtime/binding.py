"""From a call's positional and named values to one value per argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from .errors import ArgumentTypeError
from .interface import OPTIONS, REQUIRED, Interface


def collect(
    face: Interface,
    positional: Sequence[object],
    named: Mapping[str, object],
    bound: Mapping[str, object],
) -> tuple[list[object], list[object]]:
    """Return the values of the public per-row arguments and of the shared ones, in their order.

    Raises:
        ArgumentTypeError: for an unknown, missing or doubly given argument.
    """
    count = len(positional)
    if count > len(face.public):
        raise ArgumentTypeError(_too_many(face, count))
    rows = list(positional)
    used = 0
    for argument in face.public[count:]:
        if argument.name not in named:
            raise ArgumentTypeError(_missing(face, argument.name))
        rows.append(named[argument.name])
        used += 1
    shared: list[object] = []
    for argument in face.shared:
        if argument.name in named:
            value = named[argument.name]
            used += 1
        else:
            value = bound.get(argument.name, argument.default)
        if value is REQUIRED:
            raise ArgumentTypeError(_missing(face, argument.name))
        shared.append(value)
    if used != len(named):
        raise ArgumentTypeError(_unexpected(face, count, named))
    return rows, shared


def check_parameters(face: Interface, named: Iterable[str]) -> None:
    """Refuse names that are no shared argument of the loss."""
    known = [argument.name for argument in face.shared]
    for name in named:
        if name not in known:
            raise ArgumentTypeError(
                f"{face.name}: {name} is no parameter{_suggest(name, known)}; {_listed(known)}."
            )


def _missing(face: Interface, name: str) -> str:
    call = ", ".join(argument.name for argument in face.public)
    required = [a.name for a in face.shared if a.default is REQUIRED]
    call += "".join(f", {parameter}=..." for parameter in required)
    return f"{face.name}: {name} is missing; call {face.name}({call})."


def _too_many(face: Interface, count: int) -> str:
    names = [argument.name for argument in face.public]
    parameters = [argument.name for argument in face.shared]
    hint = f"; parameters go by name, such as {parameters[0]}=..." if parameters else ""
    return (
        f"{face.name}: {count} positional arguments were given, it takes {len(names)} "
        f"({', '.join(names)}){hint}."
    )


def _unexpected(face: Interface, count: int, named: Mapping[str, object]) -> str:
    positional = [argument.name for argument in face.public[:count]]
    known = [argument.name for argument in (*face.public, *face.shared)]
    for name in named:
        if name in positional:
            return f"{face.name}: {name} was given twice, by position and by name."
        if name == "wrt":
            return f"{face.name}: wrt= belongs to gradient and value_and_gradient only."
        if name not in known:
            match = _suggest(name, [*known, *OPTIONS])
            return f"{face.name}: {name} is no argument{match}; {_listed(known)}."
    raise AssertionError(named)


def _suggest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _listed(known: Sequence[str]) -> str:
    return f"it has {', '.join(known)}" if known else "it has none"
