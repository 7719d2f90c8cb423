"""What is probably wrong with a function: the table of formulas, and what only functions have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.verdict.claim import Claim, Number
from lossgen.verdict.diagnosis import Case, diagnosis
from lossgen.verdict.points import Row
from lossgen.verdict.question import Subject

from .exactly import Truth, truth

Numbers = Callable[[Row], Sequence[float] | None]
_TOLERANCE = 1e-6
_FEW, _FEWEST = 12, 4


def blame(subject: Subject, truths: Sequence[Truth], numbers: Numbers) -> str:
    """Return what is the matter, as a sentence; empty if nothing known fits."""
    asked = [(each, found) for each in truths if (found := numbers(each.row)) is not None]
    kept: list[tuple[Truth, list[Any]]] = [
        (each, [mp.mpf(n) for n in said]) for each, said in asked if not each.kink
    ]
    if any(len(found) != len(each.numbers) for each, found in kept) or not kept:
        return ""

    def claimed(rows: Sequence[Row]) -> list[list[Number]]:
        return [[Number(mp.mpf(n), abs(mp.mpf(n))) for n in numbers(row) or ()] for row in rows]

    claim = Claim(subject, "", claimed, _TOLERANCE)
    case = Case(claim, [each.answer for each, _ in kept], [said for _, said in kept])
    known = diagnosis(case)
    return (
        (known.sentence if known is not None else "")
        or _multiple(subject.entry, kept)
        or _parameter(subject, kept)
        or _taken(subject, kept, numbers)
        or _nearly(kept)
    )


# Another convention of a parameter: what the function takes it for.
_CONVENTIONS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("1/{p}", lambda p: 1 / p if p else np.nan),
    ("{p}^2", lambda p: p * p),
    ("sqrt({p})", lambda p: p**0.5 if p >= 0 else np.nan),
    ("1/{p}^2", lambda p: p**-2 if p else np.nan),
    ("{p}/2", lambda p: p / 2),
    ("2 {p}", lambda p: 2 * p),
    ("1 - {p}", lambda p: 1 - p),
    ("-{p}", lambda p: -p),
    ("{p} + 1", lambda p: p + 1),
    ("{p} - 1", lambda p: p - 1),
)


def _parameter(subject: Subject, kept: list[tuple[Truth, list[Any]]]) -> str:
    """Look for a parameter of another convention: a width where its inverse is meant."""
    for argument in subject.entry.shared:
        if argument.domain.axes or len({each.row[argument.name] for each, _ in kept}) < 2:
            continue
        for word, change in _CONVENTIONS:
            if _changed(subject, kept, argument.name, change):
                meant = word.format(p=argument.name)
                return f"its {argument.name} means {meant}: another convention of the parameter"
    return ""


def _changed(subject: Subject, kept: list[tuple[Truth, list[Any]]], name: str, change: Any) -> bool:
    """Whether another value of a parameter explains every row that is wrong, and some are."""
    domain = subject.entry.argument(name).domain
    wrong = [(each, found) for each, found in kept if not _same(found, each.numbers)][:_FEW]
    for each, found in wrong:
        value = float(change(float(each.row[name])))
        if not np.isfinite(value) or not domain.contains(value):
            return False
        other = truth(subject, {**each.row, name: value}, np.dtype(np.float64))
        if other is None or not _same(found, other.numbers):
            return False
    return len(wrong) >= _FEWEST and len({float(each.row[name]) for each, _ in wrong}) > 1


def _multiple(entry: Entry, kept: list[tuple[Truth, list[Any]]]) -> str:
    """Look for a factor that is a power of a parameter."""
    for argument in entry.shared:
        if argument.domain.axes:
            continue
        for power in (1, -1, 2, -2):
            if all(
                _alike(number, exactly * mp.mpf(float(each.row[argument.name])) ** power)
                for each, found in kept
                if float(each.row[argument.name])
                for number, exactly in zip(found, each.numbers, strict=True)
            ):
                word = argument.name if abs(power) == 1 else f"{argument.name}^2"
                return (
                    f"a factor {word} is too much" if power > 0 else f"a factor {word} is missing"
                )
    return ""


# What a function may take instead of an argument, and how one comes there.
_TAKEN: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("the logarithm of {x}", np.log),
    ("the logit of {x}", lambda x: np.log(x / (1 - x))),
    ("the exponential of {x}", np.exp),
    ("the sigmoid of {x}", lambda x: 1 / (1 + np.exp(-x))),
    ("minus {x}", lambda x: -x),
    ("the square root of {x}", np.sqrt),
    ("the square of {x}", np.square),
    ("1 - {x}", lambda x: 1 - x),
    ("2 {x} - 1", lambda x: 2 * x - 1),
    ("({x} + 1) / 2", lambda x: (x + 1) / 2),
)


def _taken(subject: Subject, kept: list[tuple[Truth, list[Any]]], numbers: Numbers) -> str:
    """Look for an argument that the function wants in another form, such as its logarithm."""
    if subject.what != "value":
        return ""
    for argument in subject.entry.per_row:
        if argument.domain.integer or argument.name in subject.entry.prepared:
            continue
        for word, change in _TAKEN:
            tried = list(_changed_rows(kept, argument.name, change, numbers))
            if len(tried) >= _FEWEST and all(_same(found, each.numbers) for each, found in tried):
                return f"it takes {word.format(x=argument.name)} instead of {argument.name}"
    return ""


def _changed_rows(kept: Any, name: str, change: Any, numbers: Numbers) -> Iterator[Any]:
    for each, _ in kept[: 2 * _FEW]:
        with np.errstate(all="ignore"):
            changed = change(np.asarray(each.row[name], np.float64))
        if np.isfinite(changed).all():
            found = numbers({**each.row, name: changed})
            if found is not None:
                yield each, [mp.mpf(number) for number in found]


_NEARLY = 1e-3


def _nearly(kept: list[tuple[Truth, list[Any]]]) -> str:
    """Look for a small error everywhere: an epsilon, or a constant of few digits."""
    worst = mp.mpf(0)
    for each, found in kept:
        for number, exactly in zip(found, each.numbers, strict=True):
            if not mp.isfinite(number):
                return ""
            worst = max(worst, abs(number - exactly) / max(abs(exactly), 1))
    if worst > _NEARLY:
        return ""
    return (
        f"an epsilon inside, or a constant of few digits: it is off by {mp.nstr(worst, 2)} at most"
    )


def _same(found: Sequence[Any], exactly: Sequence[Any]) -> bool:
    return all(map(_alike, found, exactly))


def _alike(found: Any, exactly: Any) -> bool:
    if not mp.isfinite(found):
        return False
    return bool(abs(found - exactly) <= _TOLERANCE * abs(exactly) + 1e-12)
