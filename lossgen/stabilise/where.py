"""Where a rule applies: conditions on what its wilds stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Add, Mul, Pow, S, Symbol

from lossgen.language.symbols import Element

from .names import Names

When = Callable[[Mapping[str, Any], Names], bool]


def always(_: Mapping[str, Any], __: Names) -> bool:
    """Let a rule apply whatever its wilds stand for."""
    return True


def positive(*wilds: str) -> When:
    """Return the condition that the wilds are positive."""
    return lambda found, _: all(bool(found[wild].is_positive) for wild in wilds)


def not_negative(*wilds: str) -> When:
    """Return the condition that the wilds are not negative."""
    return lambda found, names: all(is_not_negative(found[wild], names) for wild in wilds)


def may_be_zero(wild: str) -> When:
    """Return the condition that a wild is a name, or one minus a name, that may be 0 or more."""

    def condition(found: Mapping[str, Any], names: Names) -> bool:
        value = found[wild]
        return not value.is_positive and is_not_negative(value, names) and _is_plain(value)

    return condition


def symbolic(wild: str, of: str) -> When:
    """Return the condition that an exponent is no number, and its base is not negative."""
    return lambda found, names: not found[wild].is_number and is_not_negative(found[of], names)


def general_power(wild: str) -> When:
    """Return the condition that an exponent is no small whole number, and not negative."""
    return lambda found, _: not found[wild].is_Integer and not found[wild].is_negative


def even(wild: str) -> When:
    """Return the condition that a wild is an even whole number."""
    return lambda found, _: bool(found[wild].is_even)


def difference(wild: str, whole: str, less: str) -> When:
    """Return the condition that a wild is one other less another, written out or by name."""

    def condition(found: Mapping[str, Any], names: Names) -> bool:
        sign, value = found[wild].as_coeff_Mul()
        meaning = names.meaning(value)
        written = sign * (value if meaning is None else meaning)
        return bool((written - found[whole] + found[less]).expand() == 0)

    return condition


def below_minus_one(wild: str) -> When:
    """Return the condition that a wild is negative, and not -1."""
    return lambda found, _: bool(found[wild].is_negative) and found[wild] != -1


def is_not_negative(value: Any, names: Names) -> bool:
    """Whether an expression is known to be at least 0, as far as it has a value.

    SymPy does not know that 1 - u is, for u up to 1, nor that x**2 / |b| is, since b may be 0.
    """
    if value.is_nonnegative:
        return True
    meaning = names.meaning(value)
    if meaning is not None:
        return is_not_negative(meaning, names)
    if isinstance(value, Pow):
        return bool(value.exp.is_even) or is_not_negative(value.base, names)
    if isinstance(value, Add) and len(value.args) == 2 and S.One in value.args:
        rest = value - 1
        return is_not_negative(rest, names) or getattr(-rest, "name", None) in names.at_most_one
    return isinstance(value, Add | Mul) and all(is_not_negative(part, names) for part in value.args)


def _is_plain(value: Any) -> bool:
    if isinstance(value, Add) and len(value.args) == 2 and S.One in value.args:
        value = 1 - value
    return isinstance(value, Symbol | Element)
