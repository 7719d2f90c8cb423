"""The arrays that a call returns: fresh ones, or those that the caller gave as `out=`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .arrays import Array
from .errors import ArgumentError, ArgumentTypeError
from .operands import Output, RowOutput, SharedOutput, StretchedOutput
from .problem import Problem
from .shapes import Placement


def _on_host(array: object) -> bool:
    return isinstance(array, np.ndarray)


def given_out(
    loss: str, out: object, count: int, fits: Callable[[object], bool] = _on_host
) -> list[Array | None]:
    """Return the `count` arrays that `out` holds, None for each that is to be made.

    Raises:
        ArgumentError, ArgumentTypeError: when there are not as many, or one is no writable array.
    """
    if out is None:
        return [None] * count
    if count == 0:
        raise ArgumentError(
            f"{loss}: out= was given, but a reduced value is a number; leave it out."
        )
    arrays: list[Any] = list(out) if isinstance(out, tuple) else [out]
    if len(arrays) != count:
        expected = "an array" if count == 1 else f"a tuple of {count} arrays"
        raise ArgumentError(
            f"{loss}: out= has {len(arrays)} array{'s'[: len(arrays) != 1]}; "
            f"it must be {expected}, in the order of the results."
        )
    for array in arrays:
        if array is not None and not fits(array):
            raise ArgumentTypeError(
                f"{loss}: out= holds a {type(array).__name__}; it must be an array where the "
                "arguments are: a NumPy array on the host."
            )
    return arrays


def check_out(loss: str, out: Array, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Refuse an `out` array that is not exactly what the result is."""
    if out.shape != shape or out.dtype != dtype:
        raise ArgumentError(
            f"{loss}: out= has shape {out.shape} and dtype {out.dtype}; "
            f"the result has shape {shape} and dtype {dtype}."
        )
    if not out.flags.writeable:
        raise ArgumentError(f"{loss}: out= is read-only; give a writable array.")
    if any(stride == 0 and extent > 1 for stride, extent in zip(out.strides, shape, strict=True)):
        raise ArgumentError(f"{loss}: elements of out= share memory; give an array of its own.")


def check_apart(loss: str, outs: Sequence[Array | None]) -> None:
    """Refuse `out` arrays that overlap each other; interleaved ones are fine."""
    arrays = [array for array in outs if array is not None]
    for index, array in enumerate(arrays):
        for other in arrays[:index]:
            if _overlap(array, other):
                raise ArgumentError(f"{loss}: two arrays of out= share memory; give two arrays.")


def _overlap(left: Array, right: Array) -> bool:
    if not np.may_share_memory(left, right):
        return False
    try:
        return bool(np.shares_memory(left, right, max_work=10_000))  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return True


def value_output(problem: Problem, out: Array | None) -> RowOutput:
    """Return where the kernel writes the loss of each row."""
    leading = problem.rows.leading
    placement = Placement(leading, ())
    return _row_output(problem, placement, leading, problem.result, out)


def derivative_output(problem: Problem, name: str, out: Array | None, runs: int) -> Output:
    """Return where the kernel writes the derivative for an argument: of its shape and dtype.

    Raises:
        ArgumentError: when `out` does not fit.
    """
    array = problem.array(name)
    shape = () if array is None else array.shape
    dtype = problem.result
    if array is not None and array.dtype.kind == "f":
        dtype = array.dtype if array.dtype.isnative else array.dtype.newbyteorder("=")
    if problem.face.argument(name).shared:
        return SharedOutput(_result(problem, shape, dtype, out), runs)
    placement = problem.placement(name)
    if placement.stretched:
        return StretchedOutput(
            _result(problem, shape, dtype, out), problem.rows.count, problem.dtype
        )
    return _row_output(problem, placement, shape, dtype, out)


def _row_output(
    problem: Problem,
    placement: Placement,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    out: Array | None,
) -> RowOutput:
    apart = out is not None and _touches(out, problem)
    result = _result(problem, shape, dtype, out)
    return RowOutput(result, placement, problem.rows.count, problem.dtype, apart)


def _touches(out: Array, problem: Problem) -> bool:
    """Whether a kernel that writes into `out` might overwrite what it has yet to read."""
    read = [column.array for column in problem.columns]
    read += [given for given in (*problem.shared, problem.weight) if isinstance(given, np.ndarray)]
    return any(np.may_share_memory(out, array) for array in read)


def _result(
    problem: Problem, shape: tuple[int, ...], dtype: np.dtype[Any], out: Array | None
) -> Array:
    if out is None:
        return np.empty(shape, dtype)
    check_out(problem.face.name, out, shape, dtype)
    return out
