"""`audit`: a function that somebody wrote, beside the exact mathematics of a loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.runtime import Loss
from lossgen.runtime.errors import ArgumentError
from lossgen.verdict.points import Row
from lossgen.verdict.question import Subject
from lossgen.verdict.verify import shown

from .asking import Asked, asked, reduction
from .binding import Binding, bind, find
from .blame import blame
from .errors import ForeignError
from .exactly import Truth, truth
from .frameworks import candidates
from .report import CANNOT, RIGHT, WRONG, Audit, Digits, Finding
from .rows import far, near
from .shrink import shrunk

FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)

# A function that computes another formula is further off than this at moderate numbers; one that
# computes the right one carelessly, in float64, is not.
_ANOTHER_FORMULA = 1e-6
_FAILURES = 3  # that are shown


def audit(
    function: Callable[..., Any] | str,
    loss: Loss,
    *,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    gradient: Callable[..., Any] | str | None = None,
    wrt: str | None = None,
    framework: str | None = None,
) -> Audit:
    """Compare a function with the exact value, gradient and Hessian diagonal of a loss.

    >>> lossgen.audit(torch.nn.functional.huber_loss, huber, options={"reduction": "mean"})

    The function is called with one row at a time. Its derivatives are those of its framework,
    where that has them; for NumPy a `gradient` can be given beside it.

    Args:
        function: any callable, or the text "module:function".
        loss: the loss that it should be, shipped or a user's own.
        names: its arguments with those of the loss, `{"input": "prediction"}`; only where equal
            names, the usual names of libraries and the order do not tell.
        options: what it is given besides. A parameter of the loss of that name has the same value.
        gradient: a function that computes the derivative in `wrt`, of the same arguments.
        wrt: the argument of the derivatives; the one that `loss.gradient` takes by default.
        framework: "numpy", "torch" or "jax", where it is not seen by itself.
    """
    entry: Entry = loss.entry
    argument = wrt or entry.wrt[0]
    if argument not in entry.gradients:
        known = ", ".join(entry.gradients)
        raise ArgumentError(f"{entry.name}: wrt={argument!r} is not differentiated; give {known}")
    name = function if isinstance(function, str) else _name(function)
    try:
        found = find(function) if isinstance(function, str) else function
        binding = bind(found, entry, names, options)
        beside = None if gradient is None else _beside(gradient, entry, names)
        fixed = _fixed(entry, binding, options or {})
        free = tuple(name for name in binding.given if name not in fixed)
        rows = near(entry, free, fixed)
        subject = asked(entry, binding, candidates(found, framework), argument, beside, rows)
    except ForeignError as error:
        return Audit(name, entry.name, CANNOT, message=str(error))
    findings = [_finding(subject, what, rows, fixed) for what in subject.answers]
    reduced, note = _reduced(subject, rows)
    wrong = any(finding.code == WRONG for finding in findings) or bool(note)
    return Audit(
        name, entry.name, WRONG if wrong else RIGHT, subject.framework.name, str(binding), reduced,
        tuple(findings), note,
    )  # fmt: skip


def _name(function: Any) -> str:
    name = getattr(function, "__qualname__", type(function).__name__)
    return f"{getattr(function, '__module__', '')}:{name}".lstrip(":")


def _beside(gradient: Any, entry: Entry, names: Mapping[str, str] | None) -> Binding:
    found = find(gradient) if isinstance(gradient, str) else gradient
    return bind(found, entry, names)


def _fixed(entry: Entry, binding: Binding, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the loss that the options of the function set."""
    found = {}
    for argument in entry.shared:
        if argument.name in options:
            found[argument.name] = options[argument.name]
        elif argument.default is None and argument.name not in binding.given:
            raise ForeignError(
                f"{entry.name} needs {argument.name}, which the function does not take; "
                f"give it: --set {argument.name}=VALUE"
            )
    return found


def _reduced(function: Asked, rows: Sequence[Row]) -> tuple[str, str]:
    """Return how the function reduces several rows, and what is wrong with that."""
    first = rows[0]
    alike = [
        row
        for row in rows
        if all(np.shape(row[name]) == np.shape(first[name]) for name in first)
        and all(np.array_equal(row[a.name], first[a.name]) for a in function.entry.shared)
    ][:3]
    if len(alike) < 2:
        return "", ""
    found = reduction(function, alike, FLOAT64)
    return found, "" if found else (
        f"of {len(alike)} rows it returns neither their losses, nor the mean, nor the sum"
    )


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
        return self.worst > limit

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


def _finding(function: Asked, what: Any, rows: Sequence[Row], fixed: Mapping[str, Any]) -> Finding:
    subject = Subject(function.entry, what, function.wrt)
    compare = partial(_compared, function, subject)
    moderate, refused = _all(partial(compare, FLOAT64), rows)
    if not moderate:
        return Finding(what, WRONG, 0, refused=refused, point="every point", found="an error",
                       expected="a number")  # fmt: skip
    wrong = [each for each in moderate if each.is_another and not each.truth.kink]
    kinks = [each for each in moderate if each.is_another and each.truth.kink]
    other = shown(function.entry, kinks[0].truth.row) if kinks else ""
    if wrong:
        return _wrong(function, subject, wrong, moderate, refused, other)
    extreme, more = _all(partial(compare, FLOAT64), far(function.entry, fixed, FLOAT64))
    single, also = _all(partial(compare, FLOAT32), [*rows, *far(function.entry, fixed, FLOAT32)])
    everything = [*moderate, *extreme, *single]
    failures = _failures(function.entry, everything, partial(compare))
    digits = [
        _digits(function.entry, dtype, [each for each in everything if each.dtype == dtype])
        for dtype in (FLOAT32, FLOAT64)
    ]
    return Finding(
        what, WRONG if failures else RIGHT, len(moderate) + len(extreme), kinks=other,
        refused=refused + more + also, failures=tuple(failures),
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
    def fails(row: Row) -> bool:
        each = _tried(function, subject, FLOAT64, row)
        return each is not None and each.is_another and not each.truth.kink

    simplest = min(wrong, key=lambda each: len(shown(function.entry, each.truth.row)))
    row = shrunk(function.entry, simplest.truth.row, fails)
    smallest = _tried(function, subject, FLOAT64, row) or simplest
    place = int(np.argmax(smallest.ulps))

    def numbers(row: Row) -> list[float] | None:
        try:
            return function.numbers(subject.what, row, FLOAT64)
        except ForeignError:
            return None

    said = blame(subject, [each.truth for each in compared], numbers)
    point = shown(function.entry, smallest.truth.row)
    element = _element(subject, smallest.truth.row, place, len(smallest.found))
    return Finding(
        subject.what, WRONG, len(compared), f"{element}{point}",
        mp.nstr(smallest.truth.numbers[place], 8), f"{smallest.found[place]:.8g}", said, kinks,
        refused,
    )  # fmt: skip


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
            f"{mp.nstr(each.truth.numbers[place], 8)} is right ({len(failing)} of the points)"
        )
    return found


def _digits(entry: Entry, dtype: np.dtype[Any], compared: list[_Compared]) -> Digits | None:
    """Return how many digits are kept at worst, kinks left out."""
    smooth = [each for each in compared if not each.truth.kink and not each.fails]
    if not smooth:
        return None
    worst = max(smooth, key=lambda each: each.worst)
    of = (np.finfo(dtype).nmant + 1) * math.log10(2)
    kept = of - math.log10(max(worst.worst, 1.0))
    where = shown(entry, worst.truth.row)
    points = sum(len(each.found) for each in smooth)
    return Digits(str(dtype), points, float(worst.worst), max(kept, 0.0), of, where)
