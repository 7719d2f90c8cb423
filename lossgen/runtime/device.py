"""Calls whose arrays lie on a CUDA device: the same kernels there, and results that stay there.

What the host packs and converts, a device array has to be already: one dtype, C-contiguous, the
axes last. A kernel of the CUDA module is launched as `kernel[blocks, THREADS](...)`, with one block
of threads for each block of rows, whose total it writes; operands are those of the CPU kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import FLOAT32, FLOAT64, check_integer, same_shape
from .compile import load
from .errors import ArgumentError, ArgumentTypeError, DependencyError
from .evaluate import Answer
from .interface import Argument, Interface
from .labels import check_labels
from .parameters import parameter
from .problem import REDUCTIONS, Options
from .requests import Request
from .results import given_out
from .shapes import Rows, match, with_shared
from .sources import KernelSource
from .weights import total


def on_device(value: object) -> bool:
    """Whether `value` lies on a device; arrays of the simulator have no array interface."""
    return hasattr(value, "__cuda_array_interface__") or hasattr(value, "__cuda_ndarray__")


def answer(
    face: Interface,
    source: KernelSource,
    request: Request,
    values: tuple[Sequence[object], Sequence[object]],
    options: Options,
    vector: object = None,
) -> Answer:
    """Evaluate one batch function where its arrays are.

    Raises:
        DependencyError: without numba-cuda, or without kernels for CUDA.
        ArgumentError, ArgumentTypeError: before anything is launched.
    """
    cuda = cuda_module()
    _check_options(face, options)
    call = _read_call(cuda, face, values)
    weight, divisor = _weight(cuda, call, options)
    heads = [*call.columns, *call.shared, weight]
    if request.form != "value":
        heads.append(call.dtype.type(1.0 / divisor if divisor else 0.0))
    if request.form == "hessian_vector_product":
        heads.append(_vector(cuda, call, request.slots[0], vector))
    each = request.value and options.reduction == "none"
    shapes = [call.rows.leading] if each else []
    shapes += [call.shape(request.slots[slot]) for slot in request.targets]
    results = _results(cuda, call, options, shapes)
    tails: list[Any] = [None] * len(request.slots)
    for slot, result in zip(request.targets, results[each:], strict=True):
        tails[slot] = _flat(result, face.argument(request.slots[slot]), call.rows)
    totals = cuda.device_array(-(-call.rows.count // face.block), FLOAT64)
    if request.form in ("value", "value_and_gradient", "derivatives"):
        tails = [totals, results[0].reshape(call.rows.count) if each else None, *tails]
    if call.rows.count:
        module = load(source, "cuda")
        getattr(module, request.form)[totals.size, module.THREADS](*heads, *tails)
    if each or not request.value:
        return Answer(results[0] if each else None, results[each:])
    added = float(np.add.reduce(totals.copy_to_host()))
    return Answer(added / divisor if divisor else 0.0, results)


@dataclass(frozen=True)
class Call:
    """The inputs of a call: device arrays as the caller gave them, and as the kernel gets them."""

    face: Interface
    rows: Rows
    dtype: np.dtype[Any]
    arrays: list[Any]
    columns: list[Any]
    shared: list[Any]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of what the caller gave as the argument of that name."""
        return tuple(self.arrays[self.face.position[name]].shape)


def _read_call(
    cuda: Any, face: Interface, values: tuple[Sequence[object], Sequence[object]]
) -> Call:
    """Return the validated inputs of a call.

    Raises:
        ArgumentError, ArgumentTypeError: naming the argument that is not as it must be.
    """
    arrays = [_read(cuda, face, a.name, v) for a, v in zip(face.public, values[0], strict=True)]
    shared = [
        None if argument.scalar else _read(cuda, face, argument.name, value)
        for argument, value in zip(face.shared, values[1], strict=True)
    ]
    rows = match(face, tuple([tuple(array.shape) for array in arrays]), None)
    extents = with_shared(face, rows.extents, shared)
    dtype = _dtype(face, arrays, shared)
    _check_labels(face, arrays, extents)
    constants = [
        dtype.type(parameter(face.name, argument, value, dtype)) if array is None else array
        for argument, value, array in zip(face.shared, values[1], shared, strict=True)
    ]
    columns = [_flat(array, a, rows) for array, a in zip(arrays, face.public, strict=True)]
    return Call(face, rows, dtype, [*arrays, *shared], columns, constants)


