"""Labels: integers that name a position along an axis, checked before a kernel may follow them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .arrays import Array, first_where
from .errors import ArgumentError
from .interface import Argument


def check_labels(loss: str, argument: Argument, labels: Array, extents: Mapping[str, int]) -> None:
    """Refuse labels that name no position of their axis; the message says which, and where.

    Raises:
        ArgumentError: for a label outside 0 .. extent - 1.
    """
    if argument.values is None or labels.size == 0:
        return
    extent = classes(loss, argument, extents)
    low = int(np.minimum.reduce(labels, axis=None))
    high = int(np.maximum.reduce(labels, axis=None))
    if low >= 0 and high < extent:
        return
    at = first_where((labels < 0) | (labels >= extent))
    position = f"[{', '.join(map(str, at))}]" if at else ""
    allowed = f"0 .. {extent - 1}" if extent else "nothing, since the axis is empty"
    advice = " Say ignore_label= if it marks rows to leave out." if low < 0 else ""
    raise ArgumentError(
        f"{loss}: {argument.name}{position} is {int(labels[at])}; "
        f"it must be in {allowed}, the positions along {argument.values}.{advice}"
    )


def classes(loss: str, argument: Argument, extents: Mapping[str, int]) -> int:
    """Return the extent of the axis that a label points into."""
    assert argument.values is not None
    try:
        return extents[argument.values]
    except KeyError:
        raise ArgumentError(
            f"{loss}: nothing says how long the axis {argument.values} of {argument.name} is."
        ) from None


def without_ignored(labels: Array, ignored: object) -> tuple[Array, Array | None]:
    """Return the labels with 0 in place of `ignored`, and where the rows count (None: all do)."""
    if ignored is None:
        return labels, None
    kept = labels != ignored
    return np.where(kept, labels, 0), kept
