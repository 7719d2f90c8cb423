"""Matching of patterns by structure, up to the order of terms and factors.

SymPy's own matcher solves for a wild name, and takes log(a) for log(1 + (a - 1)). Here a wild
stands for what is written there, with three liberties: the number in `-x` or `2*x` is divided out,
`x**2` is met by anything that is a square, and a named quantity may be seen through where the
pattern is more than a wild.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Add, Expr, Mul, Number, Pow, S, Wild

from lossgen.language.functions import hypot, logaddexp

from .factors import factors_of, quotient, same, square_root
from .names import NOTHING, Names

# Wilds with these names may stand for numbers, and in a product for no factor at all.
FREE = frozenset("abcn")
# Functions of two arguments in either order.
COMMUTATIVE = (hypot, logaddexp)


@dataclass(frozen=True)
class Match:
    """What the wilds stand for, and which expressions were seen behind which names."""

    bound: dict[Any, Expr] = field(default_factory=dict)
    seen: dict[Expr, Expr] = field(default_factory=dict)

    def bind(self, wild: Wild, value: Expr) -> Iterator[Match]:
        """Yield the match in which `wild` is `value`, if it may be."""
        known = self.bound.get(wild)
        if known is not None:
            if same(known, value):
                yield self
        elif not value.is_Number or wild.name in FREE:
            yield replace(self, bound={**self.bound, wild: value})

    def fill(self, expression: Any) -> Any:
        """Return an expression with the wilds replaced, and with names for what was seen."""
        swaps: dict[Any, Any] = {-wild: negative(value) for wild, value in self.bound.items()}
        return expression.xreplace({**swaps, **self.bound}).xreplace(self.seen)


def negative(value: Any) -> Any:
    """Return -value; of a sum that begins with a minus, the sum with its signs turned."""
    if isinstance(value, Add) and value.could_extract_minus_sign():
        return Add(*(-term for term in value.args))
    return -value


def matches(
    pattern: Any, expression: Any, found: Match | None = None, names: Names = NOTHING
) -> Iterator[Match]:
    """Yield the ways in which a whole expression is built as the pattern is."""
    found = found or Match()
    coefficient, core = _coefficient(pattern)
    if isinstance(core, Wild):
        if coefficient == 1 or not expression.is_Number:
            value = expression if coefficient == 1 else _divided(expression, coefficient)
            yield from found.bind(core, value)
        return
    if not pattern.has(Wild):
        if same(pattern, expression):
            yield found
        return
    if _is_wild_square(pattern):
        root = square_root(expression)
        if root is not None:
            yield from found.bind(pattern.base, root)
        return
    yield from _built(pattern, expression, found, names)
    meaning = names.meaning(expression)
    if meaning is not None:
        through = replace(found, seen={**found.seen, meaning: expression})
        yield from _built(pattern, meaning, through, names)


def _built(pattern: Any, node: Any, found: Match, names: Names) -> Iterator[Match]:
    if isinstance(pattern, Mul):
        for match, left in within_product(pattern, node, found, names):
            if not left:
                yield match
    elif pattern.func is not node.func:
        return
    elif isinstance(pattern, Add):
        for match, scale, rest in within_sum(pattern, node, found, names):
            if scale == 1 and not rest:
                yield match
    elif len(pattern.args) == len(node.args):
        yield from _in_order(pattern.args, node.args, found, names)
        if pattern.func in COMMUTATIVE:
            yield from _in_order(pattern.args, node.args[::-1], found, names)


def _in_order(patterns: Any, parts: Any, found: Match, names: Names) -> Iterator[Match]:
    if not patterns:
        yield found
        return
    # What says most about the wilds comes first: in f(x, (x + y)/2) that is x.
    for match in matches(patterns[0], parts[0], found, names):
        yield from _in_order(patterns[1:], parts[1:], match, names)


def within_sum(
    pattern: Add, expression: Any, found: Match, names: Names
) -> Iterator[tuple[Match, Expr, list[Expr]]]:
    """Yield (match, scale, rest) such that expression = scale * pattern + rest."""
    terms = list(Add.make_args(expression))
    yield from _among(pattern, terms, found, names)
    # A name that is a sum itself, such as a difference of arguments, may hold some of the terms.
    for place, term in enumerate(terms):
        number, core = term.as_coeff_Mul()
        meaning = names.meaning(core)
        if isinstance(meaning, Add) and number in (1, -1):
            inner = [number * part for part in meaning.args]
            opened = replace(found, seen={**found.seen, meaning: core})
            wider = terms[:place] + inner + terms[place + 1 :]
            for match, scale, rest in _among(pattern, wider, opened, names):
                if not any(part in rest for part in inner):
                    yield match, scale, rest


def _among(
    pattern: Add, terms: list[Any], found: Match, names: Names
) -> Iterator[tuple[Match, Expr, list[Expr]]]:
    parts = sorted(pattern.args, key=_hardness)
    anchor, others = parts[0], parts[1:]
    coefficient, core = _coefficient(anchor)
    if core.is_Number or isinstance(core, Wild):
        yield from _terms(parts, terms, S.One, found, names)
        return
    for place, term in enumerate(terms):
        rest = terms[:place] + terms[place + 1 :]
        for match, left in _inside_product(core, term, found, names):
            scale = _divided(Mul(*left), coefficient)
            yield from _terms(others, rest, scale, match, names)


def _terms(
    parts: list[Any], terms: list[Any], scale: Expr, found: Match, names: Names
) -> Iterator[tuple[Match, Expr, list[Expr]]]:
    if not parts:
        yield found, scale, terms
        return
    part, others = parts[0], parts[1:]
    coefficient, core = _coefficient(part)
    known = core if core.is_Number else found.bound.get(core)
    if known is not None:
        left = _without_terms(terms, coefficient * known * scale)
        if left is not None:
            yield from _terms(others, left, scale, found, names)
    elif isinstance(core, Wild):
        divided = [quotient(term, scale) for term in terms]
        if divided and None not in divided:
            value = _divided(Add(*divided), coefficient)
            for match in found.bind(core, value):
                yield from _terms(others, [], scale, match, names)
    else:
        for place, term in enumerate(terms):
            whole = quotient(term, scale)
            if whole is not None:
                rest = terms[:place] + terms[place + 1 :]
                for match in matches(part, whole, found, names):
                    yield from _terms(others, rest, scale, match, names)


def _without_terms(terms: list[Any], value: Any) -> list[Any] | None:
    left = list(terms)
    for wanted in Add.make_args(value):
        place = next((at for at, term in enumerate(left) if same(term, wanted)), None)
        if place is None:
            return None
        left.pop(place)
    return left


def _inside_product(
    core: Any, term: Any, found: Match, names: Names
) -> Iterator[tuple[Match, list[Expr]]]:
    if len(_parts(core)) > 1:
        yield from _factors(_parts(core), factors_of(term), found, names)
        return
    for match in matches(core, term, found, names):
        yield match, []
    parts = factors_of(term)
    if len(parts) > 1:
        for place, part in enumerate(parts):
            for match in matches(core, part, found, names):
                yield match, parts[:place] + parts[place + 1 :]


def within_product(
    pattern: Mul, expression: Any, found: Match, names: Names
) -> Iterator[tuple[Match, list[Expr]]]:
    """Yield (match, rest) such that expression = pattern * product of rest."""
    coefficient, core = _coefficient(pattern)
    parts = _parts(core)
    given = factors_of(expression)
    if coefficient != 1:
        numbers = [factor for factor in given if factor.is_Number]
        given = [factor for factor in given if not factor.is_Number]
        number = _divided(Mul(*numbers), coefficient)
        given = given if number == 1 else [number, *given]
    yield from _factors(parts, given, found, names)


def _parts(core: Any) -> list[Any]:
    squares = [part for part in Mul.make_args(core) if _is_wild_square(part)]
    others = [part for part in Mul.make_args(core) if not _is_wild_square(part)]
    return sorted([*squares, *factors_of(Mul(*others))], key=_hardness)


def _is_wild_square(part: Any) -> bool:
    return isinstance(part, Pow) and isinstance(part.base, Wild) and part.exp == 2


def _factors(
    parts: list[Any], given: list[Any], found: Match, names: Names
) -> Iterator[tuple[Match, list[Expr]]]:
    if not parts:
        yield found, given
        return
    part, others = parts[0], parts[1:]
    known = found.bound.get(part) if isinstance(part, Wild) else None
    if _is_wild_square(part):
        known = found.bound.get(part.base)
        known = None if known is None else known**2
    if known is not None:
        left = _without_factors(given, known)
        if left is not None:
            yield from _factors(others, left, found, names)
    elif isinstance(part, Wild):
        if given or part.name in FREE:
            for match in found.bind(part, Mul(*given)):
                yield from _factors(others, [], match, names)
    elif _is_wild_square(part):
        for match in matches(part, Mul(*given), found, names):
            yield from _factors(others, [], match, names)
    else:
        for place, factor in enumerate(given):
            rest = given[:place] + given[place + 1 :]
            for match in matches(part, factor, found, names):
                yield from _factors(others, rest, match, names)


def _without_factors(given: list[Any], value: Any) -> list[Any] | None:
    left = list(given)
    for wanted in factors_of(value):
        place = next((at for at, factor in enumerate(left) if same(factor, wanted)), None)
        if place is None:
            return None
        left.pop(place)
    return left


def _coefficient(pattern: Any) -> tuple[Expr, Any]:
    if isinstance(pattern, Number):
        return S.One, pattern
    return pattern.as_coeff_Mul() if isinstance(pattern, Mul) else (S.One, pattern)


def _divided(value: Any, number: Any) -> Any:
    if number == 1:
        return value
    return negative(value) if number == -1 else value / number


def _hardness(part: Any) -> tuple[int, int, int, str]:
    """Sort key: what is built of functions comes before numbers, and wilds last.

    Of two functions the one with fewer wilds comes first: in expm1(x*y)/y it says what y is.
    """
    _, core = _coefficient(part)
    wild = isinstance(core, Wild) or _is_wild_square(core)
    kind = 2 if wild else 1 if core.is_Number else 0
    wilds = core.atoms(Wild)
    free = sum(wild.name in FREE for wild in wilds)
    return kind, 0 if kind else len(wilds), free if kind else -core.count_ops(), str(part)
