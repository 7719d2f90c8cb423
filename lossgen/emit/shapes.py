"""Shapes of expressions that decide how they are typeset: selections, products, inverses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, And, Float, Mul, Piecewise, Pow, Rational, S

from lossgen.language.folds import MeanOver, SumOver
from lossgen.language.symbols import Index, Label, Size

# What an inlined name or an atom stands for; anything else as it is.
Spell = Callable[[Any], Any]


def inverted(node: Any) -> bool:
    """Whether a power belongs below the line."""
    return isinstance(node, Pow) and node.exp.is_number and bool(node.exp.is_negative)


def inverted_whole(node: Any) -> bool:
    """Whether a power below the line may be taken apart factor by factor."""
    return inverted(node) and bool(node.exp.is_Integer)


def is_selection(node: Any) -> bool:
    """Whether a Piecewise has one branch, and is 0 otherwise."""
    return isinstance(node, Piecewise) and len(node.args) == 2 and node.args[1][0] == 0


def is_indicator(node: Any) -> bool:
    """Whether a selection is decided by indices and labels alone."""
    return is_selection(node) and all(
        isinstance(symbol, Index | Label | Size) or bool(symbol.is_integer)
        for symbol in node.args[0][1].free_symbols
    )


def joined(node: Any, spelled: Spell) -> Any:
    """Return a selection that is 0 otherwise with the selections inside it taken in."""
    if is_selection(node) and is_selection(inner := spelled(node.args[0][0])):
        where = And(node.args[0][1], inner.args[0][1], evaluate=False)
        return joined(Piecewise((inner.args[0][0], where), node.args[1], evaluate=False), spelled)
    return node


def taken_in(node: Any, spelled: Spell) -> Any:
    """Return a product with a selection that is 0 otherwise as a selection; None if it has none."""
    factors = flattened(node, spelled)
    for place, factor in enumerate(factors):
        if is_selection(factor) and not is_indicator(factor):
            (value, where), other = factor.args
            rest = [*factors[:place], value, *factors[place + 1 :]]
            return Piecewise((Mul(*rest, evaluate=False), where), other, evaluate=False)
    return None


def flattened(node: Any, spelled: Spell) -> list[Any]:
    """Return the factors of a product, those of products inside it included."""
    inner = spelled(node)
    if not isinstance(inner, Mul):
        return [inner]
    return [factor for part in inner.args for factor in flattened(part, spelled)]


def without_sign(body: Any) -> Any:
    """Return the body of a sum without its negative sign, None if it has none."""
    if not isinstance(body, Mul) or not (body.args[0].is_Number and body.args[0].is_negative):
        return None
    number, *rest = body.args
    return Mul(*([] if number == -1 else [-number]), *rest, evaluate=False)


def terms(node: Any, spelled: Spell) -> list[Any]:
    """Return the terms of a sum, those of sums inside it included."""
    whole = spelled(node)
    if isinstance(whole, Mul) and flattened(whole, spelled)[:-1] != [S.NegativeOne]:
        selection = taken_in(whole, spelled)
        return [whole if selection is None else spelled(selection)]
    if not isinstance(whole, Add):
        return [whole]
    return [term for part in whole.args for term in terms(part, spelled)]


def factors(node: Any, spelled: Spell) -> tuple[bool, list[Any], list[Any]]:
    """Return the sign of a product, and its factors above and below the line."""
    negative, above, below = False, [], []
    number = S.One
    pending = [node]
    while pending:
        part = spelled(pending.pop(0))
        if isinstance(part, Mul):
            pending = [*part.args, *pending]
        elif isinstance(part, Rational) and part.is_finite:
            negative ^= bool(part < 0)
            number *= abs(part)
        elif isinstance(part, Float):
            negative ^= bool(part < 0)
            above.append(abs(part))
        elif inverted_whole(part) and isinstance(base := spelled(part.base), Mul):
            inner = (Pow(factor, part.exp, evaluate=False) for factor in base.args)
            pending = [*inner, *pending]
        elif inverted_whole(part) and part.base.is_Rational and part.base != 0:
            pending.insert(0, part.base**part.exp)
        elif is_indicator(part) and part.args[0][0] != 1:
            (value, where), other = part.args
            above.append(Piecewise((S.One, where), other, evaluate=False))
            pending.insert(0, value)
        elif inverted(part):
            base = spelled(part.base)
            below.append(base if part.exp == -1 else Pow(base, -part.exp, evaluate=False))
        elif isinstance(part, SumOver | MeanOver) and (body := without_sign(part.body)) is not None:
            negative = not negative
            above.append(type(part)(*part.bound, body, where=part.where))
        else:
            above.append(part)
    above += [S(number.p)] if number.p != 1 else []
    below += [S(number.q)] if number.q != 1 else []
    return negative, above, below
