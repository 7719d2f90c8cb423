"""`certify`: the float32 kernel of a loss at every float32, against a verified reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.checks.bounds import bound_of
from lossgen.checks.jets import magnitude
from lossgen.runtime import Loss
from lossgen.runtime.cache import environment
from lossgen.runtime.sources import KernelSource

from .binding import hashes
from .certificate import Certificate, CertificateError, Output, Reference, Run
from .outputs import double, single
from .subjects import Subject, subjects
from .sweep import CHUNKS, Measured, Worst, sweep, total
from .verified import BOUND, Verified, answer, part, verify

# A sample takes every seventh chunk: every exponent, and all eight fractions in turn.
SAMPLED = range(0, CHUNKS, 7)
Step = Callable[[str, int, int], None]


def certify(
    loss: Loss,
    sample: int | None = None,
    threads: int | None = None,
    step: Step = lambda name, done, total: None,
) -> Certificate:
    """Return the certificate of a loss that is a function of one number.

    With `sample` about so many numbers are taken instead of all, which proves nothing.

    Raises:
        CertificateError: when the loss is not a function of one number.
    """
    found = subjects(loss.entry)
    if not found:
        raise CertificateError(
            f"{loss.name} is no function of one float32 number at its default parameters; expected "
            "a residual, a margin, a logit or a probability with a hard target; "
            "lossgen check compares every loss at samples"
        )
    source: KernelSource = loss._source
    return Certificate(
        loss.name,
        hashes(source.text("cpu"), source.mathematics("cpu")),
        found[0].shared,
        tuple(run(loss, subject, sample, threads, step) for subject in found),
        compiler(),
        sample,
    )


def compiler() -> str:
    """Return what decides the machine code besides the texts, without what names a machine."""
    numba, llvmlite, _, _, features, *_ = environment()
    fused = "with" if "+fma" in features or "+neon" in features else "without"
    return f"numba {numba}, llvmlite {llvmlite}, {fused} fused multiply-add"


def run(loss: Loss, subject: Subject, sample: int | None, threads: int | None, step: Step) -> Run:
    """Return what was found of one function of one number."""
    chunks = SAMPLED if sample else range(CHUNKS)
    verified = verify(
        loss, subject, chunks, lambda done: step(f"{loss.name}: reference", done, len(chunks))
    )

    def measure(x: Any) -> Measured:
        found, exact = single(loss, subject, x), double(loss, subject, x)
        return {output: (found[output], exact[output.partition(" of ")[0]]) for output in found}

    # Kernels are compiled here, once, and not by two threads of the pool.
    measure(np.ones(1, np.float32))
    found = sweep(
        measure, subject.inside, chunks, verified.unit, sample, threads,
        lambda done: step(f"{loss.name} ({subject.of})", done, len(chunks)),
    )  # fmt: skip
    outputs = tuple(joined(found, subject))
    inputs = total(found["value"]).inputs
    return Run(subject.of, inputs, outputs, reference(verified))


def reference(verified: Verified) -> Reference:
    """Return what a certificate says of the reference."""
    x = float(np.uint32(verified.bits).view(np.float32))
    return Reference(verified.inputs, verified.ulps, x.hex(), BOUND, verified.unresolved)


def joined(found: Mapping[str, list[Worst]], subject: Subject) -> Iterable[Output]:
    """Yield the outputs, each with the forms whose bits differ from those of the fused one."""
    for output, chunks in found.items():
        if " of " in output:
            continue
        worst = total(chunks)
        forms = {
            name.partition(" of ")[2]: total(other)
            for name, other in found.items()
            if name.startswith(f"{output} of ")
        }
        for other in forms.values():
            if other.ulps > worst.ulps:
                worst.ulps, worst.bits, worst.found = other.ulps, other.bits, other.found
            worst.terms = max(worst.terms, other.terms)
            if other.undefined > worst.undefined:
                worst.undefined, worst.where = other.undefined, other.where
        yield described(output, worst, subject, tuple(forms))


def described(output: str, worst: Worst, subject: Subject, forms: tuple[str, ...]) -> Output:
    """Return the row of an output, with the exact result where it was worst."""
    x = np.uint32(worst.bits).view(np.float32)
    with mp.workdps(40):
        exact = part(answer(subject, float(x))[0], output)[0] if np.isfinite(x) else mp.nan
        # The exponent of e^-x has as many digits as x: tell of no number that no float comes near.
        vanishes = exact and magnitude(exact) < -5000
        digits = "nearer to 0 than 1e-1000" if vanishes else str(mp.nstr(exact, 17))
    return Output(
        output,
        rounded(worst.ulps),
        rounded(worst.terms),
        bound_of(output, subject.entry).ulps,
        float(x).hex(),
        str(x),
        worst.found.hex(),
        digits,
        float(f"{worst.rounded / worst.inputs:.6f}"),
        worst.infinite,
        wrongly_undefined(output, worst, subject),
        bool(worst.ulps < np.inf),
        forms,
    )


def wrongly_undefined(output: str, worst: Worst, subject: Subject) -> int:
    """Return how many finite inputs give NaN, without those at which the exact result is NaN.

    At the end of a domain a derivative may be undefined, as 0 times infinity is.
    """
    numbers = [float(np.uint32(bits).view(np.float32)) for bits in worst.where]
    rightly = sum(bool(mp.isnan(part(answer(subject, x)[0], output)[0])) for x in numbers)
    return worst.undefined - rightly


def rounded(ulps: float) -> float | str:
    """Return an error as JSON holds it: infinity is a word there."""
    return float(f"{ulps:.6g}") if ulps < np.inf else "inf"
