"""Functions applied to jets: the tables of `functions`, and powers."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from mpmath import mpf
from sympy import atan2, log

from lossgen.language.functions import (
    hypot,
    log1p,
    log_ratio,
    ratio,
    relative_entropy,
    xlog1py,
    xlogy,
)  # fmt: skip

from .chain import BITS, compose
from .functions import BINARY, INFINITY, NAN, UNARY, Curvatures
from .jets import NOTHING, Jet, Part, magnitude
from .kinks import root_at_zero

# An argument of more than so many bits before the point, as in exp(exp(1e9)), is taken to be
# infinite: its exponential has more digits than any memory.
MOST_BITS = 2**16
FEW_BITS = 16
# The functions that take any number, for they grow slowly or as a power does.
SLOW = {log, log1p, hypot, atan2, ratio, log_ratio, xlogy, xlog1py, relative_entropy}


def unary(function: type, jet: Jet) -> Jet:
    """Return f(u) for a function of the table `UNARY`."""
    with mp.extraprec(_extra(jet.value)):
        value, slope, curvature = UNARY[function](_bounded(function, jet.value))
    return applied(value, (jet,), (slope,), {(0, 0): curvature})


def binary(function: type, left: Jet, right: Jet) -> Jet:
    """Return f(u, v) for a function of the table `BINARY`."""
    with mp.extraprec(max(_extra(left.value), _extra(right.value))):
        u, v = _bounded(function, left.value), _bounded(function, right.value)
        value, slopes, curvatures = BINARY[function](u, v)
    return applied(value, (left, right), slopes, curvatures, hides=True)


def _bounded(function: type, number: Any) -> Any:
    size = magnitude(number)
    if function in SLOW or size <= FEW_BITS:
        return number
    if size > MOST_BITS:
        return INFINITY if number > 0 else -INFINITY
    # mpmath takes the exponential of an integer by squaring e, a thousand times for 1e308. A last
    # bit of less than any rounding of the result makes it no integer.
    return number + mp.ldexp(1, int(size) + 2 - mp.mp.prec)


def _extra(number: Any) -> int:
    """Return the bits before the point of a long number: those of its fraction are to be kept."""
    size = magnitude(number)
    return int(size) + 16 if FEW_BITS < size <= MOST_BITS else 0


def applied(
    value: Any,
    inputs: tuple[Jet, ...],
    slopes: tuple[Any, ...],
    curvatures: Curvatures,
    hides: bool = False,
) -> Jet:
    """Return f(inputs), the sizes of its slopes magnified where an input is a rounded fold."""
    sized = [_sized(slope) for slope in slopes]
    data, excess = NOTHING, 0.0
    for place, jet in enumerate(inputs):
        if jet.summed and sized[place][0]:
            data = max(data, sized[place][1] + jet.data - 1)
    for (i, j), terms in curvatures.items():
        bend = max((magnitude(term) for term in terms), default=NOTHING)
        for one, other in ((i, j), (j, i)):
            number, size = sized[one]
            known = bend + inputs[other].data - 1
            if inputs[other].summed and NOTHING < size < known:
                excess = max(excess, known - size)
                sized[one] = (number, known)
    bent = {
        pair: tuple((term, magnitude(term) + excess) for term in terms)
        for pair, terms in curvatures.items()
    }
    return compose(value, data, inputs, tuple(sized), bent, hides)


def _sized(slope: Any) -> Part:
    terms = slope if isinstance(slope, tuple) else (slope,)
    return sum(terms, mpf(0)), max(magnitude(term) for term in terms)


def power(base: Jet, exponent: Jet, leaf: bool) -> Jet:
    """Return base**exponent; `leaf` says whether the base is a bare argument (see `kinks`)."""
    u, p = base.value, exponent.value
    if u < 0 and p != mp.floor(p):
        return Jet(NAN, NOTHING)
    if u == 0:
        value, slope, curvature = _power_of_zero(p, leaf)
        excess = 0.0
    else:
        value = u ** int(p) if p == mp.floor(p) and abs(p) < 64 else mp.power(u, p)
        slope, curvature = p * value / u, p * (p - 1) * value / u**2
        # A power keeps the relative size of its base's terms.
        excess = base.data - magnitude(u) if base.cancels else 0.0
    blurred = _blurred(base, p)
    slopes = [(slope, max(magnitude(slope) + excess, blurred[1]))]
    curvatures: dict[tuple[int, int], tuple[Part, ...]] = {
        (0, 0): ((curvature, magnitude(curvature) + excess),)
    }
    inputs = [base]
    if exponent.moves:
        logarithm = mp.log(u) if u > 0 else mpf(0)
        mixed = (value / u, p * value / u * logarithm) if u > 0 else ()
        inputs.append(exponent)
        slopes.append(_sized(value * logarithm))
        curvatures[0, 1] = tuple(_sized(term) for term in mixed)
        curvatures[1, 1] = (_sized(value * logarithm**2),)
    size = max(magnitude(value) + excess, blurred[0])
    return compose(value, size, tuple(inputs), tuple(slopes), curvatures)


def _blurred(base: Jet, p: Any) -> tuple[float, float]:
    """Return the sizes of a power, and of its slope, whose base is a sum that rounding blurs.

    A sum known to an ulp of its terms has a square known to the square of that ulp, however small
    it is: half a squared difference of two unit vectors that are one.
    """
    if p <= 1 or not base.data > magnitude(base.value) + 1e-9:
        return NOTHING, NOTHING
    lost, exponent = BITS.get(), float(p)
    value = exponent * base.data - (exponent - 1) * lost
    return value, magnitude(p) + (exponent - 1) * base.data - (exponent - 2) * lost


def _power_of_zero(p: Any, leaf: bool) -> tuple[Any, Any, Any]:
    if p < 0:
        return NAN, NAN, NAN
    if p == 0:
        return mpf(1), mpf(0), mpf(0)
    if p < 1:
        return mpf(0), *root_at_zero(p, leaf)
    slope = mpf(1) if p == 1 else mpf(0)
    curvature = mpf(0) if p == 1 or p > 2 else mpf(2) if p == 2 else INFINITY
    return mpf(0), slope, curvature
