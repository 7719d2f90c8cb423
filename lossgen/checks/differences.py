"""A second opinion that knows no calculus: kernels against differences of the kernels' own values.

Where the point is farther than 1e-3 from every kink the gradient must be the slope of the value and the
Hessian the slope of the gradient; at a kink the gradient must lie between the one-sided slopes; and
H must be symmetric.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from lossgen.runtime import Loss

from .accuracy import Tally, shown
from .context import Answered, Context
from .forms import Form, all_gradients, available, chosen, hessian_vector_product
from .report import Row
from .samples import LONG, Batch
from .slopes import Slope, central, one_sided, room

FAR = 1e-3
SMOOTH = ("tame", "moderate", "half_hard")
FLOAT64 = np.dtype(np.float64)

# An estimate's own error is a guess that may be short of the truth by an order of magnitude; a wrong
# kernel is wrong by far more than one part in a million.
DOUBT = 30.0
RELATIVE = 1e-6
# Estimates worse than this share of the slope say nothing.
USELESS = 1e-2


@dataclass(frozen=True)
class Subject:
    """Rows of a batch, and the fused form that gives their value (and curvature, if there is one)."""

    loss: Loss
    batch: Batch
    form: Form

    def outputs(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs of the fused form at other numbers."""
        return dict(self.form(self.loss, _moved(self.batch, columns)))

    def along(self, name: str, element: tuple[int, ...], output: str) -> Callable[[Any], Any]:
        """Return `output` as a function of one element of one argument, of shape (levels, rows)."""
        whole = (slice(None), *element)

        def function(at: Any) -> Any:
            levels = len(at)
            columns = {key: np.concatenate([column] * levels) for key, column in self.batch.columns.items()}
            columns[name][whole] = at.reshape(-1)
            found = self.outputs(columns)[output]
            return (found if output == "value" else found[whole]).reshape(at.shape)

        return function


def differences(loss: Loss, context: Context) -> list[Row]:
    """Compare gradient, Hessian diagonal and H v with differences, in float64."""
    subjects = list(_subjects(loss, context))
    rows = [_gradient(loss, subjects), _bracket(loss, context)]
    if loss.interface["second"] is not None:
        if loss.interface["hessian_diagonal"]:
            rows.append(_curvature(loss, subjects))
        if "Hessian times vector" in chosen(loss, context.everything, context.seed):
            rows.append(_product(subjects))
            rows.append(_symmetry(subjects))
    return [row for row in rows if row.points or not row.ok]


def _subjects(loss: Loss, context: Context) -> Iterator[Subject]:
    """Yield the smooth rows of each batch."""
    for answered in context.answered[FLOAT64]:
        kept = [place for place in _short(answered) if _smooth(answered, place)]
        if kept:
            yield Subject(loss, _rows(answered.batch, kept), _value_form(loss))


def _short(answered: Answered) -> range:
    extents = [extent for column in answered.batch.columns.values() for extent in column.shape[1:]]
    return range(0 if LONG in extents or 0 in extents else len(answered.batch))


def _smooth(answered: Answered, place: int) -> bool:
    answer = answered.answers[place][0]
    return answered.batch.recipes[place] in SMOOTH and answer.margin > FAR


def _value_form(loss: Loss) -> Form:
    fused, _ = available(loss)
    return next(form for name, form in fused.items() if name != "all gradients")


def _gradient(loss: Loss, subjects: list[Subject]) -> Row:
    """The gradient of each per-row argument is the slope of the value."""
    tally, moving, flat = Tally(), False, True
    for subject in subjects:
        found = all_gradients(loss, subject.batch)
        for name, element, at, far in _elements(subject.batch):
            slope = central(subject.along(name, element, "value"), at, far)
            given = found[f"d_{name}"][(slice(None), *element)]
            _compare(tally, subject.batch, slope, given, f"d_{name}", element)
            moving |= bool(np.any(abs(slope.slope) > 2 * slope.error))
            flat &= not np.any(given)
    note = "the gradient is identically 0, the value is not constant" if flat and moving else ""
    return _verdict("gradient = slope of the value", "gradient", tally, note)


def _curvature(loss: Loss, subjects: list[Subject]) -> Row:
    """The Hessian diagonal is the slope of each gradient element along itself."""
    name = loss.interface["second"]
    tally = Tally()
    for subject in subjects:
        found = subject.outputs(dict(subject.batch.columns))[f"h_{name}"]
        for argument, element, at, far in _elements(subject.batch):
            if argument == name:
                slope = central(subject.along(name, element, f"d_{name}"), at, far)
                given = found[(slice(None), *element)]
                _compare(tally, subject.batch, slope, given, f"h_{name}", element)
    return _verdict("Hessian = slope of the gradient", "Hessian diagonal", tally)


def _product(subjects: list[Subject]) -> Row:
    """H v is the slope of the gradient along v."""
    tally = Tally()
    for subject in subjects:
        loss, batch = subject.loss, subject.batch
        name = loss.interface["second"]
        found = hessian_vector_product(loss, batch)[f"hv_{name}"]
        at, way = batch.columns[name], batch.vectors
        far = _reach(batch, name)

        def function(steps: Any, batch: Batch = batch, at: Any = at, way: Any = way) -> Any:
            levels = len(steps)
            columns = {key: np.concatenate([value] * levels) for key, value in batch.columns.items()}
            shift = steps.reshape(-1, *[1] * (at.ndim - 1)) * np.concatenate([way] * levels)
            columns[name] = columns[name] + shift
            moved = all_gradients(loss, _moved(batch, columns))[f"d_{name}"]
            return moved.reshape(levels, len(at), -1)

        for column, element in enumerate(np.ndindex(at.shape[1:])):
            slope = central(
                lambda steps, column=column: function(steps)[..., column],
                np.zeros(len(at)), far,
            )  # fmt: skip
            given = found[(slice(None), *element)]
            _compare(tally, batch, slope, given, f"hv_{name}", element)
    return _verdict("H v = slope of the gradient along v", "Hessian times vector", tally)


