"""The laws that hold to rounding: 2 ulp of the sum of absolute values, where sums differ in order.

Each takes a subject and raises AssertionError where it fails.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from laws.subjects import DTYPES, Subject, make

ULPS = 2


def close(found: Any, expected: Any, scale: Any, dtype: type, ulps: float = ULPS) -> None:
    """Assert that `found` is within `ulps` units in the last place of `scale`, in `dtype`."""
    unit = np.spacing(np.maximum(np.abs(scale), np.finfo(dtype).tiny).astype(dtype)).astype(float)
    error = np.abs(np.asarray(found, float) - np.asarray(expected, float))
    worst = np.max(error / unit, initial=0.0)
    assert worst <= ulps, f"{worst:.3g} ulp, allowed {ulps}"


def weight_k_is_k_copies(subject: Subject) -> None:
    copies = np.repeat(np.arange(subject.rows), subject.weight.astype(int))
    weighted = subject.call()
    copied = subject.call(subject.take(copies), sample_weight=np.ones(len(copies)))
    close(weighted[0], copied[0], _mean_size(subject), subject.dtype)
    first = np.searchsorted(copies, np.arange(subject.rows))
    for one, other in zip(weighted[1:], copied[1:], strict=True):
        expected = other[first] * _by_rows(subject.weight, other)
        close(one, expected, np.max(np.abs(one)), subject.dtype)


def weight_zero_is_no_row(subject: Subject) -> None:
    """Whatever stands in such a row: a NaN times 0 would be seen."""
    kept = np.arange(subject.rows) % 3 != 1
    arguments = {name: _spoilt(subject, array, ~kept) for name, array in subject.arguments.items()}
    weight = np.where(kept, subject.weight, 0)
    rows = np.full(subject.rows, np.nan, subject.dtype)
    subject.value(arguments, sample_weight=weight, reduction="none", out=rows)
    assert not rows[~kept].any(), "a row of weight 0 has a loss"
    with_zeros = subject.call(arguments, sample_weight=weight)
    without = subject.call(subject.take(kept), sample_weight=subject.weight[kept])
    close(with_zeros[0], without[0], _mean_size(subject, kept), subject.dtype)
    for one, other in zip(with_zeros[1:], without[1:], strict=True):
        assert not one[~kept].any(), "a row of weight 0 has a derivative"
        close(one[kept], other, np.max(np.abs(other)), subject.dtype)


def row_order_does_not_matter(subject: Subject) -> None:
    order = np.random.default_rng(1).permutation(subject.rows)
    straight = subject.call()
    shuffled = subject.call(subject.take(order), sample_weight=subject.weight[order])
    close(shuffled[0], straight[0], _mean_size(subject), subject.dtype)
    for one, other in zip(shuffled[1:], straight[1:], strict=True):
        close(one, other[order], np.max(np.abs(other)), subject.dtype)


def none_averaged_is_mean(subject: Subject) -> None:
    total = subject.weight.sum(dtype=float)
    mean, rows = subject.call(), subject.each()
    close(
        mean[0],
        np.sum(subject.weight * rows[0], dtype=float) / total,
        _mean_size(subject),
        subject.dtype,
    )
    for one, other in zip(mean[1:], rows[1:], strict=True):
        expected = _by_rows(subject.weight, other) * other.astype(float) / total
        close(one, expected, np.max(np.abs(one)), subject.dtype)


def mean_is_sum_over_weight(subject: Subject) -> None:
    total = subject.weight.sum(dtype=float)
    mean, added = subject.call(), subject.call(reduction="sum")
    close(mean[0], added[0] / total, _mean_size(subject), subject.dtype)
    for one, other in zip(mean[1:], added[1:], strict=True):
        close(one, other / total, np.max(np.abs(one)), subject.dtype)


def shared_gradient_adds_up_over_rows(subject: Subject) -> None:
    """Of losses with a shared argument that has a gradient; holds emptily for the others."""
    names = [name for name in subject.loss.interface["gradients"] if name in subject.shared]
    half = np.arange(subject.rows) < subject.rows // 2

    def gradient(arguments: dict[str, Any], weight: np.ndarray, name: str) -> np.ndarray:
        return subject.loss.gradient(
            **arguments, **subject.shared, wrt=name, sample_weight=weight, reduction="sum"
        )

    for name in names:
        whole = gradient(subject.arguments, subject.weight, name)
        parts = [gradient(subject.take(rows), subject.weight[rows], name) for rows in (half, ~half)]
        close(whole, parts[0] + parts[1], np.max(np.abs(whole)), subject.dtype)
        assert np.shape(whole) == np.shape(subject.shared[name])


# A float32 kernel is to be as good as the exact function of inputs that are off by so many ulp of
# float32, plus as many ulp of the result and of the terms it is a sum of: backward stability, with
# room for an elementary function's 8 ulp. Terms are taken to be as large as a typical loss for the
# value, and as the largest loss or derivative for a derivative; the checks measure them exactly.
BACKWARD = 16


def float32_is_float64_rounded(subject: Subject) -> None:
    narrow, wide = (replace(subject, **_numbers(make(subject.loss, dtype))) for dtype in DTYPES)
    exact, found = wide.each(), narrow.each()
    moved = [wide.each(_moved(wide, draw)) for draw in range(6)]
    epsilon = np.finfo(np.float32).eps
    largest = max(np.max(np.abs(result)) for result in exact)
    for at, (one, other) in enumerate(zip(found, exact, strict=True)):
        sensitivity = np.max([np.abs(draw[at] - other) for draw in moved], axis=0)
        typical = np.median(np.abs(other)) if at == 0 else largest
        bound = BACKWARD * (sensitivity + epsilon * (np.abs(other) + typical))
        worst = np.max(np.abs(one - other) / np.maximum(bound, np.finfo(np.float32).tiny))
        assert worst <= 1, f"result {at}: {worst:.3g} times the bound"


LAWS = {
    "weight k is k copies": weight_k_is_k_copies,
    "weight 0 is no row": weight_zero_is_no_row,
    "row order does not matter": row_order_does_not_matter,
    "none averaged is mean": none_averaged_is_mean,
    "gradient of mean is gradient of sum over weight": mean_is_sum_over_weight,
    "shared gradient adds up over rows": shared_gradient_adds_up_over_rows,
    "float32 is float64 rounded": float32_is_float64_rounded,
}


def _mean_size(subject: Subject, rows: Any = slice(None)) -> float:
    """Return the mean of the absolute losses of some rows, weighted."""
    weight = subject.weight[rows]
    return float(np.sum(weight * np.abs(subject.each()[0][rows]), dtype=float) / weight.sum())


def _by_rows(weight: np.ndarray, like: np.ndarray) -> np.ndarray:
    return weight.reshape(-1, *[1] * (like.ndim - 1))


def _spoilt(subject: Subject, array: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the array with numbers in some rows that no sum survives, where it holds numbers."""
    array = array.copy()
    if array.dtype.kind == "f":
        # A preparation, such as an assignment, may refuse NaN; it sees every row.
        array[rows] = 1e30 if subject.loss.interface["prepared"] else np.nan
    return array


def _moved(subject: Subject, seed: int) -> dict[str, Any]:
    """Return the arguments, each number off by up to one ulp of float32, inside its domain."""
    rng = np.random.default_rng(seed)
    moved = {}
    for name, array in subject.arguments.items():
        domain = subject.loss.interface["arguments"][name]["domain"]
        moved[name] = array
        if array.dtype.kind == "f" and domain != "Sign":
            factor = 1 + np.finfo(np.float32).eps * rng.choice([-1, 1], array.shape)
            upper = 1.0 if domain in ("Unit", "OpenUnit") else np.inf
            moved[name] = np.minimum(array * factor, upper)
    return moved


def _numbers(subject: Subject) -> dict[str, Any]:
    names = ("dtype", "arguments", "shared", "weight")
    return {name: getattr(subject, name) for name in names}
