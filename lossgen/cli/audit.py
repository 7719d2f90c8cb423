"""The commands for functions that others wrote."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import CommandError
from .files import check_writable, write
from .losses import meant
from .work import progress

CANNOT = 2


def audit(
    function: str, name: str, let: Sequence[str], options: Sequence[str], gradient: str | None,
    wrt: str | None, framework: str | None, json: Path | None,
) -> int:  # fmt: skip
    """Print what was found of a function, and return its code."""
    from lossgen.foreign import audit

    losses = meant(name)
    if len(losses) != 1:
        raise CommandError(f"found {len(losses)} losses in {name}; give a file with one")
    if json is not None:
        check_writable(json)
    found = audit(
        function, losses[0], names=pairs("--let", let), options=values(options),
        gradient=gradient, wrt=wrt, framework=framework,
    )  # fmt: skip
    print(found, file=sys.stderr if found.code == CANNOT else sys.stdout)
    if json is not None:
        write(json, found.to_json() + "\n")
    return found.code


def identify(
    function: str, options: Sequence[str], framework: str | None, json: Path | None
) -> int:
    """Print which loss a function is; the code is 1 if none fits, 2 if it cannot be asked."""
    from lossgen.foreign import identify

    if json is not None:
        check_writable(json)
    with progress("trying") as step:
        found = identify(function, options=values(options), framework=framework, step=step)
    print(found, file=sys.stderr if found.message else sys.stdout)
    if json is not None:
        write(json, found.to_json() + "\n")
    return CANNOT if found.message else int(not found)


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return words NAME=VALUE as a dictionary.

    Raises:
        CommandError: for a word without a name or a value.
    """
    found = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise CommandError(f"found {option} {word}; expected {option} NAME=VALUE")
        found[name.strip()] = value.strip()
    return found


def values(given: Sequence[str]) -> dict[str, Any]:
    """Return words NAME=VALUE with values as Python literals, or as text: it is never run."""
    return {name: _literal(text) for name, text in pairs("--set", given).items()}


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
