"""Numbers of a formula that was read: high precision, nothing shared with the kernels."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp
import numpy as np
from mpmath import mpf
from sympy import Abs, Add, And, E, Max, Min, Mul, Not, Or, Piecewise, Pow, Symbol, oo, pi
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver
from lossgen.language.symbols import Element, Index, Size

from .errors import FormulaError
from .mathematics import FUNCTIONS, exponential, power
from .names import ProductOver

_ZERO = mpf(0)
# Parts of a formula that are computed at one row: about a second, far more than any loss needs.
_MOST = 200_000


@dataclass(frozen=True)
class Number:
    """A value, and the size of the largest term that it was added up from."""

    value: Any
    size: Any


@dataclass(frozen=True)
class Definition:
    """What a quantity of the formulas is, at its indices."""

    indices: tuple[Index, ...]
    expression: Any


@dataclass
class Values:
    """What names stand for at one row: numbers and arrays by name, extents by axis, definitions."""

    numbers: Mapping[str, Any]
    extents: Mapping[str, int]
    definitions: Mapping[Any, Definition] = field(default_factory=dict)
    _known: dict[Any, Any] = field(default_factory=dict)
    _done: int = 0

    def count(self) -> None:
        """Count one part of a formula.

        Raises:
            FormulaError: when there are too many of them.
        """
        self._done += 1
        if self._done > _MOST:
            raise FormulaError(
                f"more than {_MOST} terms at one point; this is too much to evaluate"
            )

    def quantity(self, symbol: Any, places: tuple[int, ...]) -> Number:
        """Return a defined quantity at some indices, computed once."""
        found = self._known.get((symbol, places))
        if found is None:
            self._known[symbol, places] = "in progress"
            definition = self.definitions[symbol]
            at = dict(zip(definition.indices, places, strict=True))
            found = self._known[symbol, places] = evaluate(definition.expression, self, at)
        if isinstance(found, str):
            raise FormulaError(f"{str(symbol)[1:]} is defined by itself")
        return found


def settled(make: Callable[[], list[Number]], digits: int = 40, most: int = 640) -> list[Number]:
    """Return numbers at a precision at which twice as many digits change nothing."""
    with mp.workdps(digits):
        previous = make()
    while digits < most:
        digits *= 2
        with mp.workdps(digits):
            numbers = make()
            if all(map(_agree, previous, numbers)):
                return numbers
        previous = numbers
    return previous


def _agree(old: Number, new: Number) -> bool:
    if not mp.isfinite(new.value):
        return False  # 1 / (1 - p) where too few digits take p for 1
    if new.value == 0:
        return bool(old.value == 0 and new.size == 0)
    return bool(abs(old.value - new.value) <= abs(new.value) * mpf(10) ** -20)


def evaluate(node: Any, values: Values, at: Mapping[Any, int]) -> Number:
    """Return the number of an expression, with `at` the places of its free indices.

    Conventions of the pages: a product with a factor 0 is 0, and what has no value is NaN.
    """
    values.count()
    if isinstance(node, Symbol | Element):
        return _leaf(node, values, at)
    if isinstance(node, Fold):
        return _fold(node, values, at)
    if isinstance(node, Piecewise):
        for value, where in node.args:
            if holds(where, values, at):
                return evaluate(value, values, at)
        return _plain(mp.nan)
    parts = [evaluate(part, values, at) for part in node.args]
    if isinstance(node, Add):
        return _total(parts)
    if isinstance(node, Mul):
        return _product(parts)
    if isinstance(node, Pow):
        return _plain(power(parts[0].value, parts[1].value))
    return _function(node, parts)


def _plain(value: Any) -> Number:
    return Number(value, abs(value))


def _leaf(node: Any, values: Values, at: Mapping[Any, int]) -> Number:
    if isinstance(node, Index):
        return _plain(mpf(at[node]))
    if isinstance(node, Size):
        return _plain(mpf(values.extents[node.name]))
    symbol = node.array if isinstance(node, Element) else node
    places = (
        tuple(_place(index, values, at) for index in node.indices) if symbol is not node else ()
    )
    if symbol in values.definitions:
        return values.quantity(symbol, places)
    return _plain(mpf(float(np.asarray(values.numbers[symbol.name])[places])))


def _place(index: Any, values: Values, at: Mapping[Any, int]) -> int:
    return int(evaluate(index, values, at).value)


def _fold(node: Fold, values: Values, at: Mapping[Any, int]) -> Number:
    ranges = [range(values.extents[index.axis]) for index in node.bound]
    numbers = []
    for places in itertools.product(*ranges):
        inner = {**at, **dict(zip(node.bound, places, strict=True))}
        if holds(node.where, values, inner):
            numbers.append(evaluate(node.body, values, inner))
    match node:
        case SumOver():
            return _total(numbers)
        case ProductOver():
            return _product(numbers)
        case MeanOver():
            total = _total(numbers)
            count = max(1, len(numbers))
            return Number(total.value / count, total.size / count)
        case MaxOver():
            return max(numbers, key=_value, default=_plain(mpf("-inf")))
        case MinOver():
            return min(numbers, key=_value, default=_plain(mpf("inf")))
        case LogSumExp():
            return _plain(_logsumexp([number.value for number in numbers]))
    raise TypeError(f"{type(node).__name__} is no fold of formulas")


def _value(number: Number) -> Any:
    return number.value


def _logsumexp(found: list[Any]) -> Any:
    top = max(found, default=mpf("-inf"))
    if mp.isinf(top) or mp.isnan(top):
        return top
    return top + mp.log(mp.fsum(exponential(value - top) for value in found))


def _total(parts: list[Number]) -> Number:
    value = mp.fsum(part.value for part in parts) if all(map(_finite, parts)) else _wild_sum(parts)
    return Number(value, max((part.size for part in parts), default=_ZERO))


def _finite(part: Number) -> bool:
    return bool(mp.isfinite(part.value))


def _wild_sum(parts: list[Number]) -> Any:
    total = _ZERO
    for part in parts:
        total += part.value
    return total


def _product(parts: list[Number]) -> Number:
    value, size = mpf(1), mpf(1)
    zero = any(part.value == 0 for part in parts)  # 0 log 0 and 0/0 are 0 by convention
    for part in parts:
        if not zero or mp.isfinite(part.value):
            value *= part.value
            size *= part.size
    return Number(value, size)


def _function(node: Any, parts: list[Number]) -> Number:
    if not node.args:
        return _plain(_constant(node))
    found = [part.value for part in parts]
    if any(mp.isnan(value) for value in found):
        return _plain(mp.nan)
    value = FUNCTIONS[type(node).__name__](*found)
    inner = max(part.size for part in parts)
    return Number(value, inner if value == 0 or isinstance(node, Abs | Max | Min) else abs(value))


def _constant(node: Any) -> Any:
    known = {pi: mp.pi, E: mp.e, oo: mp.inf, -oo: -mp.inf}
    if node in known:
        return +known[node]
    return mpf(node.p) / mpf(node.q) if node.is_Rational else mpf(float(node))


def holds(condition: Any, values: Values, at: Mapping[Any, int]) -> bool:
    """Whether a condition holds; one with a NaN does not."""
    match condition:
        case BooleanTrue():
            return True
        case BooleanFalse():
            return False
        case And():
            return all(holds(part, values, at) for part in condition.args)
        case Or():
            return any(holds(part, values, at) for part in condition.args)
        case Not():
            return not holds(condition.args[0], values, at)
        case Relational():
            left, right = (evaluate(side, values, at).value for side in condition.args)
            return bool(_COMPARE[condition.rel_op](left, right))
    raise TypeError(f"{condition} is no condition of formulas")


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b and a == a and b == b,
}  # fmt: skip
