"""Kernels against the exact reference, point by point."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from .bounds import bound_of, error, is_beyond
from .context import Answered, Context
from .forms import Form, chosen
from .report import Row

# Digits in which an error is computed: far more than the 53 bits that are compared.
DIGITS = 40


@dataclass
class Tally:
    """The points of one output so far, and the worst of them."""

    points: int = 0
    skipped: int = 0
    unresolved: int = 0
    worst: float = -1.0
    where: str = ""

    def add(self, errors: float, where: Any) -> None:
        """Count one point; `where` is called for the worst only."""
        self.points += 1
        if errors > self.worst:
            self.worst, self.where = errors, where()


def accuracy(loss: Loss, context: Context) -> list[Row]:
    """Compare every chosen form of the loss with the reference, in both dtypes."""
    forms = chosen(loss, context.everything, context.seed)
    return _compared(loss, context.answered, forms)


def extremes(loss: Loss, context: Context) -> list[Row]:
    """Compare them over the whole range of each dtype.

    Without weights: a weight of 4 overflows where the gradient does not.
    """
    forms = chosen(loss, context.everything, context.seed)
    kept = {f"{name} at the extremes": form for name, form in forms.items() if name != "weighted"}
    return _compared(loss, context.extreme, kept)


def _compared(
    loss: Loss, batches: Mapping[np.dtype[Any], list[Answered]], forms: Mapping[str, Form]
) -> list[Row]:
    rows = []
    for dtype, name in itertools.product(batches, forms):
        tallies: dict[str, Tally] = {}
        for answered in batches[dtype]:
            for output, found in forms[name](loss, answered.batch).items():
                compare(tallies.setdefault(output, Tally()), answered, output, found)
        rows += [_row(name, output, dtype, tally, loss.entry) for output, tally in tallies.items()]
    return rows


def compare(tally: Tally, answered: Answered, output: str, found: Any) -> None:
    """Add the errors of one output over one batch."""
    wanted = answered.wanted(output)
    shared = output.startswith("d_") and output[2:] in answered.batch.shared
    computed = [found] if shared else list(np.asarray(found))
    unresolved = sum(not options[0].resolved for options in answered.answers)
    tally.unresolved += unresolved
    dtype = np.asarray(found).dtype
    with mp.workdps(DIGITS):
        for place, (row, options) in enumerate(zip(computed, wanted, strict=True)):
            signed = negative_zero(answered, None if shared else place)
            for element, errors in _errors(np.asarray(row), options, dtype, signed):
                if errors is None:
                    tally.skipped += 1
                else:
                    number = float(np.asarray(row)[element])
                    exact = options[0][element][0]
                    tally.add(
                        errors,
                        lambda: _where(answered, None if shared else place, element, number, exact),  # noqa: B023
                    )


def _errors(
    row: Any, options: list[Any], dtype: np.dtype[Any], signed: bool = False
) -> Iterator[tuple[tuple[int, ...], float | None]]:
    """Yield each element and its least error over what a kernel may answer; None if undefined."""
    for element in np.ndindex(row.shape):
        parts = [option[element] for option in options]
        if parts[0] is None:
            continue
        defined = [part for part in parts if not mp.isnan(part[0])]
        if mp.isnan(parts[0][0]) or not defined:
            yield element, None
        else:
            number = float(row[element])
            if signed and mp.isinf(parts[0][0]) and math.isinf(number):
                number = float(parts[0][0])
            if any(is_beyond(number, part, dtype) for part in defined):
                yield element, None
            else:
                yield element, min(error(number, part, dtype) for part in defined)


def negative_zero(answered: Answered, place: int | None) -> bool:
    """Whether a row holds -0.0 in a domain that starts at 0: see the conventions in `kinks`."""
    batch = answered.batch
    low = [a.name for a in batch.entry.per_row if a.domain.low == 0 and a.name in batch.columns]
    rows = slice(None) if place is None else place
    found = [batch.columns[name][rows] for name in low]
    return any(bool(np.any(np.signbit(numbers) & (numbers == 0))) for numbers in found)


def _row(check: str, output: str, dtype: np.dtype[Any], tally: Tally, entry: Entry) -> Row:
    bound = bound_of(output, entry).ulps
    note = ""
    if tally.unresolved:
        note = f"the reference could not resolve {tally.unresolved} points"
    passed = 0 <= tally.worst <= bound and not tally.unresolved
    worst = max(tally.worst, 0.0) if tally.points else math.nan
    return Row(
        check,
        output,
        str(dtype),
        tally.points,
        worst,
        tally.where,
        bound,
        passed,
        tally.skipped,
        note=note,
    )


def _where(
    answered: Answered, place: int | None, element: tuple[int, ...], found: float, wanted: Any
) -> str:
    batch = answered.batch
    given = dict(batch.shared)
    made = "all rows of a batch"
    if place is not None:
        given = {**{name: column[place] for name, column in batch.columns.items()}, **given}
        made = batch.recipes[place]
    at = f"[{', '.join(map(str, element))}]" if element else ""
    said = ", ".join(f"{name}={shown(value)}" for name, value in given.items())
    return f"{said} ({made}){at}: {found!r}, exactly {mp.nstr(wanted, 17)}"


def shown(value: Any) -> str:
    """Return an argument as a reader can paste it; of a long array, its shape."""
    if np.size(value) > 12:
        return f"<array {np.shape(value)}>"
    if np.ndim(value):
        return np.array2string(np.asarray(value), separator=", ", floatmode="unique").replace(
            "\n", ""
        )
    return repr(value.item() if isinstance(value, np.generic) else value)
