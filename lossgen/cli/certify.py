"""`lossgen certify`: proofs over all floats, and whether those that are there still bind."""

import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from lossgen.runtime import Loss
from lossgen.runtime.sources import ShippedKernels, generated_text

from .errors import CommandError
from .files import check_writable, write
from .losses import is_file, named, shipped
from .work import progress

BINDS, STALE = "binds", "is stale: the code has changed since"


def certify(words: Sequence[str], sample: int | None, out: Path | None, threads: int | None) -> int:
    """Certify losses one after another: print a table of each, and write its certificate."""
    from lossgen.certify import certify, subjects
    from lossgen.certify.certificate import plain_table

    losses = named(words) if words else [x for x in shipped().values() if subjects(x.entry)]
    folder = out or beside_kernels()
    kept = sample is None and (out is not None or not any(is_file(word) for word in words))
    if kept:
        folder.mkdir(exist_ok=True)
        check_writable(folder / "new.json")
    wrong = 0
    for loss in losses:
        with progress("certifying") as step:
            certificate = certify(loss, sample, threads, step)
        verdict = "within the bounds" if certificate.holds else "FAIL"
        print("\n".join([f"{loss.name}: {verdict}", *plain_table(certificate.runs)]), flush=True)
        wrong += not certificate.holds
        if kept:
            write(folder / f"{loss.name}.json", certificate.to_json())
    if kept:
        print("certificates written; lossgen build shows them on the pages", file=sys.stderr)
    if sample is not None:
        print("a sample proves nothing: no certificate was written", file=sys.stderr)
    return int(wrong > 0)


def certify_functions(
    words: Sequence[str], sample: int | None, out: Path | None, threads: int | None
) -> int:
    """Prove functions of the shared math file one after another, and write their table."""
    from lossgen.certify import document, functions
    from lossgen.certify.certificate import shown

    found = functions.names(words)
    path = (out or beside_kernels()) / document.FILE
    if sample is None:
        path.parent.mkdir(exist_ok=True)
        check_writable(path)
    wrong = 0
    for name in found:
        with progress("proving") as step:
            # A sample of float32 takes as many of the costlier points of float64 as CI does.
            points = functions.FEW if sample else functions.POINTS
            proof = functions.prove(name, sample, points, threads, step)
        single, double = proof.single, proof.double
        print(
            f"{name:20} float32 {shown(single.worst_ulps):>5} ulp at {single.at_decimal} "
            f"({single.inputs:,}), float64 {shown(double.worst_ulps):>5} ulp at "
            f"{double.at_decimal} ({double.inputs:,})" + ("" if proof.holds else "  FAIL"),
            flush=True,
        )
        wrong += not proof.holds
        if sample is None:
            # After each function: an interrupted run keeps what it has proven.
            write(path, document.write(document.replaced(document.read(path), [proof])))
    return int(wrong > 0)


def beside_kernels() -> Path:
    """Return the folder of the shipped certificates.

    Raises:
        CommandError: when the kernels are not files in a folder.
    """
    folder = files("lossgen.generated")
    if not isinstance(folder, Path):
        raise CommandError(
            "found lossgen in an archive; expected a folder to write certificates into: give --out"
        )
    return folder / "certificates"


def check() -> int:
    """Say of each certificate whether it binds; the code is 1 if one is stale or of no loss."""
    from lossgen.certify import subjects

    losses = shipped()
    verdicts = {**certificates(losses), **functions()}
    for name, said in verdicts.items():
        print(f"{name}  {said}")
    missing = [n for n, loss in losses.items() if n not in verdicts and subjects(loss.entry)]
    if missing:
        print(f"without a certificate: {', '.join(missing)}")
    return int(any(said != BINDS for said in verdicts.values()))


def certificates(losses: Mapping[str, Loss]) -> dict[str, str]:
    """Return of each certificate whether it binds to the kernel that is shipped now."""
    from lossgen.certify import binds, read_all

    said = {}
    for name, certificate in read_all(beside_kernels()).items():
        if name not in losses:
            said[name] = "is of no shipped loss"
            continue
        source = ShippedKernels(name)
        bound = binds(certificate, source.text("cpu"), source.mathematics("cpu"))
        said[name] = BINDS if bound else STALE
    return said


def functions() -> dict[str, str]:
    """Return of each function of the shared math file that was proven whether it is the same."""
    from lossgen.certify import document

    proofs = document.read(beside_kernels() / document.FILE)
    changed = document.stale(proofs, generated_text("cpu", "_math"))
    return {
        f"{proof.function} (mathematics)": STALE if proof.function in changed else BINDS
        for proof in proofs
    }
