"""Certificates: what was found over every float32, bound to the text of the kernel it was found of.

A certificate lies in generated/certificates/<loss>.json. It holds no date and no path, so that the
same kernel on the same kind of processor gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .binding import Hashes, hashes

FOLDER = "certificates"


class CertificateError(ValueError):
    """A certificate cannot be made or read."""


@dataclass(frozen=True)
class Output:
    """The worst of one output: error in ulps of the result, where, and what was found there.

    `terms_ulps` is the largest error in ulps of the largest term where terms cancel, equal to
    `worst_ulps` where they do not; `exact` are 17 digits of the exact reference; `other_bits` names
    the forms whose bits differ from those of the fused one; they are counted in.
    """

    output: str
    worst_ulps: float | str
    terms_ulps: float | str
    bound: float
    at: str
    at_decimal: str
    found: str
    exact: str
    within_half_ulp: float
    infinite: int
    undefined: int
    nonfinite_agree: bool
    other_bits: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the error is within the bound, and no finite input gives NaN."""
        return float(self.terms_ulps) <= self.bound and self.nonfinite_agree and not self.undefined


@dataclass(frozen=True)
class Reference:
    """What the float64 kernel was verified with: exact results at so many inputs."""

    inputs: int
    worst_ulps: float
    at: str
    bound: float
    unresolved: int

    @property
    def holds(self) -> bool:
        """Whether the float64 kernel may stand for the exact results."""
        return self.inputs > 0 and self.worst_ulps <= self.bound and not self.unresolved


@dataclass(frozen=True)
class Run:
    """A loss as a function of one number, at `inputs` values of it."""

    of: str
    inputs: int
    outputs: tuple[Output, ...]
    reference: Reference

    @property
    def holds(self) -> bool:
        """Whether every output is within its bound, and the reference was verified."""
        return self.reference.holds and all(output.holds for output in self.outputs)


@dataclass(frozen=True)
class Certificate:
    """The runs of a loss, the hashes of what was run, and what it was compiled by and for."""

    loss: str
    hashes: Hashes
    parameters: dict[str, float]
    runs: tuple[Run, ...]
    compiled: str
    sample: int | None = None

    @property
    def holds(self) -> bool:
        """Whether every run holds."""
        return bool(self.runs) and all(run.holds for run in self.runs)

    @property
    def command(self) -> str:
        """What makes this certificate."""
        return f"lossgen certify {self.loss}"

    def to_json(self) -> str:
        """Return the text of the file."""
        shown = {**asdict(self), "command": self.command, "shows": SHOWS}
        del shown["sample"]
        return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


# What a certificate says, and what it does not.
SHOWS = (
    "The float32 kernel was run at every float32 that the number can be (NaN and infinities "
    "included where the domain is all numbers) and compared with the float64 kernel of the same "
    "loss: by enumeration, not by sample. The float64 kernel was compared with exact mathematics "
    "at a stratified sample: both ends and the inside of each eighth of a binade, and the numbers "
    "in the formula with their neighbours. Errors are in ulps of the result (of its largest term "
    "where terms cancel), in smallest subnormals below the normal numbers. Parameters are at "
    "their defaults, rounded to float32."
)


def from_json(text: str) -> Certificate:
    """Return the certificate of a file's text.

    Raises:
        CertificateError: when the text is none.
    """
    try:
        read: dict[str, Any] = json.loads(text)
        runs = tuple(
            Run(
                run["of"],
                run["inputs"],
                tuple(_output(output) for output in run["outputs"]),
                Reference(**run["reference"]),
            )
            for run in read["runs"]
        )
        found = Hashes(**read["hashes"])
        return Certificate(read["loss"], found, read["parameters"], runs, read["compiled"])
    except (ValueError, KeyError, TypeError) as error:
        raise CertificateError(
            f"found a certificate that cannot be read ({error}); make it anew: lossgen certify NAME"
        ) from error


