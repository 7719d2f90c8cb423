"""Calls with arrays on a device: validated like all others, computed there, and left there.

A reduced value is the one number that is copied to the host (the sums of chunks of rows are, and
are added up in float64), labels are checked on the device, and a `prepare` of a loss runs on the
host. Not yet offered for device arrays, and refused: axis=, axes=, class_weight=, ignore_label=.
Everything runs on the default stream of the current device.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from .compile import load
from .device_inputs import Inputs
from .device_outputs import run
from .errors import ArgumentError
from .evaluate import Answer
from .interface import Interface
from .memory import Memory, toolkit
from .prepared import Prepare
from .problem import REDUCTIONS, Options
from .requests import Request
from .sources import KernelSource

_REFUSED = ("class_weight", "ignore_label", "axis", "axes")


def answer(
    face: Interface,
    source: KernelSource,
    prepare: Prepare | None,
    request: Request,
    values: tuple[Sequence[object], Sequence[object]],
    options: Options,
    vector: object = None,
) -> Answer:
    """Evaluate one kernel on the device that the arrays lie on.

    Raises:
        ArgumentError, ArgumentTypeError: before anything is computed or written.
        DependencyError: when numba-cuda is not there.
    """
    toolkit(face.name)
    _check_options(face, options)
    module = load(source, "cuda")
    memory = Memory(face.name, sys.modules[f"{module.__package__}._math"])
    inputs = Inputs(face, memory, options)
    inputs.read(values, prepare)
    if request.form == "hessian_vector_product":
        inputs.read_vector(request.slots[0], vector)
    return run(inputs, module, request)


def _check_options(face: Interface, options: Options) -> None:
    if options.reduction not in REDUCTIONS:
        raise ArgumentError(
            f"{face.name}: reduction is {options.reduction!r}; it must be 'mean', 'sum' or 'none'."
        )
    for option in _REFUSED:
        if getattr(options, option) is not None:
            raise ArgumentError(
                f"{face.name}: {option}= is not there yet for arrays on a device; "
                f"{'put the axes last' if option.startswith('ax') else 'give sample_weight='}."
            )
