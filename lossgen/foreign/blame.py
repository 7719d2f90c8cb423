"""What is probably wrong with a function: the table of formulas, and what only functions have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry
from lossgen.verdict.diagnosis import Case, diagnosis
from lossgen.verdict.points import Row
from lossgen.verdict.question import Subject

from .exactly import Truth, truth

Numbers = Callable[[Row], Sequence[float] | None]
_TOLERANCE = 1e-6
_FEW = 8


def blame(subject: Subject, truths: Sequence[Truth], numbers: Numbers) -> str:
    """Return what is the matter, as a sentence; empty if nothing known fits."""
    asked = [(each, found) for each in truths if (found := numbers(each.row)) is not None]
    kept = [(each, [mp.mpf(n) for n in found]) for each, found in asked if not each.kink]
    if not kept:
        return ""

    def claimed(rows: Sequence[Row]) -> list[list[Any]]:
        return [[mp.mpf(n) for n in numbers(row) or ()] for row in rows]

    exact, found = [each.answer for each, _ in kept], [each for _, each in kept]
    if any(len(one) != len(e.numbers) for one, e in zip(found, exact, strict=True)):
        return ""
    said = diagnosis(Case(subject, exact, found, claimed))
    return said or _parameter(subject, kept) or _multiple(subject.entry, kept)


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
    domain = subject.entry.argument(name).domain
    tried = 0
    for each, found in kept[:_FEW]:
        value = float(change(float(each.row[name])))
        if not np.isfinite(value) or not domain.contains(value):
            continue
        other = truth(subject, {**each.row, name: value}, np.dtype(np.float64))
        if other is None:
            continue
        tried += 1
        if not all(map(_alike, found, other.numbers)):
            return False
    return tried >= 3


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


def _alike(found: Any, exactly: Any) -> bool:
    if not mp.isfinite(found):
        return False
    return bool(abs(found - exactly) <= _TOLERANCE * abs(exactly) + 1e-12)
