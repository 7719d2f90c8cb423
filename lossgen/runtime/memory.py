"""Arrays on a device: reading what a caller gives, converting, allocating and adding up."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from . import launch
from .arrays import FLOAT64, INT64
from .errors import ArgumentError, ArgumentTypeError, DependencyError
from .interface import Argument
from .launch import Launch

DeviceArray = Any
"""An array of numba.cuda: shape, dtype, reshape, copy_to_host."""


def toolkit(loss: str) -> ModuleType:
    """Return numba.cuda of the package numba-cuda.

    Raises:
        DependencyError: when there is none; Numba's own module of that name is another one.
    """
    try:
        from numba import cuda
    except ImportError:
        cuda = None
    if cuda is None or getattr(cuda, "implementation", "") != "NVIDIA":
        raise DependencyError(
            f"{loss}: arrays on a device need the package numba-cuda; "
            "pip install 'lossgen[cuda13]' (or cuda12, as the driver has it)."
        )
    return cuda


def is_device_array(value: object) -> bool:
    """Whether a value lies on a device (or, as one of the simulator's, says that it does)."""
    return hasattr(value, "__cuda_array_interface__") or hasattr(value, "__cuda_ndarray__")


class Memory:
    """The device that the arrays of a call lie on, and the shared kernels that move them about."""

    def __init__(self, loss: str, mathematics: ModuleType) -> None:
        self.loss = loss
        self.cuda = toolkit(loss)
        self.kernels = mathematics

    def read(self, name: str, value: object) -> DeviceArray:
        """Return what a caller gives as an array of numba.cuda, without a copy.

        Raises:
            ArgumentTypeError, ArgumentError: when it is not on a device, or not contiguous.
        """
        if not is_device_array(value):
            raise ArgumentTypeError(
                f"{self.loss}: {name} is a {type(value).__name__}, other arguments lie on a "
                "device; move it there, such as by numba.cuda.to_device."
            )
        array: Any = value
        if not hasattr(value, "copy_to_host"):
            array = self.cuda.as_cuda_array(value)
        if not array.is_c_contiguous():
            raise ArgumentError(
                f"{self.loss}: {name} is not contiguous; on a device it must be, rows first: "
                "copy it, such as by torch's contiguous()."
            )
        return array

    def empty(self, shape: Sequence[int], dtype: np.dtype[Any]) -> DeviceArray:
        """Return a new array."""
        return self.cuda.device_array(tuple(shape), dtype)

    def filled(self, shape: Sequence[int], value: float, dtype: np.dtype[Any]) -> DeviceArray:
        """Return a new array of one value."""
        return self.cuda.to_device(np.full(tuple(shape), value, dtype))

    def absent(self, axes: int, dtype: np.dtype[Any]) -> DeviceArray:
        """Return the empty array that stands for one that is absent; its rows have `axes` axes."""
        return self.empty((1, *[0] * axes) if axes else (0,), dtype)

    def converted(self, array: DeviceArray, dtype: np.dtype[Any]) -> DeviceArray:
        """Return an array in another dtype."""
        if array.dtype == dtype:
            return array
        result = self.empty(array.shape, dtype)
        self.copy(array, result)
        return result

    def copy(self, array: DeviceArray, result: DeviceArray) -> None:
        """Write the numbers of an array into another of as many, in its dtype."""
        if result.size:
            self.each(self.kernels.convert, result.size, flat(array), flat(result))

    def each(self, kernel: Any, count: int, *operands: Any) -> None:
        """Run a kernel that takes numbers one by one."""
        self.launch(kernel, launch.numbers(count), *operands)

    def launch(self, kernel: Any, size: Launch, *operands: Any) -> None:
        """Launch a kernel; that few rows make a small grid is no news to the caller."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Grid size .* will likely result")
            kernel[size.blocks, size.block](*operands)

    def sum(self, array: DeviceArray) -> float:
        """Return the sum of all numbers: of chunks on the device, of the chunks in float64 here."""
        count = array.size
        if not count:
            return 0.0
        sums = self.empty((-(-count // self.kernels.CHUNK),), array.dtype)
        size = Launch(min(sums.size, launch.BLOCKS), launch.THREADS, 1)
        self.launch(self.kernels.sum_chunks, size, flat(array), sums)
        return float(np.add.reduce(sums.copy_to_host(), dtype=FLOAT64))

    def sum_parts(self, parts: DeviceArray, result: DeviceArray) -> None:
        """Add up the parts (p, ...) of a gradient into `result` (...)."""
        if result.size:
            wide = parts.reshape(parts.shape[0], result.size)
            self.each(self.kernels.sum_parts, result.size, wide, flat(result))

    def check_labels(self, argument: Argument, array: DeviceArray, extents: dict[str, int]) -> None:
        """Refuse a label that is out of range: it would be a read of foreign memory.

        Raises:
            ArgumentError: with the first such label and its place.
        """
        if argument.values is None or not array.size:
            return
        extent = extents[argument.values]
        found = self.filled((1,), array.size, INT64)
        labels = flat(array)
        self.each(self.kernels.find_outside, labels.size, labels, extent, found)
        first = int(found.copy_to_host()[0])
        if first < array.size:
            place = tuple(int(at) for at in np.unravel_index(first, tuple(array.shape)))
            label = int(labels[first : first + 1].copy_to_host()[0])
            raise ArgumentError(
                f"{self.loss}: {argument.name}{list(place)} is {label}; "
                f"labels must be in 0 .. {extent - 1}, the positions along {argument.values}."
            )


def flat(array: DeviceArray) -> DeviceArray:
    """Return a contiguous array as a vector."""
    return array.reshape(math.prod(array.shape))
