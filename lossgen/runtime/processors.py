"""How many processors this process may use, and whether it is a worker among others."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from .errors import ArgumentError

VARIABLE = "LOSSGEN_NUM_THREADS"


def default_threads() -> int:
    """Return the number of threads of a call that does not say: 1 inside a worker of a pool."""
    if in_worker():
        return 1
    asked = os.environ.get(VARIABLE)
    if not asked:
        return available()
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    raise ArgumentError(f"{VARIABLE} is {asked!r}; it must be an integer of at least 1.")


def in_worker() -> bool:
    """Whether somebody shares the processors out already: joblib, Dask, a data loader, a pool."""
    process = sys.modules.get("multiprocessing.process")
    if process is not None and process.parent_process() is not None:
        return True
    thread = threading.current_thread()
    if thread is threading.main_thread():
        return False
    pools = ("ThreadPoolExecutor", "Dask", "dask")
    return thread.name.startswith(pools) or type(thread).__name__ == "DummyProcess"


def available() -> int:
    """Return the processors in the affinity mask, or fewer where a control group grants fewer."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    quota = granted()
    return count if quota is None else max(1, min(count, round(quota)))


@lru_cache
def granted(
    root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> float | None:
    """Return the processors that Linux control groups (version 2 or 1) grant, None for no limit."""
    try:
        groups = own.read_text().splitlines()
    except OSError:
        return None
    limits: list[float] = []
    for line in groups:
        _, _, entry = line.partition(":")
        controllers, _, path = entry.partition(":")
        if controllers == "":
            limits += _limits(root, path, _version_2)
        elif "cpu" in controllers.split(","):
            limits += _limits(root / controllers, path, _version_1)
    return min(limits, default=None)


def _limits(root: Path, path: str, read: Callable[[Path], float | None]) -> list[float]:
    """Return the limits of a group and of all groups that it lies in."""
    found: list[float] = []
    folder = root / path.strip("/")
    for group in (folder, *folder.parents):
        try:
            limit = read(group)
        except (OSError, ValueError):
            limit = None
        if limit is not None:
            found.append(limit)
        if group == root:
            break
    return found


def _version_2(group: Path) -> float | None:
    quota, period = (group / "cpu.max").read_text().split()
    return None if quota == "max" else int(quota) / int(period)


def _version_1(group: Path) -> float | None:
    quota = int((group / "cpu.cfs_quota_us").read_text())
    return None if quota < 0 else quota / int((group / "cpu.cfs_period_us").read_text())
