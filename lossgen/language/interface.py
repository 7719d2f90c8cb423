"""The interface of an entry as a plain literal, which generated files carry."""

from __future__ import annotations

from typing import Any

from .entry import Argument, Definition, Entry, base
from .normal import program
from .program import Reduction
from .trace import undistributed

# Rows per block of sums: a block of an elementwise loss is one block of numbers; a row with axes is
# long itself, and few of them must still make several blocks to share among threads.
_BLOCK_BY_AXES = {0: 256, 1: 16}


def interface(entry: Entry) -> dict[str, Any]:
    """Return the interface literal: arguments, domains, defaults, and what the kernels compute."""
    return {
        "name": entry.name,
        "summary": entry.summary,
        "formula": formula(entry),
        "arguments": {argument.name: _argument(argument) for argument in entry.per_row},
        "shared": {argument.name: _argument(argument) for argument in entry.shared},
        "prepared": entry.prepared,
        "prepare": _reference(entry.prepare),
        "wrt": entry.wrt,
        "gradients": entry.gradients,
        "second": second(entry),
        "hessian_diagonal": True,
        "refused": "",
        "block": block(entry),
        "symmetric": symmetric(entry),
        "aliases": entry.aliases,
        "source": entry.source,
    }


def second(entry: Entry) -> str | None:
    """Return the argument of the second derivatives: the first per-row one of wrt."""
    per_row = {argument.name for argument in entry.per_row}
    return next((name for name in entry.wrt if name in per_row), None)


def block(entry: Entry) -> int:
    """Return how many rows one block of the batch sums has."""
    axes = max(len(argument.domain.axes) for argument in entry.per_row)
    return _BLOCK_BY_AXES.get(axes, 1)


def formula(entry: Entry) -> str:
    """Return the formula as plain text: the value, then each named quantity."""
    lines = [str(entry.value)]
    for definition in entry.definitions:
        lines.append(f"{definition.symbol} = {definition.expression}")
    return "; ".join([lines[0], *lines[1:]])


def symmetric(entry: Entry) -> bool:
    """Whether the value provably stays when the first two per-row arguments are swapped.

    Decided on the formula alone: False where SymPy does not see it at once.
    """
    rows = [argument for argument in entry.per_row if argument.name not in entry.prepared]
    if len(rows) < 2 or rows[0].domain != rows[1].domain or entry.prepared:
        return False
    left, right = rows[0].symbol, rows[1].symbol
    with undistributed():
        swap = {left: right, right: left}
        for statement in program(entry).statements:
            body = statement.expression if isinstance(statement, Definition) else statement.body
            swapped = body.xreplace(swap)
            if (
                isinstance(statement, Definition)
                and swapped == -body
                and not isinstance(statement, Reduction)
            ):
                swap[base(statement.symbol)] = -statement.symbol if not statement.indices else None
                if swap[base(statement.symbol)] is None:
                    return False
            elif swapped != body:
                return False
    return True


def _argument(argument: Argument) -> dict[str, Any]:
    described: dict[str, Any] = {"domain": argument.domain.name, "axes": argument.domain.axes}
    if argument.domain.values is not None:
        described["values"] = argument.domain.values
    if argument.default is not None:
        described["default"] = argument.default
    return described


def _reference(prepare: Any) -> str | None:
    return None if prepare is None else f"{prepare.__module__}:{prepare.__qualname__}"
