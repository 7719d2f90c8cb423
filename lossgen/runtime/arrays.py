"""Reading what a caller gives as NumPy arrays, without copies, and the dtype of a computation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from .errors import ArgumentError, ArgumentTypeError

FLOAT16: Final = np.dtype(np.float16)
FLOAT32: Final = np.dtype(np.float32)
FLOAT64: Final = np.dtype(np.float64)
INT64: Final = np.dtype(np.int64)

Array = np.ndarray[Any, np.dtype[Any]]


def read(loss: str, name: str, value: Any) -> Array:
    """Return `value` as an array: anything with the array interface or DLPack, lists and numbers.

    Raises:
        ArgumentTypeError: when it cannot be read as one array, or is a masked array.
    """
    if type(value) is np.ndarray:
        return value
    if isinstance(value, np.ma.MaskedArray):
        raise ArgumentTypeError(
            f"{loss}: {name} is a masked array, whose mask would be lost; "
            "give its .data, and 0 as the sample_weight of masked rows."
        )
    try:
        if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
            return np.from_dlpack(value)
        return np.asarray(value)
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ArgumentTypeError(
            f"{loss}: {name}, a {type(value).__name__}, cannot be read as an array: {reason}"
        ) from error


def check_real(loss: str, name: str, dtype: np.dtype[Any]) -> None:
    """Refuse every dtype but bool, integers, float16, float32 and float64."""
    if dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize <= 8):
        return
    hint = {
        "O": "; convert it first, such as numpy.asarray(x, dtype=float)",
        "c": "; give its real part, or write the loss in real and imaginary parts",
        "U": "; convert it first, such as numpy.asarray(x, dtype=float)",
    }.get(dtype.kind, "")
    raise ArgumentTypeError(
        f"{loss}: {name} has dtype {dtype}; it must be float64, float32, float16 or an integer "
        f"type{hint}."
    )


def check_integer(loss: str, name: str, dtype: np.dtype[Any]) -> None:
    """Refuse every dtype but integers: a boolean is more often a mask than a label."""
    if dtype.kind in "iu":
        return
    raise ArgumentTypeError(
        f"{loss}: {name} has dtype {dtype}; it must hold integers: {name}.astype(int) if they are."
    )


def promoted(dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """Return the dtype of the result: NumPy's promotion, and float64 for integers alone."""
    common = np.result_type(*dtypes) if dtypes else FLOAT64
    return common.newbyteorder("=") if common.kind == "f" else FLOAT64


def computed(result: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype of the kernel: float16 is computed in float32."""
    return FLOAT32 if result.itemsize == 2 else result


def direct(array: Array, dtype: np.dtype[Any]) -> bool:
    """Whether a kernel can read `array` as it lies: its dtype, C-contiguous, aligned."""
    flags = array.flags
    return array.dtype == dtype and flags.c_contiguous and flags.aligned


def packed(array: Array, dtype: np.dtype[Any]) -> Array:
    """Return `array` if a kernel can read it as it lies, else a copy."""
    if direct(array, dtype):
        return array
    return np.array(array, dtype, order="C", copy=True)


def first_where(mask: Array) -> tuple[int, ...]:
    """Return the position of the first True."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def same_shape(loss: str, name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Refuse `shape` unless it is `expected`."""
    if shape != expected:
        raise ArgumentError(f"{loss}: {name} has shape {shape}; it must be {expected}.")
