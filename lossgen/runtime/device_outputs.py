"""What a kernel on a device writes: the launch, and the results as the caller is to see them."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np

from . import launch
from .device_inputs import Inputs
from .errors import ArgumentError, ArgumentTypeError
from .evaluate import Answer
from .launch import Launch
from .memory import DeviceArray, is_device_array
from .requests import Request


def run(inputs: Inputs, module: ModuleType, request: Request) -> Answer:
    """Launch the kernel of a request and return its results.

    Raises:
        ArgumentError, ArgumentTypeError: for `out=` that does not fit, or a derivative of each
            row's own loss for what all rows share.
    """
    each = inputs.options.reduction == "none"
    names = [request.slots[slot] for slot in request.targets]
    for name in names:
        _check_reducible(inputs, name)
    outs = _outs(inputs, each and request.value, names)
    size = _launch(inputs, names)
    losses = _rows(inputs, (), outs[0] if each and request.value else None)
    given = dict(zip(request.targets, outs[each and request.value :], strict=True))
    written = [_written(inputs, request, slot, size, given) for slot in range(len(request.slots))]
    if inputs.rows.count:
        _start(inputs, module, request, size, losses, written)
    found = [_finished(inputs, request.slots[slot], written[slot], given[slot]) for slot in given]
    if not request.value:
        return Answer(None, found)
    if each:
        direct = inputs.result == inputs.dtype
        seen = _seen(inputs, losses, inputs.rows.leading, inputs.result, outs[0], direct)
        return Answer(seen, found)
    total = inputs.memory.sum(losses)
    if inputs.options.reduction == "sum":
        return Answer(total, found)
    return Answer(total / inputs.divisor if inputs.divisor else 0.0, found)


def _check_reducible(inputs: Inputs, name: str) -> None:
    shared = inputs.face.argument(name).shared or _stretched(inputs, name)
    if shared and inputs.options.reduction == "none":
        raise ArgumentError(
            f"{inputs.face.name}: {name} is shared by all rows, so its derivative is a sum over "
            "them; say reduction='sum' or 'mean', or give one value for each row."
        )


def _stretched(inputs: Inputs, name: str) -> bool:
    return inputs.shape(name) == () and bool(inputs.rows.leading)


def _dtype(inputs: Inputs, name: str) -> np.dtype[Any]:
    """Return the dtype of a derivative: that of its argument."""
    array = inputs.arrays[name]
    return array.dtype if array is not None and array.dtype.kind == "f" else inputs.result


def _outs(inputs: Inputs, valued: bool, names: list[str]) -> list[DeviceArray | None]:
    """Return the arrays of `out=`, None for each that is to be made."""
    wanted = [(inputs.rows.leading, inputs.result)] if valued else []
    wanted += [(inputs.shape(name), _dtype(inputs, name)) for name in names]
    out = inputs.options.out
    if out is None:
        return [None] * len(wanted)
    outs: list[Any] = list(out) if isinstance(out, tuple) else [out]
    if len(outs) != len(wanted):
        raise ArgumentError(
            f"{inputs.face.name}: out= has {len(outs)} arrays; it must have {len(wanted)}, "
            "in the order of the results."
        )
    for array, (shape, dtype) in zip(outs, wanted, strict=True):
        if array is None:
            continue
        if not is_device_array(array):
            raise ArgumentTypeError(
                f"{inputs.face.name}: out= holds a {type(array).__name__}; it must be an array on "
                "the device."
            )
        if tuple(array.shape) != shape or array.dtype != dtype:
            raise ArgumentError(
                f"{inputs.face.name}: out= has shape {tuple(array.shape)} and dtype {array.dtype}; "
                f"the result has shape {shape} and dtype {dtype}."
            )
    return [None if array is None else inputs.memory.read("out", array) for array in outs]


def _launch(inputs: Inputs, names: list[str]) -> Launch:
    if _elementwise(inputs):
        return launch.numbers(inputs.rows.count, inputs.memory.kernels.EACH)
    widest = [math.prod(inputs.row_shape(argument.name)) for argument in inputs.face.rows]
    extent = max(*widest, *inputs.extents.values())
    summed = any(inputs.face.argument(name).shared for name in names)
    return launch.rows(inputs.rows.count, extent, summed)


def _elementwise(inputs: Inputs) -> bool:
    return not any(argument.axes for argument in (*inputs.face.rows, *inputs.face.shared))


def _rows(inputs: Inputs, shape: tuple[int, ...], out: DeviceArray | None) -> DeviceArray:
    """Return where the kernel writes rows of a shape: in `out` if it can."""
    shape = (inputs.rows.count, *shape)
    if out is not None and out.dtype == inputs.dtype:
        return out.reshape(*shape)
    return inputs.memory.empty(shape, inputs.dtype)


def _written(
    inputs: Inputs, request: Request, slot: int, size: Launch, given: dict[int, DeviceArray | None]
) -> DeviceArray:
    """Return what the kernel gets for a derivative; an empty array declines it."""
    name = request.slots[slot]
    shape = inputs.row_shape(name)
    if slot not in given:
        return inputs.memory.absent(len(shape), inputs.dtype)
    if inputs.face.argument(name).shared:
        parts = size.threads if _elementwise(inputs) else size.groups
        return inputs.memory.filled((parts, *shape), 0.0, inputs.dtype)
    return _rows(inputs, shape, None if _stretched(inputs, name) else given[slot])


def _start(
    inputs: Inputs,
    module: ModuleType,
    request: Request,
    size: Launch,
    losses: DeviceArray,
    written: list[DeviceArray],
) -> None:
    """Launch the kernel."""
    operands = [*inputs.columns, *inputs.constants, inputs.weight]
    if request.form != "value":
        mean = inputs.options.reduction == "mean"
        divisor = inputs.divisor if mean else 1.0
        operands.append(inputs.dtype.type(1.0 / divisor if divisor else 0.0))
    if request.form in ("value", "value_and_gradient", "derivatives"):
        operands.append(losses)
    if inputs.vector is not None:
        operands.append(inputs.vector)
    scratch = getattr(module, "SCRATCH", {}).get(request.form, {})
    own = [
        inputs.memory.empty((size.groups, *(inputs.extents[axis] for axis in axes)), inputs.dtype)
        for axes in scratch.values()
    ]
    inputs.memory.launch(getattr(module, request.form), size, *operands, *written, *own)


def _finished(inputs: Inputs, name: str, written: DeviceArray, out: DeviceArray | None) -> Any:
    """Return a derivative as the caller is to see it: of the shape and dtype of its argument."""
    shape, dtype = inputs.shape(name), _dtype(inputs, name)
    one = inputs.face.argument(name).shared or _stretched(inputs, name)
    if one and shape == ():
        total = inputs.memory.filled((1,), inputs.memory.sum(written), inputs.dtype)
        return _seen(inputs, total, shape, dtype, out, direct=False)
    if one:
        total = inputs.memory.empty(shape, inputs.dtype)
        inputs.memory.sum_parts(written, total)
        return _seen(inputs, total, shape, dtype, out, direct=False)
    return _seen(inputs, written, shape, dtype, out, direct=dtype == inputs.dtype)


def _seen(
    inputs: Inputs,
    array: DeviceArray,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    out: DeviceArray | None,
    direct: bool,
) -> Any:
    """Return a result in its shape and dtype; 0-d as a number.

    It is to lie in `out` if that was given, and `direct` says whether the kernel has put it there.
    """
    if out is not None:
        if not direct:
            inputs.memory.copy(array, out)
        return out
    if shape == ():
        return dtype.type(array.copy_to_host().reshape(()))
    return inputs.memory.converted(array, dtype).reshape(*shape)
