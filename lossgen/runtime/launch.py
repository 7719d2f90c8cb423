"""How many threads share a row, and how many blocks a kernel gets: functions of shapes alone.

The sums over rows of a shared argument's gradient run in the order of the groups, so that their
number must not depend on the device.
"""

from __future__ import annotations

from typing import NamedTuple

THREADS = 256  # of a block that works on single numbers, or on a row for each thread
BLOCKS = 2048  # of a large launch: 15 for each multiprocessor of an H200; each takes many rows
PARTS = 64  # groups whose gradients of shared arguments are added up


class Launch(NamedTuple):
    """A grid of blocks of (lanes, rows) threads; `groups` rows are worked on at once."""

    blocks: int
    lanes: int
    rows: int

    @property
    def groups(self) -> int:
        return self.blocks * self.rows

    @property
    def threads(self) -> int:
        return self.groups * self.lanes

    @property
    def block(self) -> tuple[int, int]:
        return self.lanes, self.rows


def lanes_for(extent: int) -> int:
    """Return how many threads share a row whose widest argument has `extent` numbers."""
    for lanes, most in ((1, 32), (32, 1024), (128, 8192)):
        if extent <= most:
            return lanes
    return 256


def numbers(count: int, each: int = 1) -> Launch:
    """Return the launch for `count` numbers of which a thread takes `each` at a time."""
    return Launch(min(-(-count // (THREADS * each)), BLOCKS), THREADS, 1)


def rows(count: int, extent: int, summed: bool) -> Launch:
    """Return the launch for rows; `summed`: each group adds up rows into a part of its own."""
    lanes = lanes_for(extent)
    together = (PARTS // 2 if summed else THREADS // 2) if lanes == 1 else 1
    most = PARTS // together if summed else BLOCKS
    return Launch(min(-(-count // together), most), lanes, together)
