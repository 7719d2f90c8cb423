"""The forms in which a loss can be asked, each as a function from a batch to named outputs.

An output is named value, d_x (gradient), h_x (Hessian diagonal) or hv_x (Hessian times vector), and
has one row for each row of the batch; a shared argument's gradient is the sum over the batch.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lossgen.runtime import Loss

from .samples import Batch

Outputs = Mapping[str, Any]
Form = Callable[[Loss, Batch], Outputs]

# Powers of two scale exactly.
WEIGHTS = (1.0, 2.0, 0.5, 4.0)


def all_gradients(loss: Loss, batch: Batch) -> Outputs:
    """Every gradient in one pass. That of the sum is that of each row, unscaled."""
    names = tuple(loss.interface["gradients"])
    found = loss.gradient(**batch.columns, **batch.shared, wrt=names, reduction="sum")
    return {f"d_{name}": array for name, array in zip(names, found, strict=True)}


def derivatives(loss: Loss, batch: Batch) -> Outputs:
    """Value, gradient and Hessian diagonal, fused."""
    name = loss.interface["second"]
    value, first, second = loss.derivatives(**batch.columns, **batch.shared, reduction="none")
    return {"value": value, f"d_{name}": first, f"h_{name}": second}


def value(loss: Loss, batch: Batch) -> Outputs:
    """The value alone."""
    return {"value": loss(**batch.columns, **batch.shared, reduction="none")}


def value_and_gradient(loss: Loss, batch: Batch) -> Outputs:
    """The value of each row with the gradient, fused."""
    names = per_row_gradients(loss)[:1]
    found, gradients = loss.value_and_gradient(
        **batch.columns, **batch.shared, wrt=names, reduction="none"
    )
    return {"value": found, f"d_{names[0]}": gradients[0]}


def each_gradient(loss: Loss, batch: Batch) -> Outputs:
    """Each gradient by itself."""
    return {
        f"d_{name}": loss.gradient(**batch.columns, **batch.shared, wrt=name, reduction="sum")
        for name in loss.interface["gradients"]
    }


def hessian_diagonal(loss: Loss, batch: Batch) -> Outputs:
    """The Hessian diagonal by itself."""
    found = loss.hessian_diagonal(**batch.columns, **batch.shared, reduction="none")
    return {f"h_{loss.interface['second']}": found}


def hessian_vector_product(loss: Loss, batch: Batch) -> Outputs:
    """The Hessian times a vector."""
    found = loss.hessian_vector_product(
        **batch.columns, **batch.shared, vector=batch.vectors, reduction="none"
    )
    return {f"hv_{loss.interface['second']}": found}


def weighted(loss: Loss, batch: Batch) -> Outputs:
    """Gradients under row weights that are powers of two, divided by them again."""
    weights = np.resize(np.array(WEIGHTS, batch.dtype), len(batch))
    names = per_row_gradients(loss)
    found = loss.gradient(
        **batch.columns, **batch.shared, wrt=names, sample_weight=weights, reduction="sum"
    )
    return {
        f"d_{name}": array / weights.reshape(-1, *[1] * (array.ndim - 1))
        for name, array in zip(names, found, strict=True)
    }


def per_row_gradients(loss: Loss) -> tuple[str, ...]:
    """Return the arguments with a gradient for each row."""
    return tuple(n for n in loss.interface["gradients"] if n in loss.interface["arguments"])


def chosen(loss: Loss, everything: bool, seed: int) -> dict[str, Form]:
    """Return the forms to check: the fused ones, and a rotating tenth of the others.

    A compilation costs 0.2 to 0.5 s and a loss has a dozen; all forms of 300 losses are hours. The
    tenth is drawn by name and seed, so that another seed checks others.
    """
    fused, others = available(loss)
    if everything:
        return {**fused, **others}
    return {
        **fused,
        **{name: form for name, form in others.items() if _drawn(loss.name, name, seed)},
    }


def available(loss: Loss) -> tuple[dict[str, Form], dict[str, Form]]:
    """Return the forms that are always checked, and the others that the loss has."""
    fused: dict[str, Form] = {"all gradients": all_gradients}
    others: dict[str, Form] = {"value": value, "value and gradient": value_and_gradient}
    if loss.interface["second"] is None or not loss.interface["hessian_diagonal"]:
        fused["value and gradient"] = others.pop("value and gradient")
    else:
        fused["derivatives"] = derivatives
        others["Hessian diagonal"] = hessian_diagonal
    if loss.interface["second"] is not None:
        others["Hessian times vector"] = hessian_vector_product
    others["each gradient"] = each_gradient
    others["weighted"] = weighted
    return fused, others


def _drawn(loss: str, form: str, seed: int) -> bool:
    return (zlib.crc32(f"{loss}/{form}".encode()) + seed) % 10 == 0
