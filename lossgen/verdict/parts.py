"""The wrong part of a formula, in words: from the search for it to a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sympy import Add, Mul, nsimplify

from lossgen.formulas.evaluate import Values
from lossgen.language.entry import Entry

from .blame import Finding, Search
from .candidates import Candidates, candidates
from .claim import Formula
from .points import Row
from .question import Answer, extents
from .repairs import paths, put, repaired
from .samples import Samples, alike, shown

# Points at which the search runs, wrong ones and right ones, and how large their numbers may be.
_EACH, _LARGEST = 14, 12.0
# Findings of this rank or less are what people do; a lacking factor is a guess.
_LIKELY = 3


def blamed(formula: Formula, entry: Entry, exact: Sequence[Answer]) -> tuple[str, str] | None:
    """Return the cause and the sentence of the likeliest change that makes a formula right."""
    samples = _samples(formula, entry, exact)
    expression = formula.equation.expression
    lacking = candidates(expression, formula.indices, formula.known, entry)
    search = Search(formula.known, Candidates(lacking, samples))
    found = sorted(search.findings(expression, samples), key=lambda finding: finding.rank)
    sure = [finding for finding in found if _holds(finding, expression, samples)]
    if not sure or sure[0].rank[0] > _LIKELY:
        tried = repaired(expression, samples, formula.indices, formula.known, entry)
        sure = [*tried, *sure]
    return (sure[0].cause, _sentence(sure[0], formula)) if sure else None


def _holds(finding: Finding, expression: Any, samples: Samples) -> bool:
    """Whether the change of a finding makes the whole formula right, at every point.

    What is no part of it, as a term of a sum that was taken apart, cannot be changed in it.
    """
    if finding.cause == "condition" or not expression.has(finding.part):
        return True
    constant = nsimplify(finding.constant, rational=True)
    amount = constant if finding.candidate is None else Mul(constant, finding.candidate)
    join = Add if finding.cause == "term" else Mul
    new = join(finding.part, amount, evaluate=False)
    changed = (put(expression, path, new) for path in paths(expression, finding.part))
    return any(np.all(alike(samples.numbers(each), samples.target)) for each in changed)


def _samples(formula: Formula, entry: Entry, exact: Sequence[Answer]) -> Samples:
    """Return simple points, as many where the formula is wrong as where it is right."""
    values: list[Values] = []
    places: list[Any] = []
    target: list[Any] = []
    for answer in exact:
        if _is_simple(answer.row):
            at = formula.places(entry, answer.row)
            known = Values(answer.row, extents(entry, answer.row), formula.known)
            steps = len(answer.numbers) // len(at)
            values += [known] * len(at)
            places += at
            target += answer.numbers[::steps]
    every = Samples(tuple(values), tuple(places), np.array(target, object))
    right = alike(every.numbers(formula.equation.expression), every.target)
    chosen = np.zeros(len(every), bool)
    random = np.random.default_rng(3)
    for side in (right, ~right):
        chosen[random.permutation(np.flatnonzero(side))[:_EACH]] = True
    return every.where(chosen)


def _is_simple(row: Row) -> bool:
    return all(np.all(np.abs(np.asarray(number, float)) <= _LARGEST) for number in row.values())


def _sentence(finding: Finding, formula: Formula) -> str:
    text = quoted(finding.part, formula)
    lacking = _multiple(finding.constant, finding.candidate)
    match finding.cause:
        case "sign":
            return f"the sign of {text} is wrong"
        case "factor":
            return f"{text} has to be multiplied by {shown(finding.constant)}"
        case "condition":
            return f"a branch has the wrong condition, in {text}"
        case "term":
            return f"a term is missing: {lacking} has to be added to {text}"
        case "cofactor":
            return f"a factor is missing in {text}: {lacking}"
    raise ValueError(f"{finding.cause} is no cause")


def quoted(part: Any, formula: Formula) -> str:
    """Return a part of a formula as its author wrote it, as text where it was derived."""
    place = formula.equation.sources.get(part)
    text = formula.equation.text[slice(*place)] if place else plain(part)
    return f"`{text.strip()}`"


def plain(part: Any) -> str:
    """Return an expression as text, without the marks of our own names."""
    return str(part).replace("=", "").replace("#0", "").replace("#1", "'").replace("*1]", "]")


def _multiple(constant: float, expression: Any) -> str:
    if expression is None:
        return ""
    text = plain(expression)
    if text == "1":
        return shown(constant)
    return text if constant == 1 else f"{shown(constant)}*({text})"
