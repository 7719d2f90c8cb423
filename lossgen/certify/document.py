"""The proofs of the shared functions as a file, and the page of the documentation made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from .binding import closure
from .certificate import CertificateError, shown
from .functions import Proof, Width

FILE = "_mathematics.json"
PAGE = "vector-mathematics.md"

HEAD = """\
# The vector mathematics

Every kernel takes its functions from one shared file of its target, `_math.py` beside the kernels
([CPU](../generated/cpu/_math.py)): branch-free, in the width of the argument, inlined into the
loops. These are the largest errors of the CPU functions, in ulps of the exact result (in smallest
subnormals below the normal numbers).

**float32: every number of the domain.** Each function was run at every float32 there is in its
domain and compared with its float64 version, NaN and infinities included: by enumeration, not by
sample. *Nearest* is the share of results within half an ulp.

**float64: stratified points**, all magnitudes, the middle, and the numbers around cut-offs, against
exact values of 240 bits. So the reference of the float32 column is good to about 2⁻²⁸ ulp of
float32 as far as these points show.

`lossgen certify --math` makes this table, minutes for each function; the bounds are those of the
tests."""


def write(proofs: Iterable[Proof]) -> str:
    """Return the text of the file."""
    ordered = sorted(proofs, key=lambda proof: proof.function)
    return json.dumps([asdict(proof) for proof in ordered], indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> list[Proof]:
    """Return the proofs of a file, none where there is no file.

    Raises:
        CertificateError: when the file cannot be read.
    """
    if not path.is_file():
        return []
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            Proof(**{**row, "single": Width(**row["single"]), "double": Width(**row["double"])})
            for row in rows
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise CertificateError(
            f"found {path.name} that cannot be read ({error}); remove it, and make it anew: "
            "lossgen certify --math"
        ) from error


def replaced(old: Iterable[Proof], new: Iterable[Proof]) -> list[Proof]:
    """Return the old proofs with the new ones in the place of those of the same functions."""
    return list(({p.function: p for p in old} | {p.function: p for p in new}).values())


def stale(proofs: Iterable[Proof], mathematics: str) -> list[str]:
    """Return the functions whose code in a math file is not what was proven."""
    return [p.function for p in proofs if p.code != closure(mathematics, [p.function])]


def page(proofs: list[Proof], mathematics: str) -> str:
    """Return the page of the documentation; functions that have changed since are said to have."""
    changed = set(stale(proofs, mathematics))
    lines = [
        "| function | domain | float32: numbers | worst, ulp | at | nearest | float64: points "
        "| worst, ulp | at | bound |",
        "| --- |" + " --- |" * 9,
        *(_row(proof, proof.function in changed) for proof in proofs),
    ]
    return "\n".join([HEAD, "", *lines, ""])


def _row(proof: Proof, changed: bool) -> str:
    single, double = proof.single, proof.double
    name = f"`{proof.function}`" + (" (stale: its code has changed since)" if changed else "")
    cells = [
        name, proof.domain, f"{single.inputs:,}", shown(single.worst_ulps), single.at_decimal,
        f"{100 * proof.within_half_ulp:.2f} %", f"{double.inputs:,}", shown(double.worst_ulps),
        double.at_decimal, f"{proof.bound:g}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
