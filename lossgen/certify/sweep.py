"""Every float32 in order of its bits, in chunks of an eighth of a binade, over the thread pool.

A chunk has one sign, one exponent and one value of the three leading fraction bits, so the worst
of each exponent comes with the chunks. Chunks are added up in order: the result does not depend on
the number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lossgen.runtime.threads import for_each

from .ulps import errors

CHUNK = 1 << 20
CHUNKS = (1 << 32) // CHUNK
# Numbers of one call of a kernel: three outputs and their references stay in the cache.
SLICE = 1 << 16
KEPT = 8  # inputs of NaN results that are remembered: ends of a domain are few

# Output -> what float32 gave and what float64 gives, at the numbers of one slice.
Measured = Mapping[str, tuple[Any, Any]]
Measure = Callable[[Any], Measured]
Least = Callable[[str, int], float]


@dataclass
class Worst:
    """What was met of one output: the largest error, the bits of the input, and counts.

    `ulps` are those of the result itself. `terms` is the largest error in ulps of the largest term
    that the result is what is left of, the same where nothing cancels. `rounded` counts results
    within half an ulp, the nearest float32 or one of two, `undefined` those that are NaN at a
    finite input; `where` are the bits of the first of these inputs.
    """

    ulps: float = -1.0
    bits: int = 0
    found: float = 0.0
    terms: float = -1.0
    inputs: int = 0
    rounded: int = 0
    infinite: int = 0
    undefined: int = 0
    where: tuple[int, ...] = ()

    def add(self, other: Worst) -> None:
        """Take in what another part of the numbers gave; of equal errors the first counts."""
        if other.ulps > self.ulps:
            self.ulps, self.bits, self.found = other.ulps, other.bits, other.found
        self.terms = max(self.terms, other.terms)
        self.inputs += other.inputs
        self.rounded += other.rounded
        self.infinite += other.infinite
        self.undefined += other.undefined
        self.where = (self.where + other.where)[:KEPT]


def sweep(
    measure: Measure,
    inside: Callable[[Any], Any],
    chunks: Sequence[int] = range(CHUNKS),
    least: Least = lambda output, chunk: 0.0,
    sample: int | None = None,
    threads: int | None = None,
    step: Callable[[int], None] = lambda done: None,
) -> dict[str, list[Worst]]:
    """Return, for each output, what was met in each chunk.

    `measure` is called with float32 numbers of which all are `inside`; with `sample`, evenly spread
    over all chunks, about so many. `least(output, chunk)` is the size of the terms that cancel in
    the results of a chunk, 0 where none do.
    """
    parts: list[dict[str, Worst]] = [{} for _ in chunks]
    lock = threading.Lock()
    done = 0

    def work(place: int) -> None:
        nonlocal done
        chunk = chunks[place]
        for x in slices(chunk, sample and sample // len(chunks)):
            kept = inside(x)
            for output, worst in _slice(measure, x if kept.all() else x[kept], chunk, least):
                parts[place].setdefault(output, Worst()).add(worst)
        with lock:
            done += 1
            step(done)

    for_each(len(chunks), work, threads)
    outputs = dict.fromkeys(output for part in parts for output in part)
    return {output: [part.get(output, Worst()) for part in parts] for output in outputs}


def total(chunks: list[Worst]) -> Worst:
    """Return what all chunks of an output give together."""
    worst = Worst()
    for part in chunks:
        worst.add(part)
    return worst


def slices(chunk: int, count: int | None) -> Iterator[Any]:
    """Yield the numbers of a chunk in pieces; of a count of them, both ends and evenly between."""
    first = chunk * CHUNK
    if count is not None:
        spread = np.linspace(first, first + CHUNK - 1, max(2, count))
        yield spread.astype(np.uint32).view(np.float32)
        return
    for start in range(first, first + CHUNK, SLICE):
        yield np.arange(start, start + SLICE, dtype=np.uint64).astype(np.uint32).view(np.float32)


def _slice(measure: Measure, x: Any, chunk: int, least: Least) -> Iterator[tuple[str, Worst]]:
    if not x.size:
        return
    finite = np.isfinite(x)
    error = np.empty(x.size)
    for output, (found, exact) in measure(x).items():
        size = least(output, chunk)
        errors(found, exact, size, error)
        terms = float(error.max())
        if size:
            errors(found, exact, 0.0, error)
        place = int(error.argmax())
        undefined = x[np.isnan(found) & finite].view(np.uint32)
        yield (
            output,
            Worst(
                float(error[place]),
                int(x[place : place + 1].view(np.uint32)[0]),
                float(found[place]),
                terms,
                x.size,
                int(np.count_nonzero(error <= 0.5)),
                int(np.count_nonzero(np.isinf(found))),
                undefined.size,
                tuple(undefined[:KEPT].tolist()),
            ),
        )
