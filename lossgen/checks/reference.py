"""The exact reference: value, gradient, Hessian diagonal and H v of an untouched entry at one row.

Precision starts at 60 digits and doubles until two evaluations agree to 25 digits: at 60 digits
log(1 + exp(-200)) is 0, and fixed precision would call the right kernel wrong just where it
matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from lossgen.language.entry import Entry

from .interpreter import Interpreter, Row
from .jets import VECTOR, ZERO, Jet, Part, constant, magnitude, variable
from .kinks import Judge

FIRST_DIGITS = 60
AGREEING_DIGITS = 25
MOST_DIGITS = 4000

# Below 2**-1200 every kernel answers 0. A zero is known to be one when the precision reaches so far
# below its terms: at 240 digits log(1 + exp(-700)) is still 0.
NEGLIGIBLE = -1200.0
ZERO_DIGITS = 480

# Of a long argument these many elements, and these many at its end, are differentiated: a softmax
# of 300 has 90,000 second derivatives inside, and its elements are alike but for the end of a
# block.
SPREAD, TAIL = 16, 8


@dataclass(frozen=True)
class Exact:
    """The exact outputs at one row, each number with log2 of the size that its error is measured
    by.

    Arrays hold `Part`s and have the shapes of the arguments; an element that was not asked for is
    None. `resolved` is False when MOST_DIGITS did not bring agreement; `marginal` when a comparison
    is so close that a kernel may decide otherwise; `margin` is the relative distance from the
    nearest kink.
    """

    value: Part
    gradient: Mapping[str, Any]
    hessian_diagonal: Any
    hessian_vector: Any
    resolved: bool = True
    marginal: bool = False
    margin: float = float("inf")
    digits: int = FIRST_DIGITS


@dataclass(frozen=True)
class Question:
    """What is asked of an entry at one row: numbers as the kernel of `dtype` sees them."""

    entry: Entry
    row: Row
    dtype: np.dtype[Any]
    second: str | None = None
    vector: Any = None
    wrt: Sequence[str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Arguments that move."""
        return tuple(self.entry.gradients if self.wrt is None else self.wrt)


def exact(question: Question) -> tuple[Exact, ...]:
    """Return the exact outputs; several where a comparison at the point is marginal.

    The first is the mathematics; the others take every marginal comparison as less, equal or
    greater, which is what a kernel may see after rounding once.
    """
    answer = _agreed(question, None)
    if not answer.marginal:
        return (answer,)
    return (answer, *(_agreed(question, tilt) for tilt in (-1, 0, 1)))


def _agreed(question: Question, tilt: int | None) -> Exact:
    digits = FIRST_DIGITS
    previous = _evaluate(question, tilt, digits)
    while digits < MOST_DIGITS:
        vanishes = any(not number for number, _ in _parts(previous))
        digits = min(max(2 * digits, ZERO_DIGITS if vanishes else 0), MOST_DIGITS)
        answer = _evaluate(question, tilt, digits)
        with mp.workdps(digits):
            pairs = zip(_parts(previous), _parts(answer), strict=True)
            if all(_agree(old, new) for old, new in pairs):
                return answer
        previous = answer
    return Exact(**{**previous.__dict__, "resolved": False})


def _evaluate(question: Question, tilt: int | None, digits: int) -> Exact:
    with mp.workdps(digits):
        judge = Judge(np.finfo(question.dtype).nmant + 1, tilt)
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
        number = float(np.asarray(question.row[name])[place])
        if name not in keys:
            return constant(number)
        key = int(keys[name][place])
        seeds: dict[int, Any] = {} if key == VECTOR else {key: 1}
        if name == question.second and question.vector is not None:
            seeds[VECTOR] = float(np.asarray(question.vector)[place])
        return variable(number, seeds)

    return leaf


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
        marginal=judge.marginal, margin=judge.margin, digits=digits,
    )  # fmt: skip


def _gather(keys: Any, parts: Mapping[Any, Part], pair: int | None) -> Any:
    found = np.empty(keys.shape, dtype=object)
    for place in np.ndindex(keys.shape):
        key = int(keys[place])
        wanted = key if pair is None else (key, VECTOR if pair == VECTOR else key)
        found[place] = parts.get(wanted, ZERO) if key != VECTOR else None
    return found


def _parts(answer: Exact) -> Iterator[Part]:
    yield answer.value
    for array in (*answer.gradient.values(), answer.hessian_diagonal, answer.hessian_vector):
        if array is not None:
            yield from (part for part in array.flat if part is not None)


def _agree(old: Part, new: Part) -> bool:
    first, second = old[0], new[0]
    if first == second != 0:
        return True
    if mp.isnan(second):
        return bool(mp.isnan(first))
    if mp.isinf(first) or mp.isinf(second):
        return False
    if second and magnitude(first - second) <= magnitude(second) - AGREEING_DIGITS * 3.33:
        return True
    lost = max(new[1], 0.0) - mp.mp.prec
    return max(magnitude(second), lost) < NEGLIGIBLE
