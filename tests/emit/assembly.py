"""The machine code of batch functions: their loops, calls, and where they use float64."""

import importlib
import re
import sys
from dataclasses import dataclass

import numba
import numpy as np
from mathematics.loops import CALL, JUMP, LABEL, PACKED_SINGLE

import lossgen.losses as shipped

DOUBLE = re.compile(r"^\tv?(add|sub|mul|div|f\w+|max|min|sqrt)\w*[sp]d\b")
DOUBLE_SUM = re.compile(r"^\tv?(add|sub)[sp]d\b")
NARROWED = re.compile(r"^\tv?cvtpd2ps\w*\b")
# A function outside the module is called by its address, which is put into a register first.
ADDRESS = re.compile(r"\tmovabsq\t\$([A-Za-z]\w*)")
OF_NUMBA = re.compile(r"_?(NRT_|_ZN?|Py|numba_|\.const|printf|mem(cpy|move|set))")


@dataclass(frozen=True)
class Loop:
    """How many instructions of each kind a loop holds."""

    packed: int
    double: int
    calls: int


def loops(assembly):
    """Every piece of code from a label to a jump back to it."""
    lines = assembly.splitlines()
    labels, found = {}, []
    for i, line in enumerate(lines):
        if label := LABEL.match(line):
            labels[label.group(1)] = i
        elif (jump := JUMP.match(line)) and jump.group(1) in labels:
            body = lines[labels[jump.group(1)] : i + 1]
            kinds = (PACKED_SINGLE, DOUBLE, CALL)
            found.append(Loop(*(sum(bool(kind.match(x)) for x in body) for kind in kinds)))
    return found


def packed_work(assembly):
    """Vector instructions of the loop that has most of those that are float32 and call nothing."""
    found = loops(assembly)
    return max((loop.packed for loop in found if loop.double == loop.calls == 0), default=0)


def more_than_sums(assembly):
    """What a float32 kernel may not do in float64: anything but add, and narrowing of vectors.

    Sums over blocks are float64, and become one float32 each: a scalar is narrowed, never a vector.
    A subtraction asks whether a sum is finite.
    """
    return [
        line.strip()
        for line in assembly.splitlines()
        if (DOUBLE.match(line) and not DOUBLE_SUM.match(line)) or NARROWED.match(line)
    ]


def outside(assembly):
    """The functions outside the module that are called, those of Numba and of memory left out."""
    names = {found.group(1) for line in assembly.splitlines() if (found := ADDRESS.match(line))}
    return sorted(name for name in names if not OF_NUMBA.match(name))


def compiled(module, form, parts):
    """The assembly of a batch function for such operands, with all that it calls in the module."""
    function = getattr(module, form)
    function.compile(tuple(map(numba_type, parts)))
    (signature,) = function.signatures
    return function.inspect_asm(signature)


def numba_type(part):
    """The type that the runtime compiles for: contiguous arrays, scalars, None."""
    if part is None:
        return numba.types.none
    if isinstance(part, np.ndarray):
        return numba.types.Array(numba.from_dtype(part.dtype), part.ndim, "C")
    return numba.from_dtype(np.asarray(part).dtype)


def kernels(name, folder, pattern="", instead=""):
    """The kernel module of a shipped loss from a copy, edited once where a pattern stands."""
    loss = getattr(shipped, name)
    text = loss.source("cpu")
    if pattern:
        text, edits = re.subn(pattern, instead, text)
        assert edits, f"{name}: the generated file has no {pattern}; choose another mutation"
    package = f"kernels_in_{folder.name}"
    (folder / package).mkdir()
    texts = {"__init__": "", "_math": loss._source.mathematics("cpu"), name: text}
    for module, body in texts.items():
        (folder / package / f"{module}.py").write_text(body, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(f"{package}.{name}")
    finally:
        sys.path.remove(str(folder))
