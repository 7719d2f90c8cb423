"""What binds a certificate to a kernel: a hash of its text, and of the mathematics that it uses.

Of the shared math file only the functions that a kernel reaches count, so that a new function there
leaves the certificates of all other losses as they are. Comments and docstrings decide no bits and
are left out.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

DIGITS = 16


@dataclass(frozen=True)
class Hashes:
    """Hashes of the code of a kernel module, and of what it uses of the math module."""

    kernel: str
    mathematics: str


def hashes(kernel: str, mathematics: str) -> Hashes:
    """Return the hashes of a kernel module and of the functions of the math module it imports."""
    module = ast.parse(kernel)
    return Hashes(digest(code(module)), closure(mathematics, imported(module)))


def digest(text: str) -> str:
    """Return the first hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:DIGITS]


def code(module: ast.Module) -> str:
    """Return what decides the bits of a kernel: functions, and arguments with their defaults."""
    return "\n".join(
        given(node.value)
        if isinstance(node, ast.Assign) and "INTERFACE" in defined(node)
        else bare(node)
        for node in module.body
    )


def given(interface: ast.expr) -> str:
    """Return the arguments of an interface literal, and which of them is differentiated."""
    literal = ast.literal_eval(interface)
    return repr([literal.get(key) for key in ("arguments", "shared", "gradients", "second")])


def bare(node: ast.stmt) -> str:
    """Return the code of a statement of a module; nothing of a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return ""
    if isinstance(node, ast.FunctionDef):
        body = [part for part in node.body if bare(part)] or [ast.Pass()]
        fields = {**dict(ast.iter_fields(node)), "body": body}
        node = ast.FunctionDef(**fields)
    return ast.unparse(ast.fix_missing_locations(node))


def imported(module: ast.Module) -> set[str]:
    """Return the names that a kernel module takes from the math module."""
    return {
        alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module == "_math"
        for alias in node.names
    }


def closure(mathematics: str, names: Iterable[str]) -> str:
    """Return the hash of the statements of the math module that some names reach.

    A function that is registered for another, as `@overload(f)` is for f, belongs to it.
    """
    nodes = ast.parse(mathematics).body
    reached = set(names)
    kept: set[int] = set()
    while True:
        new = [
            place
            for place, node in enumerate(nodes)
            if place not in kept and (defined(node) | registered(node)) & reached
        ]
        if not new:
            return digest("\n".join(bare(nodes[place]) for place in sorted(kept)))
        kept.update(new)
        for place in new:
            reached |= {part.id for part in ast.walk(nodes[place]) if isinstance(part, ast.Name)}


def defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    match node:
        case ast.FunctionDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {part.id for target in targets for part in ast.walk(target)
                    if isinstance(part, ast.Name)}  # fmt: skip
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name.partition(".")[0] for alias in names}
    return set()


def registered(node: ast.stmt) -> set[str]:
    """Return the names for which the decorators of a function register it."""
    if not isinstance(node, ast.FunctionDef):
        return set()
    return {
        argument.id
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for argument in decorator.args
        if isinstance(argument, ast.Name)
    }
