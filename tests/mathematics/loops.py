"""Reads the inner loops of compiled code: the vector loop is the one with the most packed work."""

import re
from dataclasses import dataclass

LABEL = re.compile(r"^(\.L\w+):")
JUMP = re.compile(r"^\tj\w+\t(\.L\w+)")
# Arithmetic on whole vectors: the name ends in ps or pd, or is an integer operation on them.
PACKED_SINGLE = re.compile(r"^\tv?(add|sub|mul|div|f\w+|max|min|sqrt)\w*ps\b")
PACKED_DOUBLE = re.compile(r"^\tv?(add|sub|mul|div|f\w+|max|min|sqrt)\w*pd\b")
SCALAR = re.compile(r"^\tv?(add|sub|mul|div|fn?m|max|min|sqrt)\w*s[sd]\b")
PACKED_INTEGER = re.compile(r"^\tv?p(max|cmpgt|xor|and|sra)\w*\b.*[xyz]mm")
CALL = re.compile(r"^\tcall")


@dataclass(frozen=True)
class Loop:
    """How many instructions of each kind a loop holds."""

    single: int
    double: int
    integer: int
    scalar: int
    calls: int


def loops(assembly):
    """The innermost loops: from a label to a jump back to it, with no other label's loop inside."""
    lines = assembly.splitlines()
    labels = {}
    found = []
    for i, line in enumerate(lines):
        if label := LABEL.match(line):
            labels[label.group(1)] = i
        elif (jump := JUMP.match(line)) and jump.group(1) in labels:
            found.append(lines[labels[jump.group(1)] : i + 1])
    return [count(body) for body in found]


def count(body):
    """The kinds of instruction in a piece of assembly."""
    kinds = (PACKED_SINGLE, PACKED_DOUBLE, PACKED_INTEGER, SCALAR, CALL)
    return Loop(*(sum(bool(kind.match(line)) for line in body) for kind in kinds))


def vector_loop(dispatcher):
    """The loop of a compiled function's only signature that does the most vector work."""
    (signature,) = dispatcher.signatures
    found = loops(dispatcher.inspect_asm(signature))
    return max(found, key=lambda loop: loop.single + loop.double + loop.integer)