def cuda_module() -> Any:
    """Return `numba.cuda` of numba-cuda, or its simulator.

    Raises:
        DependencyError: when it is not installed.
    """
    try:
        from numba import cuda
    except ImportError as error:
        raise DependencyError(
            "arrays on a device need numba-cuda: pip install 'lossgen[cuda12]', or [cuda13]."
        ) from error
    return cuda


def _check_options(face: Interface, options: Options) -> None:
    if options.reduction not in REDUCTIONS:
        raise ArgumentError(
            f"{face.name}: reduction is {options.reduction!r}; it must be 'mean', 'sum' or 'none'."
        )
    for name in ("axis", "axes", "class_weight", "ignore_label"):
        if getattr(options, name) is not None:
            raise ArgumentError(
                f"{face.name}: {name}= is not there for arrays on a device; "
                "move the axes last, and give sample_weight=."
            )
    if face.prepared:
        raise ArgumentError(
            f"{face.name}: {face.prepared[0]} is computed on the host from each row; "
            "copy the arrays to the host."
        )


def _read(cuda: Any, face: Interface, name: str, value: Any) -> Any:
    if not on_device(value):
        raise ArgumentTypeError(
            f"{face.name}: {name} lies on the host and other arguments on a device; move it there."
        )
    array = value if hasattr(value, "__cuda_ndarray__") else cuda.as_cuda_array(value, sync=False)
    if not array.is_c_contiguous():
        raise ArgumentError(
            f"{face.name}: {name} is not C-contiguous; on a device it has to be, so copy it first."
        )
    return array


def _dtype(face: Interface, arrays: Sequence[Any], shared: Sequence[Any]) -> np.dtype[Any]:
    found: dict[np.dtype[Any], str] = {}
    for argument, array in zip((*face.public, *face.shared), (*arrays, *shared), strict=True):
        if array is None:
            continue
        if argument.integer:
            check_integer(face.name, argument.name, array.dtype)
        else:
            found.setdefault(array.dtype, argument.name)
    dtype = next(iter(found), FLOAT32)
    if len(found) > 1 or dtype not in (FLOAT32, FLOAT64):
        listed = ", ".join(f"{name} has {dtype}" for dtype, name in found.items())
        raise ArgumentTypeError(
            f"{face.name}: {listed}; on a device all must be float32, or all float64."
        )
    return dtype


def _check_labels(face: Interface, arrays: Sequence[Any], extents: Mapping[str, int]) -> None:
    """Check labels on the host: a label out of range must never be followed."""
    for argument, array in zip(face.public, arrays, strict=True):
        if argument.integer:
            check_labels(face.name, argument, array.copy_to_host(), extents)


def _weight(cuda: Any, call: Call, options: Options) -> tuple[Any, float]:
    """Return the weights on the device, and what the reduction divides by."""
    weight = None
    divisor = float(call.rows.count)
    if options.sample_weight is not None:
        given: Any = options.sample_weight
        host = np.asarray(given.copy_to_host() if on_device(given) else given, call.dtype)
        same_shape(call.face.name, "sample_weight", host.shape, call.rows.leading)
        weight = cuda.to_device(np.ascontiguousarray(host.reshape(-1)))
        divisor = total(call.face, host.reshape(-1), call.rows.count)
    return weight, divisor if options.reduction == "mean" else 1.0


def _vector(cuda: Any, call: Call, name: str, vector: object) -> Any:
    given = _read(cuda, call.face, "vector", vector)
    same_shape(call.face.name, f"vector, like {name},", tuple(given.shape), call.shape(name))
    return _flat(given, call.face.argument(name), call.rows)


def _results(
    cuda: Any, call: Call, options: Options, shapes: Sequence[tuple[int, ...]]
) -> list[Any]:
    """Return the arrays to write: those of `out=`, or fresh ones."""
    face = call.face
    outs = given_out(face.name, options.out, len(shapes), on_device)
    for out, shape in zip(outs, shapes, strict=True):
        if out is not None:
            same_shape(face.name, "out=", tuple(out.shape), shape)
            if out.dtype != call.dtype:
                raise ArgumentError(
                    f"{face.name}: out= has dtype {out.dtype}; it must be {call.dtype}."
                )
    return [
        cuda.device_array(shape, call.dtype) if out is None else _read(cuda, face, "out=", out)
        for out, shape in zip(outs, shapes, strict=True)
    ]


def _flat(array: Any, argument: Argument, rows: Rows) -> Any:
    """Return a device array as (rows, *axes)."""
    shape = (rows.count, *(rows.extents[axis] for axis in argument.axes))
    return array if tuple(array.shape) == shape else array.reshape(*shape)
