"""Time value-and-gradient kernels against the memory limit and, where installed, PyTorch and JAX.

    python benchmarks/kernels.py [--threads 2] [--repeat 15] [--quick]

Prints nanoseconds per element: the median over the repetitions, after one warm-up call that
compiles. All are given the same arrays, in one process and one after another in each repetition, so
that ratios hold when the machine's speed drifts. lossgen writes into a given array (`out=`), as
does the triad; PyTorch and JAX return fresh arrays, as they do for their users.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numba
import numpy as np

from lossgen.losses import huber, sparse_softmax_cross_entropy, squared_error

Cases = dict[str, Callable[[], object]]


@numba.njit(nogil=True, fastmath=True)
def triad(a: Any, b: Any, c: Any, factor: Any) -> None:
    """Store a + factor * b in c: two streams read, one written, as by an elementwise loss."""
    for i in range(a.size):
        c[i] = a[i] + factor * b[i]


def nanoseconds(cases: Cases, elements: int, repeat: int) -> dict[str, float]:
    """Return the median time per element of each case, the cases taking turns."""
    for run in cases.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(repeat):
        for name, run in cases.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) / elements * 1e9 for name, found in times.items()}


def elementwise(elements: int, threads: int, repeat: int) -> dict[str, float]:
    """Squared error and Huber against the triad over the same bytes."""
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, elements)).astype(np.float32)
    out = np.empty_like(x)
    edges = [elements * part // threads for part in range(threads + 1)]
    parts = [slice(a, b) for a, b in pairwise(edges)]
    pool = ThreadPoolExecutor(threads)
    factor = np.float32(3)
    cases: Cases = {
        "triad": lambda: list(pool.map(lambda s: triad(x[s], y[s], out[s], factor), parts)),
        "squared_error": lambda: squared_error.value_and_gradient(x, y, out=out, threads=threads),
        "huber": lambda: huber.value_and_gradient(x, y, out=out, threads=threads),
    }
    return nanoseconds(cases, elements, repeat)


def softmax(rows: int, classes: int, threads: int, repeat: int) -> dict[str, float]:
    """Softmax cross-entropy against torch.compile and JAX jit, where they are installed."""
    random = np.random.default_rng(0)
    logits = random.normal(size=(rows, classes)).astype(np.float32)
    label = random.integers(0, classes, rows)
    out = np.empty_like(logits)
    loss = sparse_softmax_cross_entropy
    cases: Cases = {
        "lossgen": lambda: loss.value_and_gradient(logits, label, out=out, threads=threads)
    }
    cases |= torch_cases(logits, label, threads) | jax_cases(logits, label)
    return nanoseconds(cases, rows * classes, repeat)


def torch_cases(logits: Any, label: Any, threads: int) -> Cases:
    """Value and gradient by PyTorch, eager and compiled; empty without PyTorch."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(threads)
    given, target = torch.from_numpy(logits), torch.from_numpy(label)

    def gradient(z: Any) -> Any:
        z = z.detach().requires_grad_()
        value = torch.nn.functional.cross_entropy(z, target)
        return value, torch.autograd.grad(value, z)[0]

    compiled_loss = torch.compile(lambda z: torch.nn.functional.cross_entropy(z, target))

    def compiled() -> Any:
        z = given.detach().requires_grad_()
        value = compiled_loss(z)
        return value, torch.autograd.grad(value, z)[0]

    return {"torch eager": lambda: gradient(given), "torch.compile": compiled}


def jax_cases(logits: Any, label: Any) -> Cases:
    """Value and gradient by JAX jit on the CPU; empty without JAX."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return {}

    @jax.jit
    def run(z: Any, y: Any) -> Any:
        def loss(z: Any) -> Any:
            picked = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
            return jnp.mean(jax.nn.logsumexp(z, axis=1) - picked)

        return jax.value_and_grad(loss)(z)

    given, target = jnp.asarray(logits), jnp.asarray(label)
    return {"jax jit": lambda: jax.block_until_ready(run(given, target))}


def show(title: str, found: dict[str, float], reference: str) -> None:
    """Print one table: time per element, and the reference's time divided by it."""
    print(f"\n{title}\n{'':24}{'ns/element':>12}{reference + ' / this':>24}")
    for name, value in found.items():
        print(f"{name:24}{value:12.3f}{found[reference] / value:24.2f}")


def main() -> None:
    """Parse the arguments and print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes")
    given = parser.parse_args()
    shrink = 10 if given.quick else 1
    print(f"{platform.processor() or platform.machine()}, {given.threads} threads, float32")
    elements = 10_000_000 // shrink
    show(f"elementwise, {elements:,}", elementwise(elements, given.threads, given.repeat), "triad")
    for rows, classes in ((1_000_000, 10), (16_384, 1_000)):
        found = softmax(rows // shrink, classes, given.threads, given.repeat)
        show(f"sparse_softmax_cross_entropy, {rows // shrink:,} x {classes:,}", found, "lossgen")


if __name__ == "__main__":
    main()
