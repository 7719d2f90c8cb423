"""A second opinion that knows no calculus: kernels against differences of the kernels' own values.

Where the point is farther than 1e-3 from every kink, the gradient must be the slope of the value
and the Hessian the slope of the gradient; at a kink the gradient must lie between the one-sided
slopes; and H must be symmetric.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lossgen.runtime import Loss

from .accuracy import Tally
from .context import Answered, Context
from .forms import chosen, hessian_vector_product
from .report import Row
from .slopes import EPS, Slope, central, one_sided, room
from .subjects import Place, Subject, subjects, verdict

FAR = 1e-3
SMOOTH = ("tame", "moderate", "half_hard")

# An estimate's own error is a guess that may be short of the truth by an order of magnitude; a
# wrong kernel is wrong by far more than one part in a million.
DOUBT = 30.0
RELATIVE = 1e-6
# Estimates worse than this share of the slope say nothing.
USELESS = 1e-2
# One-sided slopes over a step of 2^-20 have one good half of their digits.
COARSE = 1e-4


def differences(loss: Loss, context: Context) -> list[Row]:
    """Compare gradient, Hessian diagonal and H v with differences, in float64."""
    smooth = list(subjects(loss, context, _is_smooth))
    found = [_gradient(smooth)]
    if not context.entry.prepared:
        found.append(_bracket(list(subjects(loss, context, _is_kink))))
    name = loss.interface["second"]
    if name is not None and loss.interface["hessian_diagonal"]:
        found.append(_curvature(name, smooth))
    if "Hessian times vector" in chosen(loss, context.everything, context.seed):
        found += [_product(name, smooth), _symmetry(name, smooth)]
    return [row for row in found if row.points or not row.ok]


def _is_smooth(answered: Answered, row: int) -> bool:
    # Hard numbers repeat: a tie in an ordering or assignment is a kink that no comparison shows.
    recipes = SMOOTH[:2] if answered.batch.entry.prepared else SMOOTH
    return answered.batch.recipes[row] in recipes and answered.answers[row][0].margin > FAR


def _is_kink(answered: Answered, row: int) -> bool:
    return answered.answers[row][0].margin == 0


def _gradient(smooth: list[Subject]) -> Row:
    """The gradient of each per-row argument is the slope of the value, and not 0 throughout."""
    tally, moving, flat = Tally(), False, True
    for subject in smooth:
        gradients, size = subject.gradients(), subject.sizes("value")
        for place in subject.places():
            slope = central(subject.along(place, "value"), place.at, place.room, size)
            given = gradients[f"d_{place.name}"][place.rows]
            _compare(tally, subject, slope, given, place.label("d"))
            moving |= bool(np.any(abs(slope.slope) > 2 * slope.error))
            flat &= not np.any(given)
    note = "the gradient is identically 0, the value is not constant" if flat and moving else ""
    return verdict("gradient = slope of the value", "gradient", tally, note)


def _bracket(kinks: list[Subject]) -> Row:
    """At a kink the gradient lies between the one-sided slopes."""
    tally = Tally()
    for subject in kinks:
        gradients = subject.gradients()
        for place in subject.places():
            left, right = one_sided(subject.along(place, "value"), place.at, place.room)
            given = gradients[f"d_{place.name}"][place.rows]
            _between(tally, subject, place, given, (left, right))
    return verdict("gradient between the slopes at kinks", "gradient", tally)


def _between(
    tally: Tally, subject: Subject, place: Place, given: Any, slopes: tuple[Any, Any]
) -> None:
    low, high = np.minimum(*slopes), np.maximum(*slopes)
    with np.errstate(all="ignore"):
        outside = np.maximum(np.maximum(low - given, given - high), 0)
        outside /= COARSE * np.maximum(np.maximum(abs(low), abs(high)), 1)
    for row in np.flatnonzero(np.isfinite(outside) & (place.room > 0)):
        said = f"{place.label('d')} = {given[row]:.9g}, slopes {low[row]:.9g} and {high[row]:.9g}"
        tally.add(float(outside[row]), lambda row=row, said=said: subject.shown(row, said))


def _curvature(name: str, smooth: list[Subject]) -> Row:
    """The Hessian diagonal is the slope of each gradient element along itself."""
    tally = Tally()
    for subject in smooth:
        found = subject.outputs(dict(subject.batch.columns))[f"h_{name}"]
        size = subject.sizes(f"d_{name}")
        for place in subject.places(only=name):
            function = subject.along(place, f"d_{name}")
            slope = central(function, place.at, place.room, size[place.rows])
            _compare(tally, subject, slope, found[place.rows], place.label("h"))
    return verdict("Hessian = slope of the gradient", "Hessian diagonal", tally)


def _product(name: str, smooth: list[Subject]) -> Row:
    """H v is the slope of the gradient along v."""
    tally = Tally()
    for subject in smooth:
        found = hessian_vector_product(subject.loss, subject.batch)[f"hv_{name}"]
        size, far = subject.sizes(f"d_{name}"), _room_along(subject, name)
        for place in subject.places(only=name):
            function = partial(_gradient_along, subject, place)
            slope = central(function, np.zeros(len(far)), far, size[place.rows])
            _compare(tally, subject, slope, found[place.rows], place.label("hv"))
    return verdict("H v = slope of the gradient along v", "Hessian times vector", tally)


def _gradient_along(subject: Subject, place: Place, steps: Any) -> Any:
    """Return one element of the gradient at x + step * v, of the shape of `steps`."""
    columns = subject.repeated(len(steps))
    vectors = np.concatenate([subject.batch.vectors] * len(steps))
    columns[place.name] += steps.reshape(-1, *[1] * (vectors.ndim - 1)) * vectors
    return subject.gradients(columns)[f"d_{place.name}"][place.rows].reshape(steps.shape)


def _room_along(subject: Subject, name: str) -> Any:
    """Return how far each row may move along its vector."""
    batch = subject.batch
    far = room(batch.entry.argument(name).domain, batch.columns[name])
    with np.errstate(all="ignore"):
        allowed = np.where(batch.vectors == 0, np.inf, far / abs(batch.vectors))
    return allowed.reshape(len(far), -1).min(axis=1)


def _symmetry(name: str, smooth: list[Subject]) -> Row:
    """Check that u . H v = v . H u, to rounding of the terms of both."""
    tally = Tally()
    for subject in smooth:
        batch, v = subject.batch, subject.batch.vectors
        u = np.roll(v, 1, axis=0) * np.cos(np.arange(v.size)).reshape(v.shape)
        left = u * hessian_vector_product(subject.loss, batch)[f"hv_{name}"]
        right = v * hessian_vector_product(subject.loss, replace(batch, vectors=u))[f"hv_{name}"]
        axes = tuple(range(1, v.ndim))
        size = abs(left).sum(axes) + abs(right).sum(axes)
        # Where H is 0, what is left of its terms is their rounding.
        size += EPS / RELATIVE * (abs(u) * subject.sizes(f"hv_{name}")).sum(axes)
        with np.errstate(all="ignore"):
            apart = np.where(size > 0, abs((left - right).sum(axes)) / (RELATIVE * size), 0.0)
        for row in np.flatnonzero(np.isfinite(apart)):
            tally.add(float(apart[row]), lambda row=row, subject=subject: subject.shown(row, ""))
    return verdict("u.Hv = v.Hu", "Hessian times vector", tally)


def _compare(tally: Tally, subject: Subject, slope: Slope, given: Any, output: str) -> None:
    """Add the distance of a derivative from the numerical slope, in what the slope is known to."""
    size = np.maximum(abs(slope.slope), abs(given))
    allowed = DOUBT * slope.error + RELATIVE * size + np.finfo(np.float64).tiny
    useful = np.isfinite(slope.slope) & np.isfinite(given) & (slope.error <= USELESS * size + 1e-12)
    tally.skipped += int(np.count_nonzero(~useful))
    for row in np.flatnonzero(useful):
        said = f"{output} = {given[row]:.9g}, slope {slope.slope[row]:.9g}"
        ratio = float(abs(given[row] - slope.slope[row]) / allowed[row])
        tally.add(ratio, lambda row=row, said=said: subject.shown(row, said))