def _symmetry(subjects: list[Subject]) -> Row:
    """u . H v = v . H u, to rounding of the terms of both."""
    tally = Tally()
    for subject in subjects:
        loss, batch = subject.loss, subject.batch
        name = loss.interface["second"]
        v = batch.vectors
        u = np.roll(v, 1, axis=0) * np.cos(np.arange(v.size)).reshape(v.shape)
        left = u * hessian_vector_product(loss, batch)[f"hv_{name}"]
        right = v * hessian_vector_product(loss, replace(batch, vectors=u))[f"hv_{name}"]
        axes = tuple(range(1, v.ndim))
        size = abs(left).sum(axes) + abs(right).sum(axes)
        with np.errstate(all="ignore"):
            apart = abs(left.sum(axes) - right.sum(axes)) / (RELATIVE * size)
        for place, distance in enumerate(np.where(size > 0, apart, 0.0)):
            if np.isfinite(distance):
                tally.add(float(distance), lambda place=place: _at(batch, place, ""))
    return _verdict("u.Hv = v.Hu", "Hessian times vector", tally)


def _bracket(loss: Loss, context: Context) -> Row:
    """At a kink the gradient lies between the one-sided slopes."""
    tally = Tally()
    for answered in context.answered[FLOAT64]:
        kept = [place for place in _short(answered) if answered.answers[place][0].margin == 0]
        if not kept:
            continue
        subject = Subject(loss, _rows(answered.batch, kept), _value_form(loss))
        found = all_gradients(loss, subject.batch)
        for name, element, at, far in _elements(subject.batch):
            left, right = one_sided(subject.along(name, element, "value"), at, far)
            given = found[f"d_{name}"][(slice(None), *element)]
            low, high = np.minimum(left, right), np.maximum(left, right)
            outside = np.maximum(low - given, given - high)
            allowed = 1e-4 * np.maximum(np.maximum(abs(low), abs(high)), 1)
            for place in np.flatnonzero(np.isfinite(outside) & (far > 0)):
                said = f"d_{name}{list(element) or ''}: {given[place]!r} against slopes {left[place]!r} and {right[place]!r}"
                tally.add(
                    max(float(outside[place] / allowed[place]), 0.0),
                    lambda place=place, said=said: _at(subject.batch, int(place), said),  # noqa: B023
                )
    return _verdict("gradient between the slopes at kinks", "gradient", tally)


def _elements(batch: Batch) -> Iterator[tuple[str, tuple[int, ...], Any, Any]]:
    """Yield each element of each real per-row argument: its numbers, and how far they may move."""
    for argument in batch.entry.per_row:
        if argument.name not in batch.columns or not argument.domain.differentiable:
            continue
        column = batch.columns[argument.name]
        for element in np.ndindex(column.shape[1:]):
            at = column[(slice(None), *element)]
            yield argument.name, element, at, room(argument.domain, at)


def _reach(batch: Batch, name: str) -> Any:
    """Return how far each row may move along the vector of its batch."""
    domain = batch.entry.argument(name).domain
    far = room(domain, batch.columns[name])
    with np.errstate(all="ignore"):
        allowed = np.where(batch.vectors == 0, np.inf, far / abs(batch.vectors))
    return allowed.reshape(len(far), -1).min(axis=1)


def _compare(
    tally: Tally, batch: Batch, slope: Slope, given: Any, output: str, element: tuple[int, ...]
) -> None:
    """Add the distance of a derivative from the numerical slope, in what the slope is known to."""
    size = np.maximum(abs(slope.slope), abs(given))
    allowed = DOUBT * slope.error + RELATIVE * size
    useful = np.isfinite(slope.slope) & np.isfinite(given) & (slope.error <= USELESS * size + 1e-12)
    tally.skipped += int(np.count_nonzero(~useful))
    for place in np.flatnonzero(useful):
        said = f"{output}{list(element) or ''}: {given[place]!r}, slope {slope.slope[place]!r}"
        distance = abs(given[place] - slope.slope[place])
        ratio = distance / allowed[place] if distance else 0.0
        tally.add(float(ratio), lambda place=place, said=said: _at(batch, int(place), said))


def _verdict(check: str, output: str, tally: Tally, note: str = "") -> Row:
    worst = max(tally.worst, 0.0)
    return Row(
        check, output, "float64", tally.points, worst, tally.where, 1.0,
        worst <= 1.0 and not note, tally.skipped, unit="tolerance", note=note,
    )  # fmt: skip


def _at(batch: Batch, place: int, said: str) -> str:
    given = {name: column[place] for name, column in batch.columns.items()} | dict(batch.shared)
    return ", ".join(f"{name}={shown(value)}" for name, value in given.items()) + f": {said}"


def _rows(batch: Batch, kept: list[int]) -> Batch:
    columns = {name: column[kept] for name, column in batch.columns.items()}
    vectors = batch.vectors[kept] if len(batch.vectors) else batch.vectors
    return replace(
        batch, columns=columns, recipes=tuple(batch.recipes[place] for place in kept), vectors=vectors
    )


def _moved(batch: Batch, columns: dict[str, Any]) -> Batch:
    rows = len(next(iter(columns.values())))
    return replace(batch, columns=columns, recipes=("moved",) * rows)
