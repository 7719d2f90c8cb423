"""What a kernel reads and writes, cut into runs of rows.

A kernel sees only contiguous arrays of its own dtype. Rows that lie otherwise are copied run by
run, so that strided, Fortran-ordered and converted inputs go through the same kernel and give the
same bits as contiguous ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import FLOAT64, Array, direct
from .shapes import Placement


class Cut:
    """An operand with one part for each run of rows."""

    # No ABC: its isinstance costs four times a plain one, and there are eight of them in a call.
    __slots__ = ()

    def part(self, start: int, stop: int, run: int) -> Any:
        """Return what the kernel gets for the rows start .. stop, the run-th run."""
        raise NotImplementedError


class Given(Cut):
    """Rows to read: `array` is (rows, ...), of any layout and dtype."""

    __slots__ = ("array", "direct", "dtype")

    def __init__(self, array: Array, dtype: np.dtype[Any]) -> None:
        self.array = array
        self.dtype = dtype
        self.direct = direct(array, dtype)

    def part(self, start: int, stop: int, run: int) -> Array:
        rows = self.array[start:stop]
        return rows if self.direct else np.array(rows, self.dtype, order="C", copy=True)


class Totals(Cut):
    """The sums of the losses of each block of rows, in float64."""

    __slots__ = ("block", "sums")

    def __init__(self, rows: int, block: int) -> None:
        self.block = block
        self.sums = np.empty(-(-rows // block), FLOAT64)

    def part(self, start: int, stop: int, run: int) -> Array:
        return self.sums[start // self.block : -(-stop // self.block)]

    def sum(self) -> float:
        """Return the sum of all blocks, in an order that depends on their number only."""
        sums = self.sums
        return float(sums[0]) if sums.size == 1 else float(np.add.reduce(sums))


class Output(Cut):
    """Something a kernel writes; `finish` returns it as the caller is to see it."""

    __slots__ = ()

    def store(self, part: Array, start: int, stop: int) -> None:
        """Take over a part that the kernel has written, if it is not in its place already."""

    def finish(self) -> Array:
        """Return the result, complete."""
        raise NotImplementedError


class RowOutput(Output):
    """Rows to write into `result`, an array of the caller's shape, dtype and layout."""

    __slots__ = ("direct", "dtype", "later", "result", "rows")

    def __init__(
        self, result: Array, placement: Placement, count: int, dtype: np.dtype[Any], apart: bool
    ) -> None:
        self.result = result
        self.dtype = dtype
        self.later: Array | None = None
        moved = result if placement.order is None else result.transpose(placement.order)
        shape = (count, *placement.extents)
        self.rows = moved if moved.shape == shape else moved.reshape(shape)
        if apart or (self.rows is not result and not np.may_share_memory(self.rows, result)):
            self.rows = np.empty(shape, dtype)
            self.later = moved
        self.direct = direct(self.rows, dtype)

    def part(self, start: int, stop: int, run: int) -> Array:
        rows = self.rows[start:stop]
        return rows if self.direct else np.empty(rows.shape, self.dtype)

    def store(self, part: Array, start: int, stop: int) -> None:
        if not self.direct:
            self.rows[start:stop] = part

    def finish(self) -> Array:
        if self.later is not None:
            self.later[...] = self.rows.reshape(self.later.shape)
        return self.result


class StretchedOutput(Output):
    """The derivative for a 0-d value that stands for every row: the sum over the rows."""

    __slots__ = ("result", "rows")

    def __init__(self, result: Array, count: int, dtype: np.dtype[Any]) -> None:
        self.result = result
        self.rows = np.empty(count, dtype)

    def part(self, start: int, stop: int, run: int) -> Array:
        return self.rows[start:stop]

    def finish(self) -> Array:
        self.result[...] = np.add.reduce(self.rows, dtype=FLOAT64)
        return self.result


class SharedOutput(Output):
    """The gradient of a shared argument: kernels add to one float64 array per run of rows."""

    __slots__ = ("result", "sums")

    def __init__(self, result: Array, runs: int) -> None:
        self.result = result
        self.sums = np.zeros((max(runs, 1), *result.shape), FLOAT64)

    def part(self, start: int, stop: int, run: int) -> Array:
        return self.sums[run, ...]

    def finish(self) -> Array:
        self.result[...] = np.add.reduce(self.sums, axis=0)
        return self.result
