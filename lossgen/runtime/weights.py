"""Row weights: sample weights, class weights and ignored labels in one array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .arrays import Array, check_real, packed, read
from .errors import ArgumentError, ArgumentTypeError
from .interface import Interface


def sample_weights(face: Interface, given: object, leading: tuple[int, ...]) -> Array | None:
    """Return `sample_weight` as an array of exactly the shape of the unreduced loss."""
    if given is None:
        return None
    weight = read(face.name, "sample_weight", given)
    check_real(face.name, "sample_weight", weight.dtype)
    if weight.shape != leading:
        rows = "one weight for each row, and a row has " + ", ".join(face.axes)
        raise ArgumentError(
            f"{face.name}: sample_weight has shape {weight.shape}, the unreduced loss has shape "
            f"{leading}; they must be equal{' (' + rows + ')' if face.axes else ''}."
        )
    return weight


def class_weights(face: Interface, given: object, count: int) -> Array | None:
    """Return `class_weight`, an array or a mapping by class, as an array of one per class."""
    if given is None:
        return None
    if isinstance(given, Mapping):
        table = np.ones(count)
        for label, weight in given.items():
            if not isinstance(label, (int, np.integer)) or not 0 <= label < count:
                raise ArgumentError(
                    f"{face.name}: class_weight names the class {label!r}; "
                    f"the classes are 0 .. {count - 1}."
                )
            table[label] = weight
        return table
    table = read(face.name, "class_weight", given)
    check_real(face.name, "class_weight", table.dtype)
    if table.shape != (count,):
        raise ArgumentError(
            f"{face.name}: class_weight has shape {table.shape}; "
            f"it must be ({count},), one weight for each class."
        )
    return table


def check_label_options(face: Interface, class_weight: object, ignore_label: object) -> None:
    """Refuse `class_weight` and `ignore_label` for a loss without exactly one un-indexed label."""
    for option, given in (("class_weight", class_weight), ("ignore_label", ignore_label)):
        if given is not None and face.label is None:
            raise ArgumentTypeError(
                f"{face.name}: {option}= is for losses with exactly one label per row; "
                "give sample_weight=, or write the mask in the formula."
            )
    if ignore_label is not None and (
        isinstance(ignore_label, bool) or not isinstance(ignore_label, (int, np.integer))
    ):
        raise ArgumentTypeError(
            f"{face.name}: ignore_label is {ignore_label!r}; it must be an integer."
        )


def combined(
    weight: Array | None, table: Array | None, labels: Array, kept: Array | None
) -> Array | None:
    """Return the product of the weights of each row, None where there are none."""
    if table is not None:
        by_class = table[labels]
        weight = by_class if weight is None else weight * by_class
    if kept is None:
        return weight
    # Selected, not multiplied: the weight of an ignored row may be NaN.
    return kept if weight is None else np.where(kept, weight, 0)


def total(face: Interface, weight: Array | None, count: int) -> float:
    """Return what a mean divides by: the number of rows, or the sum of their weights in float64.

    Raises:
        ArgumentError: when weights of both signs cancel, so that there is no mean.
    """
    if weight is None:
        return float(count)
    divisor = float(np.add.reduce(weight, dtype=np.float64))
    if divisor == 0.0 and np.any(weight):
        raise ArgumentError(
            f"{face.name}: the weights sum to 0, so there is no mean; say reduction='sum'."
        )
    return divisor


def flattened(weight: Array | None, dtype: np.dtype[Any]) -> Array | None:
    """Return the weights as the kernel reads them: (rows,), contiguous, of its dtype."""
    return None if weight is None else packed(weight.reshape(-1), dtype)
