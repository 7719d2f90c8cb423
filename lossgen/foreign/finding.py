"""What is found of one output of a function: its formula, its failures, the digits it keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.verdict.points import Row, shown
from lossgen.verdict.question import Subject

from .asking import Asked
from .blame import blame
from .errors import ForeignError
from .exactly import Truth, is_kink, truth
from .report import RIGHT, WRONG, Digits, Finding
from .rows import far
from .shrink import shrunk

FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)

# A function that computes another formula is further off than this at moderate numbers; one that
# computes the right one carelessly, in float64, is not.
_ANOTHER_FORMULA = 1e-6
# The right formula, computed with cancellation among numbers near 1, may be so far off.
_CARELESS = 1e-10


@dataclass(frozen=True)
class _Compared:
    """One row in one dtype: the exact numbers, what the function said, and the errors in ulps."""

    truth: Truth
    found: list[float]
    ulps: list[float]
    dtype: np.dtype[Any]

    @property
    def worst(self) -> float:
        """The largest error."""
        return max(self.ulps)

    @property
    def is_another(self) -> bool:
        """Whether this is no rounding error, but another number."""
        limit = _ANOTHER_FORMULA / float(np.finfo(FLOAT64).eps)
        return any(
            ulps > limit and not abs(number - exactly) <= _CARELESS
            for ulps, number, exactly in zip(self.ulps, self.found, self.truth.numbers, strict=True)
        )

    @property
    def fails(self) -> bool:
        """Whether a number is infinite or undefined where the exact one is a number."""
        return not all(map(math.isfinite, self.found))


def _compared(
    function: Asked, subject: Subject, dtype: np.dtype[Any], row: Row
) -> _Compared | None:
    """Compare one row; None where there is no exact answer, or the function refuses."""
    exactly = truth(subject, rounded(row, dtype), dtype)
    if exactly is None:
        return None
    found = function.numbers(subject.what, exactly.row, dtype)
    if len(found) != len(exactly.parts):
        raise ForeignError(f"returned {len(found)} numbers, expected {len(exactly.parts)}")
    return _Compared(exactly, found, exactly.ulps(found, dtype), dtype)


def rounded(row: Row, dtype: np.dtype[Any]) -> Row:
    """Return a row of numbers that a dtype holds."""
    return {name: _rounded(value, dtype) for name, value in row.items()}


def _rounded(value: Any, dtype: np.dtype[Any]) -> Any:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    found = array.astype(dtype).astype(np.float64)
    return found if found.ndim else float(found)


def finding(function: Asked, what: Any, rows: Sequence[Row], fixed: Mapping[str, Any]) -> Finding:
    """Return what is found of one output at rows, and over the range of the dtypes."""
    subject = Subject(function.entry, what, function.wrt)
    compare = partial(_compared, function, subject)
    moderate, refused = _all(partial(compare, FLOAT64), rows)
    if not moderate:
        return Finding(what, WRONG, 0, refused=refused, point="every point", found="an error",
                       expected="a number")  # fmt: skip
    others = [each for each in moderate if each.is_another]
    kinks = [each for each in others if is_kink(subject, each.truth)]
    wrong = [each for each in others if all(each is not kink for kink in kinks)]
    inside = [each for each in wrong if not at_end(function.entry, each.truth.row)]
    other = shown(function.entry, kinks[0].truth.row) if kinks else ""
    if wrong:
        return _wrong(function, subject, inside or wrong, moderate, refused, other)
    extreme, more = _all(partial(compare, FLOAT64), far(function.entry, fixed, FLOAT64))
    single, also = _all(partial(compare, FLOAT32), rows)
    ends, last = _all(partial(compare, FLOAT32), far(function.entry, fixed, FLOAT32))
    failures = _failures(function.entry, [*moderate, *extreme, *single, *ends], compare)
    digits = [
        _digits(function.entry, name, compared)
        for name, compared in (
            ("float32", single), ("float64", moderate),
            ("float32 over its range", ends), ("float64 over its range", extreme),
        )
    ]  # fmt: skip
    refused += more + also + last
    return Finding(
        what, WRONG if failures else RIGHT, len(moderate) + len(extreme), kinks=other,
        refused=refused, failures=tuple(failures),
        digits=tuple(each for each in digits if each is not None),
    )  # fmt: skip


def _all(compare: Any, rows: Sequence[Row]) -> tuple[list[_Compared], int]:
    """Compare rows; return those that can be, and how many the function refused."""
    found, refused = [], 0
    for row in rows:
        try:
            compared = compare(row)
        except ForeignError:
            refused += 1
            continue
        if compared is not None:
            found.append(compared)
    return found, refused


def _wrong(
    function: Asked, subject: Subject, wrong: list[_Compared], compared: list[_Compared],
    refused: int, kinks: str,
) -> Finding:  # fmt: skip
    ends = at_end(function.entry, wrong[0].truth.row)

    def fails(row: Row) -> bool:
        if not ends and at_end(function.entry, row):
            return False
        each = _tried(function, subject, FLOAT64, row)
        return each is not None and each.is_another and not is_kink(subject, each.truth)

    simplest = min(wrong, key=lambda each: len(shown(function.entry, each.truth.row)))
    row = shrunk(function.entry, simplest.truth.row, fails)
    smallest = _tried(function, subject, FLOAT64, row) or simplest
    place = int(np.argmax(smallest.ulps))

    def numbers(row: Row) -> list[float] | None:
        try:
            return function.numbers(subject.what, row, FLOAT64)
        except ForeignError:
            return None

    within = [each.truth for each in compared if not at_end(function.entry, each.truth.row)]
    said = (
        "it is right between the ends of the domain"
        if ends and within
        else blame(subject, within, numbers)
    )
    point = shown(function.entry, smallest.truth.row)
    element = _element(subject, smallest.truth.row, place, len(smallest.found))
    return Finding(
        subject.what, WRONG, len(compared), f"{element}{point}",
        text(smallest.truth.numbers[place]), f"{smallest.found[place]:.8g}", said, kinks,
        refused,
    )  # fmt: skip


def at_end(entry: Entry, row: Row) -> bool:
    """Whether a number of a row lies at a closed end of its domain."""
    for argument in entry.per_row:
        domain = argument.domain
        if domain.integer or domain.name == "Sign":
            continue
        numbers = np.asarray(row[argument.name])
        if any(end is not None and np.any(numbers == end) for end in (domain.low, domain.high)):
            return True
    return False


def _tried(function: Asked, subject: Subject, dtype: np.dtype[Any], row: Row) -> _Compared | None:
    try:
        return _compared(function, subject, dtype, row)
    except (ForeignError, ValueError, ZeroDivisionError):
        return None


def _element(subject: Subject, row: Row, place: int, count: int) -> str:
    if subject.what == "value" or count == 1:
        return ""
    places = np.unravel_index(place, np.shape(row[subject.wrt]))
    return f"{subject.wrt}[{', '.join(str(int(each)) for each in places)}] of "


def _failures(entry: Entry, compared: list[_Compared], compare: Any) -> list[str]:
    """Return where the function is no number although the exact answer is one, once a dtype."""
    found = []
    for dtype in (FLOAT64, FLOAT32):
        failing = [each for each in compared if each.fails and each.dtype == dtype]
        failing = [each for each in failing if not each.truth.kink]
        if not failing:
            continue

        def fails(row: Row, dtype: np.dtype[Any] = dtype) -> bool:
            try:
                each = compare(dtype, row)
            except (ForeignError, ValueError, ZeroDivisionError):
                return False
            return each is not None and each.fails and not each.truth.kink

        simplest = min(failing, key=lambda each: len(shown(entry, each.truth.row)))
        row = shrunk(entry, simplest.truth.row, fails)
        each = compare(dtype, row) or simplest
        place = next(at for at, number in enumerate(each.found) if not math.isfinite(number))
        found.append(
            f"{dtype}: {each.found[place]} at {shown(entry, each.truth.row)}, where "
            f"{text(each.truth.numbers[place])} is right ({len(failing)} of the points)"
        )
    return found


def text(number: Any) -> str:
    """Return an exact number as a reader wants it: what no float holds is 0."""
    return "0" if abs(number) < mp.mpf("1e-330") else str(mp.nstr(number, 8))


def _digits(entry: Entry, name: str, compared: list[_Compared]) -> Digits | None:
    """Return how many digits are kept at worst, kinks left out."""
    smooth = [each for each in compared if not each.truth.kink and not each.fails]
    if not smooth:
        return None
    worst = max(smooth, key=lambda each: each.worst)
    of = (np.finfo(worst.dtype).nmant + 1) * math.log10(2)
    kept = of - math.log10(max(worst.worst, 1.0))
    where = shown(entry, worst.truth.row)
    points = sum(len(each.found) for each in smooth)
    return Digits(name, points, float(worst.worst), max(kept, 0.0), of, where)