def _output(read: dict[str, Any]) -> Output:
    return Output(**{**read, "other_bits": tuple(read["other_bits"])})


def read_all(folder: Path) -> dict[str, Certificate]:
    """Return the certificates in a folder by the names of their files, sorted; none without one.

    Raises:
        CertificateError: when one of them cannot be read.
    """
    paths = sorted(path for path in folder.glob("*.json") if not path.name.startswith("_"))
    return {path.stem: from_json(path.read_text(encoding="utf-8")) for path in paths}


def binds(certificate: Certificate, kernel: str, mathematics: str) -> bool:
    """Whether a certificate was made of kernels with these texts."""
    return certificate.hashes == hashes(kernel, mathematics)


def section(path: Path, kernel: str, mathematics: str) -> str:
    """Return what a page says of the certificate in a file, nothing where there is none.

    Raises:
        CertificateError: when the file is no certificate.
    """
    if not path.is_file():
        return ""
    certificate = from_json(path.read_text(encoding="utf-8"))
    return sentences(certificate, binds(certificate, kernel, mathematics))


def sentences(certificate: Certificate, bound: bool) -> str:
    """Return what the page of a loss says of its certificate, in Markdown."""
    where = f"[certificate](../../generated/{FOLDER}/{certificate.loss}.json)"
    if not bound:
        return (
            f"The {where} of this loss is stale: the kernel has changed since it was made. "
            f"`{certificate.command}` makes a new one."
        )
    made = f"({where}, made by `{certificate.command}`)"
    if not certificate.holds:
        return (
            f"**Not proven**: at every float32 the kernel was found beyond its bounds {made}."
            f"\n\n{table(certificate.runs)}"
        )
    return (
        "Proven for every float32: the kernel was run at every number it can be given, and its "
        f"largest errors are these, in ulps {made}."
        f"\n\n{table(certificate.runs)}\n\n"
        "They are errors against the float64 kernel, which was within 2⁻²⁰ ulp of exact "
        "mathematics at a stratified sample."
    )


def table(runs: Sequence[Run]) -> str:
    """Return the worst errors as a table in Markdown."""
    lines = [
        "| function of | inputs | output | worst, ulp | at |",
        "| --- | --- | --- | --- | --- |",
    ]
    for run in runs:
        for output in run.outputs:
            worst = shown(output.worst_ulps)
            if output.terms_ulps != output.worst_ulps:
                worst += f" ({shown(output.terms_ulps)} of the largest term)"
            lines.append(
                f"| {run.of} | {run.inputs:,} | {output.output} | {worst} | {output.at_decimal} |"
            )
    return "\n".join(lines)


def plain_table(runs: Sequence[Run]) -> list[str]:
    """Return the worst errors as lines of plain text, those beyond their bound marked."""
    lines = []
    for run in runs:
        verified = f"reference within {run.reference.worst_ulps:.1e} ulp"
        doubt = "" if run.reference.holds else f", FAIL at {run.reference.at}"
        lines.append(f"  {run.of}: {run.inputs:,} inputs, {verified}{doubt}")
        for output in run.outputs:
            worst, terms = shown(output.worst_ulps), shown(output.terms_ulps)
            term = "" if worst == terms else f" ({terms} of the largest term)"
            undefined = f", {output.undefined} NaN at finite inputs" if output.undefined else ""
            lines.append(
                f"    {output.output:16} {worst:>8} ulp{term} at {output.at_decimal}: "
                f"{float.fromhex(output.found):.9g}, exactly {output.exact}{undefined}"
                + ("" if output.holds else "  FAIL")
            )
    return lines


def shown(ulps: float | str) -> str:
    """Return an error with three digits, rounded up: a bound stays one."""
    number = float(ulps)
    if number in (0.0, float("inf")):
        return f"{number:g}"
    up = f"{number:.3g}"
    return up if float(up) >= number else f"{number * 1.005:.3g}"
