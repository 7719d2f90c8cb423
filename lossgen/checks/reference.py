"""The exact reference: value, gradient, Hessian diagonal and H v of an untouched entry at one row.

Precision starts at 60 digits, and as many more as separate the row's numbers, and doubles until two
evaluations agree to 25 digits: at 60 digits log(1 + exp(-200)) is 0, and fixed precision would call
the right kernel wrong just where it matters.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf

from .answers import BEYOND, FIRST_DIGITS, Exact, Question, agree, limit, mapped, parts_of
from .chain import BITS, own_sums_only
from .interpreter import Interpreter, Row
from .jets import VECTOR, ZERO, Jet, Part, constant, magnitude, variable
from .kinks import Judge
from .sensitivity import cancels, felt

MOST_DIGITS = 4000
# A zero is known to be one when the precision reaches far below its terms: at 240 digits
# log(1 + exp(-700)) is still 0.
ZERO_DIGITS = 480

# An infinite argument enters as a number that grows with the precision. Where two evaluations agree
# the exact answer is the limit; where they do not, as of log or sin, it is undefined.
MOST_DIGITS_OF_LIMITS = 960

# Of a long argument these many elements, and these many at its end, are differentiated: a softmax
# of 300 has 90,000 second derivatives inside, and its elements are alike but for the end of a
# block.
SPREAD, TAIL = 16, 8

# e to more than this, or to less than minus this, is no float.
LARGEST_POWER = 750.0


def exact(question: Question) -> tuple[Exact, ...]:
    """Return the exact outputs; several where a comparison at the point is marginal.

    The first is the mathematics; the others take every marginal comparison as less, equal or
    greater, which is what a kernel may see after rounding once.
    """
    answer = _agreed(question, None)
    if question.relative or not any(a.domain.axes for a in question.entry.arguments):
        answer = sized(question, answer)
    if not answer.marginal:
        return (answer,)
    return (answer, *(_agreed(question, tilt) for tilt in (-1, 0, 1)))


def sized(question: Question, answer: Exact) -> Exact:
    """Return the answer with the terms that cancel identically taken out of its sizes.

    Of a row with axes they are no excuse only where the row is `relative`: 1 - p and 1 - u^2 of one
    element among many would need a sum over all others for each.
    """
    if not any(cancels(part) for part in parts_of(answer)):
        return answer
    if question.relative:
        narrow = mapped(answer, lambda part: (part[0], magnitude(part[0])))
    else:
        with own_sums_only():
            narrow = _evaluate(question, None, answer.digits)
    beside = [_evaluate(replace(question, nudge=way), None, answer.digits) for way in (1, 2, 3)]
    bits = np.finfo(question.dtype).nmant + 1
    with mp.workdps(answer.digits):
        return mapped(answer, partial(felt, bits), narrow, *beside)


def _agreed(question: Question, tilt: int | None) -> Exact:
    digits = first_digits(question.row)
    at_infinity = any(np.any(np.isinf(numbers)) for numbers in question.row.values())
    most = MOST_DIGITS_OF_LIMITS if at_infinity else MOST_DIGITS
    previous = _evaluate(question, tilt, digits)
    while digits < most:
        zeros = any(not number for number, _ in parts_of(previous))
        vanishes = zeros or previous.vanished
        digits = min(max(2 * digits, ZERO_DIGITS if vanishes else 0), most)
        answer = _evaluate(question, tilt, digits)
        with mp.workdps(digits):
            pairs = zip(parts_of(previous), parts_of(answer), strict=True)
            if all(agree(old, new) for old, new in pairs):
                return answer
            if at_infinity and digits == most:
                return mapped(answer, limit, previous)
        previous = answer
    return Exact(**{**previous.__dict__, "resolved": False})


def first_digits(row: Row) -> int:
    """Return how many digits to start with: enough to hold the row's numbers in one sum, beside 1.

    And beside e^-x: at x = 710 two precisions agree on 1 - sigmoid(x) = 0. In steps, so that what
    is known at one precision serves many rows.
    """
    numbers = np.concatenate([np.ravel(np.asarray(found, np.float64)) for found in row.values()])
    sizes = abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    exponents = np.log10(np.append(sizes, 1.0))
    power = sizes[sizes < LARGEST_POWER].max(initial=0.0) / math.log(10)
    span = exponents.max() - exponents.min() + power
    return FIRST_DIGITS if span <= FIRST_DIGITS / 3 else 120 * math.ceil(span / 120 + 0.5)


def _evaluate(question: Question, tilt: int | None, digits: int) -> Exact:
    with mp.workdps(digits):
        limits = np.finfo(question.dtype)
        judge = Judge(limits.nmant + 1, tilt, float(limits.maxexp))
        BITS.set(judge.bits)
        keys = _directions(question)
        leaves = _leaves(question, keys)
        interpreter = Interpreter(question.entry, question.row, leaves, judge, question.dtype)
        jet = interpreter.jet(question.entry.value, {})
        return _outcome(question, jet, keys, judge, digits)


def _directions(question: Question) -> dict[str, Any]:
    """Return the directions of the elements of each argument; VECTOR where one is not asked for."""
    keys: dict[str, Any] = {}
    flat = VECTOR - 1
    for name in question.names:
        shape = np.shape(question.row[name])
        size = int(np.prod(shape))
        numbers = np.arange(size)
        if name != question.second:
            numbers = flat - numbers
            flat -= size
        numbers = np.where(_asked(size), numbers, VECTOR)
        keys[name] = numbers.reshape(shape)
    return keys


def _asked(size: int) -> Any:
    """Return which elements are differentiated: all of a short argument, some of a long one."""
    asked = np.full(size, size <= 2 * SPREAD)
    asked[np.linspace(0, size - 1, SPREAD).astype(int) if size else []] = True
    asked[max(size - TAIL, 0) :] = True
    return asked


def _leaves(question: Question, keys: Mapping[str, Any]) -> Any:
    def leaf(name: str, place: tuple[int, ...]) -> Jet:
        number = leaf_number(float(np.asarray(question.row[name])[place]))
        if name not in keys:
            return constant(number)
        if question.nudge:
            number = nudged(mpf(number), question, name, place)
        key = int(keys[name][place])
        seeds: dict[int, Any] = {} if key == VECTOR else {key: 1}
        if name == question.second and question.vector is not None:
            seeds[VECTOR] = float(np.asarray(question.vector)[place])
        return variable(number, seeds)

    return leaf


def nudged(number: Any, question: Question, name: str, place: tuple[int, ...]) -> Any:
    """Return the number half an ulp away, inside its domain; which way, name and place decide."""
    odd = zlib.crc32(f"{question.nudge} {name} {place}".encode()) % 2
    step = mp.ldexp(number, -1 - np.finfo(question.dtype).nmant) * (1 if odd else -1)
    inside = question.entry.argument(name).domain.contains(number + step)
    return number + step if inside else number - step


def leaf_number(given: float) -> Any:
    """Return the number that stands for an argument."""
    if not math.isinf(given):
        return given
    return mp.ldexp(mpf(1 if given > 0 else -1), int(BEYOND) + 50 + mp.mp.prec // 16)


def _outcome(
    question: Question, jet: Jet, keys: Mapping[str, Any], judge: Judge, digits: int
) -> Exact:
    gradient = {name: _gather(found, jet.first, None) for name, found in keys.items()}
    diagonal = product = None
    if question.second is not None:
        diagonal = _gather(keys[question.second], jet.second, 0)
        product = _gather(keys[question.second], jet.second, VECTOR)
    value = (jet.value, jet.reach)
    return Exact(
        value, gradient, diagonal, product,
        marginal=judge.marginal, margin=judge.margin, vanished=judge.vanished, digits=digits,
    )  # fmt: skip


def _gather(keys: Any, parts: Mapping[Any, Part], pair: int | None) -> Any:
    found = np.empty(keys.shape, dtype=object)
    for place in np.ndindex(keys.shape):
        key = int(keys[place])
        wanted = key if pair is None else (key, VECTOR if pair == VECTOR else key)
        found[place] = parts.get(wanted, ZERO) if key != VECTOR else None
    return found
