"""Runs of rows mapped over a pool of threads; the caller works too.

Which thread takes which run changes nothing: runs are cut by shape alone, write to places of their
own, and are added up in order. The pool belongs to this process; a forked child makes a new one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count as counter
from itertools import pairwise

from .errors import ArgumentError
from .processors import default_threads

_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_size = 0


def check_threads(loss: str, threads: object) -> int | None:
    """Return `threads` if it is None or an integer of at least 1."""
    if threads is None:
        return None
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ArgumentError(f"{loss}: threads is {threads!r}; it must be an integer of at least 1.")
    return threads


def for_each(runs: int, work: Callable[[int], None], threads: int | None) -> None:
    """Call `work` with 0 .. runs - 1, on up to `threads` threads; return when all are done.

    The first exception of `work` is raised here, after every thread has stopped.
    """
    helpers = 0
    if runs > 1:
        helpers = min(default_threads() if threads is None else threads, runs) - 1
    if helpers == 0:
        for run in range(runs):
            work(run)
        return
    # Each thread starts with a stretch of its own, then helps the others.
    edges = [runs * part // (helpers + 1) for part in range(helpers + 2)]
    stretches = [(counter(first), last) for first, last in pairwise(edges)]
    stopped = False

    def drain(own: int) -> None:
        nonlocal stopped
        try:
            for tickets, last in stretches[own:] + stretches[:own]:
                while not stopped and (run := next(tickets)) < last:
                    work(run)
        except BaseException:
            stopped = True
            raise

    others = _submit(drain, helpers)
    try:
        drain(0)
    finally:
        stopped = True
        # A helper that another caller keeps from starting is not waited for: no run is left.
        started = [other for other in others if not other.cancel()]
        errors = [error for other in started if (error := other.exception()) is not None]
    if errors:
        raise errors[0]


def _submit(drain: Callable[[int], None], helpers: int) -> list[Future[None]]:
    futures: list[Future[None]] = []
    try:
        pool = _pool_of(helpers)
        for own in range(1, helpers + 1):
            futures.append(pool.submit(drain, own))
    except RuntimeError:
        # The interpreter is shutting down, or no thread can be started: the caller works alone.
        pass
    return futures


def _pool_of(helpers: int) -> ThreadPoolExecutor:
    global _pool, _size
    with _lock:
        if _pool is None or _size < helpers:
            if _pool is not None:
                _pool.shutdown(wait=False)
            _pool = ThreadPoolExecutor(helpers, thread_name_prefix="lossgen")
            _size = helpers
        return _pool


def _forget() -> None:
    """Start anew in a forked child: the threads of the parent's pool did not come along."""
    global _pool, _size, _lock
    _lock = threading.Lock()
    _pool = None
    _size = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
