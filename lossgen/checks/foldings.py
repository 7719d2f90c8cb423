"""Folds over jets: how the elements of each fold of the language combine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mpmath import mpf
from sympy import exp, log

from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver

from .apply import unary
from .jets import VECTOR, Jet, Part, constant, folded, magnitude, scaled, total
from .kinks import Judge, fold_extremum


def _mean(elements: list[Jet]) -> Jet:
    if not elements:
        return constant(0)
    return scaled(folded(elements), 1 / mpf(len(elements)))


def _log_sum_exp(elements: list[Jet], judge: Judge) -> Jet:
    if not elements:
        return constant(mpf("-inf"))
    if any(not jet.exact and magnitude(jet.value) > judge.top for jet in elements):
        # To a kernel these are infinite, and differences of infinities are undefined.
        return undefined(elements)
    largest = constant(max(jet.value for jet in elements))
    if abs(largest.value) == mpf("inf"):
        return largest
    shifted = [total([jet, scaled(largest, mpf(-1))]) for jet in elements]
    powers = [unary(exp, jet) for jet in shifted]
    mass = replace(folded(powers), summed=False)  # the language's own function: no excuse
    level = unary(log, mass)
    result = total([level, largest])
    # A smooth maximum passes the rounding of its elements on, each by its share; the shift by the
    # largest is ours, and no term of the definition.
    data = max(
        jet.data + magnitude(share.value) - magnitude(mass.value)
        for jet, share in zip(elements, powers, strict=True)
        if share.value
    )
    summed = any(jet.summed for jet in elements)
    return replace(result, reach=data, data=data, summed=summed)


def undefined(elements: list[Jet]) -> Jet:
    """Return a jet that is NaN in value and in all derivatives."""
    nothing: Part = (mpf("nan"), 0.0)
    keys = {key for jet in elements for key in jet.first}
    pairs = [(key, other) for key in keys if key >= 0 for other in (key, VECTOR)]
    return Jet(nothing[0], 0.0, dict.fromkeys(keys, nothing), dict.fromkeys(pairs, nothing))


FOLDS: dict[type[Fold], Callable[[list[Jet], Judge], Jet]] = {
    SumOver: lambda jets, _: folded(jets),
    MeanOver: lambda jets, _: _mean(jets),
    LogSumExp: _log_sum_exp,
    MaxOver: lambda jets, judge: (
        fold_extremum(jets, True, judge) if jets else constant(mpf("-inf"))
    ),
    MinOver: lambda jets, judge: (
        fold_extremum(jets, False, judge) if jets else constant(mpf("inf"))
    ),
}
