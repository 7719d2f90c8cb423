"""The float64 kernel as a reference, verified against exact mathematics at a stratified sample.

The float64 kernel is the same formula in another width, so a wrong formula would go unseen: at the
numbers of the sample it is compared with the exact reference of the checks, which reads the entry
as it was written. The sample has both ends and the inside of every chunk, hence every exponent with
several fractions and both signs, and the numbers that the formula holds with their neighbours,
which is where it may have kinks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp
import numpy as np
from sympy import Number

from lossgen.checks.answers import Exact, Question
from lossgen.checks.bounds import error
from lossgen.checks.jets import Part, magnitude
from lossgen.checks.reference import exact
from lossgen.language.program import Program, expressions
from lossgen.runtime import Loss

from .outputs import double
from .subjects import Subject
from .sweep import CHUNK

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)

# In ulps of float32. A float64 ulp is 2^-29 of one, and the bound of the checks is 8 of those: a
# reference within 2^-20 moves no digit of an error that is reported with three.
BOUND = 2.0**-20
DIGITS = 40

# Places of a chunk that are sampled: its first two numbers, its last, and three inside.
OFFSETS = (0, 1, CHUNK // 3, CHUNK // 2 + 1, 4 * CHUNK // 5, CHUNK - 1)


@dataclass
class Verified:
    """How far the float64 kernel was from the exact results, in ulps of float32.

    `least` holds, by output and chunk, the size of the terms that the result is what is left of:
    the unit of an error there. It is 0 where nothing cancels.
    """

    inputs: int = 0
    ulps: float = 0.0
    bits: int = 0
    unresolved: int = 0
    undefined: int = 0
    least: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the kernel may stand for the exact results."""
        return self.inputs > 0 and self.ulps <= BOUND and not self.unresolved

    def unit(self, output: str, chunk: int) -> float:
        """Return the size that errors of a chunk are measured by at least."""
        return self.least.get((output.partition(" of ")[0], chunk), 0.0)


def verify(
    loss: Loss,
    subject: Subject,
    chunks: Iterable[int],
    step: Callable[[int], None] = lambda done: None,
) -> Verified:
    """Compare the float64 kernel with the exact reference at a sample of the chunks."""
    verified = Verified()
    near = numbers(subject)
    for done, chunk in enumerate(chunks):
        x = sample(subject, chunk, near)
        if x.size:
            compare(verified, loss, subject, chunk, x)
        step(done)
    return verified


def sample(subject: Subject, chunk: int, near: Any) -> Any:
    """Return the finite numbers of a chunk at which the reference is verified."""
    first = chunk * CHUNK
    fixed = np.array([first + offset for offset in OFFSETS], np.uint64)
    kinks = near[near // np.uint64(CHUNK) == chunk]
    x = np.unique(np.concatenate([fixed, kinks])).astype(np.uint32).view(np.float32)
    return x[np.isfinite(x) & subject.inside(x)]


def numbers(subject: Subject) -> Any:
    """Return the bits of the numbers in the formula, of either sign, and of two on each side."""
    entry = subject.entry
    program = Program(entry.name, entry.arguments, entry.definitions, ())
    texts = [entry.value, *(part for s in program.statements for part in expressions(s))]
    found = {float(atom) for text in texts for atom in text.atoms(Number) if atom.is_finite}
    found |= {*subject.shared.values(), 1.0}
    middle = np.array(sorted({-n for n in found} | found), np.float32)
    middle = middle[np.isfinite(middle) & (middle != 0)]
    bits = middle.view(np.uint32).astype(np.uint64)
    return np.unique(np.concatenate([bits + np.uint64(k) - np.uint64(2) for k in range(5)]))


def compare(verified: Verified, loss: Loss, subject: Subject, chunk: int, x: Any) -> None:
    """Take the numbers of one chunk into account."""
    found = double(loss, subject, x)
    answers = [answer(subject, float(number)) for number in x]
    verified.inputs += x.size
    verified.unresolved += sum(not options[0].resolved for options in answers)
    with mp.workdps(DIGITS):
        for output, array in found.items():
            parts = [[part(option, output) for option in options] for options in answers]
            verified.least[output, chunk] = least_term([options[0] for options in parts])
            for number, result, options in zip(x, array, parts, strict=True):
                _count(verified, number, float(result), options)


def _count(verified: Verified, number: Any, result: float, options: list[Part]) -> None:
    defined = [option for option in options if not mp.isnan(option[0])]
    if mp.isnan(options[0][0]) or not defined:
        verified.undefined += 1
        return
    found = min(error(result, option, FLOAT32) for option in defined)
    if found > verified.ulps:
        verified.ulps, verified.bits = found, int(number.view(np.uint32))


def least_term(parts: list[Part]) -> float:
    """Return the least size of the largest term at some numbers, 0 if one of them is its own.

    Where a result is the sum of terms that cancel, its unit of error is an ulp of the largest, at
    every number of a chunk; where at one of them it is not, the results count by themselves.
    """
    sizes = []
    for number, size in parts:
        if mp.isnan(number) or not magnitude(number) + 1e-9 < size < 127:
            return 0.0
        sizes.append(size)
    return float(2.0 ** min(sizes))


def answer(subject: Subject, number: float) -> tuple[Exact, ...]:
    """Return the exact outputs at one number, several where a comparison there is marginal."""
    row: dict[str, Any] = {name: np.asarray(held) for name, held in subject.held.items()}
    row |= {subject.moving: np.asarray(number), **subject.shared}
    return exact(
        Question(subject.entry, row, FLOAT64, second=subject.moving, wrt=(subject.moving,))
    )


def part(option: Exact, output: str) -> Part:
    """Return an output of an exact answer: a number and the size of its terms."""
    kind = output.partition("_")[0]
    if kind == "value":
        return option.value
    array = option.hessian_diagonal if kind == "h" else option.gradient[output.partition("_")[2]]
    found: Part = array[()]
    return found
