"""From a tree to a SymPy expression: names get meaning, indices are bound, nothing is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import sympy
from sympy import Add, Integer, Mul, Piecewise, Pow, S

from lossgen.language.errors import LanguageError
from lossgen.language.folds import MaxOver, MinOver
from lossgen.language.symbols import Index

from . import bounds, lookup, vectors
from .errors import FormulaError
from .names import FOLD_TYPES, FUNCTIONS, SPELLINGS, number
from .scope import Scope
from .tree import Node, walk
from .vectors import ShapeError, Tensor

_RELATIONS: dict[str, Any] = {
    "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne,
}  # fmt: skip
_TRANSPOSED = ("T", r"\mathrm{T}")
# Nested deeper than this a sum over four places each has more than a thousand terms.
_FOLDS = 5


class Resolver:
    """Gives meaning to the trees of one scope; nothing needs to bind the `free` indices.

    `sources` remembers from where to where in the text each expression stood.
    """

    def __init__(self, scope: Scope, free: dict[str, Index] | None = None) -> None:
        self.scope = scope
        self.bound: dict[str, Index] = dict(free or {})
        self.fresh = 0
        self.nested = 0
        self.sources: dict[Any, tuple[int, int]] = {}

    def expression(self, part: Node) -> Any:
        """Return the number that a tree stands for."""
        found = self.tensor(part)
        if found.places:
            axes = ", ".join(found.axes)
            raise error(f"this is a vector over {axes}; a number is expected here", part)
        return found.expression

    def tensor(self, part: Node) -> Tensor:
        """Return the number, vector or matrix that a tree stands for."""
        rule = _RULES.get(part.kind)
        if rule is None:
            raise error(f"a {part.kind} is no number", part)
        try:
            found = rule(self, part)
        except (ShapeError, LanguageError) as problem:
            raise error(str(problem), part) from None
        self.sources.setdefault(found.expression, (part.start, part.end))
        return found

    def place(self, axis: str) -> Index:
        """Return an index that nothing else is called, for an element that the text left out."""
        self.fresh += 1
        return Index(f"{axis}*{self.fresh}", axis)

    def literal(self, part: Node) -> Tensor:
        """Return a number as it is written."""
        try:
            return Tensor(number(part.text))
        except ValueError as problem:
            raise error(str(problem), part) from None

    def each(self, part: Node) -> list[Tensor]:
        """Return what the parts of a tree stand for."""
        return [self.tensor(inner) for inner in part.parts]

    def sum(self, part: Node) -> Tensor:
        """Return a sum; a number beside a vector is added to each element."""
        return vectors.mapped(lambda *terms: Add(*terms, evaluate=False), self.each(part))

    def product(self, part: Node) -> Tensor:
        """Return what stands side by side, from left to right."""
        first, *others = self.each(part)
        if not any(factor.rank or factor.ones for factor in (first, *others)):
            factors = [factor.expression for factor in (first, *others)]
            return Tensor(Mul(*factors, evaluate=False))
        for other in others:
            first = vectors.times(first, other)
        return first

    def quotient(self, part: Node) -> Tensor:
        """Return a fraction, whose denominator is a number."""
        above, below = self.each(part)
        if below.rank:
            raise error("a vector below a fraction; write its elements with an index", part)
        return vectors.times(above, Tensor(Pow(below.expression, -1, evaluate=False)))

    def power(self, part: Node) -> Tensor:
        """Return a power; one of e is the exponential, the power T of a vector its transpose."""
        base, exponent = part.parts
        letter = exponent.text if exponent.kind == "name" and not exponent.parts else ""
        if letter in _TRANSPOSED and not lookup.knows(self, exponent):
            return vectors.transposed(self.tensor(base))
        if lookup.is_e(self, base):
            return vectors.mapped(_exponential, [self.tensor(exponent)])
        found = self.tensor(base)
        if found.rank:
            raise error("a power of a vector; write \\lVert x \\rVert^2 or an index", part)
        return Tensor(Pow(found.expression, self.expression(exponent), evaluate=False))

    def call(self, part: Node) -> Tensor:
        """Return a function of its arguments, of a vector element by element."""
        name = SPELLINGS.get(part.text, part.text)
        if part.text in self.scope.names and self.scope.syntax == "text":
            raise error(f"{part.text} is an argument and no function of formulas", part)
        given = self.each(part)
        if name in vectors.CALLS:
            count, vector = vectors.CALLS[name]
            if len(given) == count:
                return vector(*given)
        if name in ("Max", "Min") and len(given) == 1 and given[0].rank == 1:
            return vectors.folded(MaxOver if name == "Max" else MinOver, given[0], name)
        if name == "log" and len(given) == 2:  # of SymPy: to a base
            return vectors.mapped(_logarithm, given)
        if name == "norm" and len(given) == 2:
            return vectors.norm(given[0], part.parts[1].text)
        return vectors.mapped(self.function(name, part, given), given)

    def function(self, name: str, part: Node, given: list[Tensor]) -> Callable[..., Any]:
        """Return what makes a function of numbers."""
        if name not in FUNCTIONS:
            close = get_close_matches(name, [*FUNCTIONS, *vectors.CALLS], 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise error(f"{part.text} is no function of formulas{hint}", part)
        count, make = FUNCTIONS[name]
        if (count is None and len(given) < 2) or (count is not None and len(given) != count):
            wanted = "two or more arguments" if count is None else f"{count} argument(s)"
            raise error(f"{name} takes {wanted}, found {len(given)}", part)
        if any(tensor.rank for tensor in given) and name in ("Abs", "sigmoid", "Max", "Min"):
            raise error(f"{name} of a vector can be read in two ways; write an index", part)
        return make

    def norm(self, part: Node) -> Tensor:
        """Return a norm."""
        return vectors.norm(self.tensor(part.parts[0]), part.text)

    def element(self, part: Node) -> Tensor:
        """Return an element of a vector that has no name."""
        base, *indices = part.parts
        return vectors.element(self.tensor(base), [lookup.index(self, each) for each in indices])

    def fold(self, part: Node) -> Tensor:
        """Return a fold, its indices bound in its body and condition."""
        outer = dict(self.bound)
        self.nested += 1
        if self.nested > _FOLDS:
            raise error(f"more than {_FOLDS} sums inside one another", part)
        try:
            indices, where = bounds.opened(self, part)
            body = self.tensor(part.parts[1])
            folded = FOLD_TYPES[part.text](*indices, body.expression, where=where)
            return Tensor(folded, body.places, body.row)
        finally:
            self.bound = outer
            self.nested -= 1

    def cases(self, part: Node) -> Tensor:
        """Return a selection."""
        values = [self.tensor(value) for value in part.parts[::2]]
        where = [self.condition(guard) for guard in part.parts[1::2]]
        return vectors.mapped(
            lambda *elements: Piecewise(*zip(elements, where, strict=True), evaluate=False), values
        )

    def indicator(self, part: Node) -> Tensor:
        """Return 1 where a condition holds, else 0."""
        where = self.condition(part.parts[0])
        return Tensor(Piecewise((S.One, where), (S.Zero, True), evaluate=False))

    def bracket(self, part: Node) -> Tensor:
        """Return what stands in brackets: one thing."""
        inner = part.parts[0]
        if inner.kind == "list" and len(inner.parts) != 1:
            raise error("a list is no number; which function does it belong to?", part)
        return self.tensor(inner.parts[0] if inner.kind == "list" else inner)

    def condition(self, part: Node) -> Any:
        """Return the condition that a tree stands for."""
        if any(inner.kind in ("cases", "indicator") for inner in walk(part)):
            raise error("a selection inside a condition; give it a name", part)
        match part.kind:
            case "true":
                return S.true
            case "false":
                return S.false
            case "relation":
                left, right = map(self.expression, part.parts)
                return _RELATIONS[part.text](left, right, evaluate=False)
            case "and":
                return sympy.And(*map(self.condition, part.parts), evaluate=False)
            case "or":
                return sympy.Or(*map(self.condition, part.parts), evaluate=False)
            case "not":
                return sympy.Not(self.condition(part.parts[0]), evaluate=False)
            case "bracket" | "list" if len(part.parts) == 1:
                return self.condition(part.parts[0])
        raise error("expected a condition, such as r < 1", part)


def _negative(expression: Any) -> Any:
    return Mul(Integer(-1), expression, evaluate=False)


def _exponential(expression: Any) -> Any:
    return sympy.exp(expression, evaluate=False)


def _logarithm(argument: Any, base: Any) -> Any:
    above, below = (sympy.log(each, evaluate=False) for each in (argument, base))
    return Mul(above, Pow(below, -1, evaluate=False), evaluate=False)


def _multiplied(*factors: Any) -> Any:
    return Mul(*factors, evaluate=False)


_RULES: dict[str, Callable[[Resolver, Node], Tensor]] = {
    "number": Resolver.literal,
    "name": lookup.name,
    "sum": Resolver.sum,
    "negative": lambda self, part: vectors.mapped(_negative, self.each(part)),
    "product": Resolver.product,
    "dot": lambda self, part: vectors.dot(*self.each(part)),
    "inner": lambda self, part: vectors.dot(*self.each(part)),
    "hadamard": lambda self, part: vectors.mapped(_multiplied, self.each(part)),
    "quotient": Resolver.quotient,
    "power": Resolver.power,
    "transpose": lambda self, part: vectors.transposed(self.tensor(part.parts[0])),
    "call": Resolver.call,
    "norm": Resolver.norm,
    "element": Resolver.element,
    "ones": lambda self, part: Tensor(S.One, ones=True),
    "fold": Resolver.fold,
    "cases": Resolver.cases,
    "indicator": Resolver.indicator,
    "derivative": lookup.derivative,
    "bracket": Resolver.bracket,
    "size": lookup.size,
}


def error(message: str, part: Node) -> FormulaError:
    """Return an error at the place of a tree."""
    return FormulaError(message, "", part.start, part.end)


__all__ = ["Resolver"]
