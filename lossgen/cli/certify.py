"""`lossgen certify`: proofs over all floats, and whether those that are there still bind."""

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from .errors import CommandError
from .files import check_writable, write
from .losses import is_file, named, shipped
from .work import progress


def certify(
    words: Sequence[str], sample: int | None, out: Path | None, threads: int | None
) -> int:
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
    from lossgen.certify import binds_to_shipped, subjects
    from lossgen.certify import shipped as certificate_of
    from lossgen.certify import shipped_names

    losses = shipped()
    stale = 0
    for name in shipped_names():
        certificate = certificate_of(name)
        bound = name in losses and certificate is not None and binds_to_shipped(certificate)
        said = "binds" if bound else "stale: the kernel has changed since"
        print(f"{name}  {said if name in losses else 'of no shipped loss'}")
        stale += not bound
    known = set(shipped_names())
    missing = [n for n, loss in losses.items() if n not in known and subjects(loss.entry)]
    if missing:
        print(f"without a certificate: {', '.join(missing)}")
    return int(stale > 0)
