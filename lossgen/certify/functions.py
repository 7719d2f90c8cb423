"""The shared vector mathematics at every float32, and its float64 versions at many points.

What each function is exactly, where it is defined and how far off it may be stands in one table,
that of the tests (tests/mathematics/reference.py), so this runs in the repository only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numba
import numpy as np

from lossgen.runtime.processors import default_threads
from lossgen.runtime.sources import generated_text

from .binding import closure
from .certificate import CertificateError
from .sweep import CHUNKS, Measured, sweep, total

POINTS = 1_000_000
FEW = 2_000  # of a sample: an exact value of a special function takes a millisecond
PIECE = 5_000  # points of one task of the pool, about a tenth of a second
Step = Callable[[str, int, int], None]

# The domains of the table; a function is tried at NaN and infinities where they belong to it.
INSIDE: dict[str, Callable[[Any], Any]] = {
    "real": lambda x: np.ones(x.shape, bool),
    "positive": lambda x: x > 0,
    "above -1": lambda x: x > -1,
    "up to 1": lambda x: np.abs(x) <= 1,
    "turns": lambda x: np.abs(x) < 1000,
}


@dataclass(frozen=True)
class Width:
    """The largest error of a function in one width, in ulps, and where it was met."""

    inputs: int
    worst_ulps: float | str
    at: str
    at_decimal: str


@dataclass(frozen=True)
class Proof:
    """What was found of one function: float32 by enumeration, float64 at points."""

    function: str
    domain: str
    bound: float
    code: str
    single: Width
    double: Width
    within_half_ulp: float

    @property
    def holds(self) -> bool:
        """Whether both widths are within the bound of the table."""
        return all(float(width.worst_ulps) <= self.bound for width in (self.single, self.double))


def table() -> Any:
    """Return the module of the tests that holds the table.

    Raises:
        CertificateError: when lossgen is installed without its repository.
    """
    tests = Path(__file__).resolve().parents[2] / "tests"
    if not (tests / "mathematics" / "reference.py").is_file():
        raise CertificateError(
            "found lossgen without its repository; expected the table of exact functions in "
            "tests/mathematics; run lossgen certify --math in a clone"
        )
    if str(tests) not in sys.path:
        sys.path.append(str(tests))
    return import_module("mathematics.reference")


def names(wanted: Iterable[str] = ()) -> list[str]:
    """Return the functions of one argument of the table, or the wanted ones.

    Raises:
        CertificateError: for a name that the table does not have.
    """
    known = list(table().FUNCTIONS)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise CertificateError(
            f"found no function {unknown[0]}; expected one of {', '.join(known)}"
        )
    return list(wanted) or known


def code_of(name: str) -> str:
    """Return the hash of a function in the shared math file with all that it uses."""
    return closure(generated_text("cpu", "_math"), [name])


def prove(
    name: str,
    sample: int | None = None,
    points: int = POINTS,
    threads: int | None = None,
    step: Step = lambda name, done, total: None,
) -> Proof:
    """Return the worst errors of a function: at all float32, and at `points` float64.

    Raises:
        CertificateError: when the function is not in the generated file, or its domain is unknown.
    """
    spec = table().FUNCTIONS[name]
    function = getattr(import_module("lossgen.generated.cpu._math"), name, None)
    if function is None or spec.domain not in INSIDE:
        raise CertificateError(
            f"found {name} over the domain {spec.domain!r}; expected a function of "
            "generated/cpu/_math.py (lossgen build writes it) and a domain of "
            f"{', '.join(INSIDE)}"
        )
    single, share = enumerated(name, function, spec.domain, sample, threads, step)
    double = sampled(name, function, spec.domain, points, threads, step)
    return Proof(name, spec.domain, spec.bound, code_of(name), single, double, share)


def enumerated(
    name: str, function: Any, domain: str, sample: int | None, threads: int | None, step: Step
) -> tuple[Width, float]:
    """Return the worst of float32 against float64, and the share within half an ulp."""
    run = batch(function)

    def measure(x: Any) -> Measured:
        found, exact = np.empty_like(x), np.empty(x.size)
        run(x, found)
        with np.errstate(invalid="ignore"):  # of NaN with any payload
            run(x.astype(np.float64), exact)
        return {name: (found, exact)}

    measure(np.ones(1, np.float32))
    chunks = range(CHUNKS)
    found = sweep(
        measure, INSIDE[domain], chunks, sample=sample, threads=threads,
        step=lambda done: step(f"{name}, float32", done, len(chunks)),
    )  # fmt: skip
    worst = total(found[name])
    x = np.uint32(worst.bits).view(np.float32)
    width = Width(worst.inputs, _rounded(worst.ulps), float(x).hex(), str(x))
    return width, float(f"{worst.rounded / worst.inputs:.6f}")


@cache
def batch(function: Any) -> Any:
    """Return a function in a compiled loop over arrays, as a kernel uses it."""

    @numba.njit(nogil=True, error_model="numpy")
    def run(x: Any, out: Any) -> None:
        for i in range(out.size):
            out[i] = function(x[i])

    return run


def sampled(
    name: str, function: Any, domain: str, points: int, threads: int | None, step: Step
) -> Width:
    """Return the worst of float64 against the exact function at stratified points."""
    # `points` draws one number of each magnitude and one of each of three bands at a time.
    x = np.unique(table().points(domain, np.float64, -(-points // 4)))
    found = np.empty_like(x)
    batch(function)(x, found)
    pieces = [slice(first, first + PIECE) for first in range(0, x.size, PIECE)]
    tasks = [(name, x[piece], found[piece]) for piece in pieces]
    worst = -1.0
    place = 0
    for done, (error, inner) in enumerate(mapped(tasks, threads)):
        step(f"{name}, float64", done, len(tasks))
        if error > worst:
            worst, place = error, done * PIECE + inner
    return Width(x.size, _rounded(worst), float(x[place]).hex(), repr(float(x[place])))


Task = tuple[str, Any, Any]


def mapped(tasks: list[Task], threads: int | None) -> Iterable[tuple[float, int]]:
    """Yield the worst of each task in order; by processes, since exact numbers are Python's."""
    workers = default_threads() if threads is None else threads
    if workers < 2 or len(tasks) < 4:
        yield from map(worst_of, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(worst_of, tasks)


def worst_of(task: Task) -> tuple[float, int]:
    """Return the largest error of a task in ulps, and its place."""
    name, x, found = task
    errors = table().ulps(found, table().exactly(table().FUNCTIONS[name].exact, x))
    place = int(errors.argmax())
    return float(errors[place]), place


def _rounded(ulps: float) -> float | str:
    return float(f"{ulps:.6g}") if ulps < np.inf else "inf"
