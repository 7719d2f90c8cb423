"""From a tree to a SymPy expression: names get meaning, indices are bound, nothing is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import sympy
from sympy import Add, Integer, Mul, Piecewise, Pow, S

from lossgen.language.errors import LanguageError
from lossgen.language.symbols import Array, Element, Index

from .errors import FormulaError
from .names import CONSTANTS, FOLD_TYPES, FUNCTIONS, SPELLINGS, number
from .scope import Scope, key
from .tree import Node

_RELATIONS: dict[str, Any] = {
    "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne,
}  # fmt: skip
_BOOLEAN = ("relation", "and", "or", "not", "true", "false")


class Resolver:
    """Gives meaning to the trees of one scope; nothing needs to bind the `free` indices."""

    def __init__(self, scope: Scope, free: dict[str, Index] | None = None) -> None:
        self.scope = scope
        self.bound: dict[str, Index] = dict(free or {})

    def expression(self, part: Node) -> Any:
        """Return the number that a tree stands for."""
        inner = [part] if part.kind in ("name", "fold", "cases") else part.parts
        match part.kind:
            case "number":
                return number(part.text)
            case "name":
                return self.name(part)
            case "sum":
                return Add(*map(self.expression, inner), evaluate=False)
            case "negative":
                return Mul(Integer(-1), self.expression(part.parts[0]), evaluate=False)
            case "product":
                return Mul(*map(self.expression, inner), evaluate=False)
            case "quotient":
                above, below = map(self.expression, inner)
                return Mul(above, Pow(below, -1, evaluate=False), evaluate=False)
            case "power":
                return self.power(*part.parts)
            case "call":
                return self.call(part)
            case "fold":
                return self.fold(part)
            case "cases":
                return self.cases(part)
            case "indicator":
                where = self.condition(part.parts[0])
                return Piecewise((S.One, where), (S.Zero, True), evaluate=False)
            case "derivative":
                return self.derivative(part)
            case "bracket":
                return self.expression(self.only(part))
            case "size":
                return self.size(part)
        raise _error(f"a {part.kind} is no number", part)

    def only(self, part: Node) -> Node:
        """Return what stands in brackets: one thing."""
        inner = part.parts[0]
        if inner.kind == "list" and len(inner.parts) == 1:
            return inner.parts[0]
        if inner.kind == "list":
            raise _error("a list is no number; which function does it belong to?", part)
        return inner

    def power(self, base: Node, exponent: Node) -> Any:
        """Return a power; a power of e is the exponential."""
        raised = self.expression(exponent)
        letter = base.text if base.kind == "name" and not base.parts else ""
        if letter in ("e", "E") and letter not in self.scope.names:
            return sympy.exp(raised, evaluate=False)
        return Pow(self.expression(base), raised, evaluate=False)

    def call(self, part: Node) -> Any:
        """Return a function of its arguments."""
        name = SPELLINGS.get(part.text, part.text)
        if name not in FUNCTIONS or (part.text in self.scope.names and self.scope.syntax == "text"):
            close = get_close_matches(name, FUNCTIONS, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise _error(f"{part.text} is no function of formulas{hint}", part)
        count, make = FUNCTIONS[name]
        if (count is None and len(part.parts) < 2) or (
            count is not None and len(part.parts) != count
        ):
            wanted = "two or more arguments" if count is None else f"{count} argument(s)"
            raise _error(f"{name} takes {wanted}, found {len(part.parts)}", part)
        return make(*map(self.expression, part.parts))

    def fold(self, part: Node) -> Any:
        """Return a fold, its indices bound in its body and condition."""
        listed, body, *where = part.parts
        outer = dict(self.bound)
        indices = []
        for given in listed.parts:
            if given.kind != "name" or given.parts:
                raise _error("expected an index; a condition follows a colon: i : i != j", given)
            if given.text in outer:
                raise _error(f"the index {given.text} is in use outside this fold", given)
            indices.append(self.index_over(given, part))
            self.bound[given.text] = indices[-1]
        try:
            inner = self.expression(body)
            condition = self.condition(where[0]) if where else S.true
            return FOLD_TYPES[part.text](*indices, inner, where=condition)
        except LanguageError as error:
            raise _error(str(error), part) from None
        finally:
            self.bound = outer

    def index_over(self, given: Node, context: Node) -> Index:
        """Return the index of a name: a declared one, or over the axis where `context` uses it."""
        known = self.scope.indices.get(given.text)
        if known is not None:
            return known
        axes = set(self.axes_used(given.text, context))
        if len(axes) != 1:
            raise _error(f"it does not follow over which axis the index {given.text} runs", given)
        return Index(given.text, axes.pop())

    def axes_used(self, index: str, context: Node) -> Iterator[str]:
        """Yield the axes at which names in `context` have the subscript `index`."""
        for part in walk(context):
            if part.kind != "name":
                continue
            for count in range(len(part.parts)):
                array = self.scope.names.get(key_or_none(part, count))
                if isinstance(array, Array) and len(array.axes) == len(part.parts) - count:
                    for axis, place in zip(array.axes, part.parts[count:], strict=True):
                        if place.kind == "name" and place.text == index and not place.parts:
                            yield axis

    def cases(self, part: Node) -> Any:
        """Return a selection."""
        pairs = zip(part.parts[::2], part.parts[1::2], strict=True)
        branches = [(self.expression(value), self.condition(where)) for value, where in pairs]
        return Piecewise(*branches, evaluate=False)

    def condition(self, part: Node) -> Any:
        """Return the condition that a tree stands for."""
        match part.kind:
            case "true":
                return S.true
            case "false":
                return S.false
            case "relation":
                left, right = map(self.expression, part.parts)
                return _RELATIONS[part.text](left, right, evaluate=False)
            case "and":
                return sympy.And(*map(self.condition, part.parts))
            case "or":
                return sympy.Or(*map(self.condition, part.parts))
            case "not":
                return sympy.Not(self.condition(part.parts[0]))
            case "bracket" | "list" if len(part.parts) == 1:
                return self.condition(part.parts[0])
        raise _error("expected a condition, such as r < 1", part)

    def name(self, part: Node) -> Any:
        """Return a symbol, an element, a bound index, an extent or a constant."""
        if not part.parts and part.text in self.bound:
            return self.bound[part.text]
        found = []
        for count in range(len(part.parts) + 1):
            symbol = self.scope.names.get(key_or_none(part, count))
            if symbol is not None and len(getattr(symbol, "axes", ())) == len(part.parts) - count:
                found.append(self.element(symbol, part, part.parts[count:]))
        if len(found) > 1:
            raise _error(f"this is {found[0]} or {found[1]}", part)
        return found[0] if found else self.other(part)

    def element(self, symbol: Any, part: Node, indices: tuple[Node, ...]) -> Any:
        """Return an element of an array, or a symbol as it is."""
        if not isinstance(symbol, Array):
            return symbol
        try:
            return symbol[tuple(self.index(index) for index in indices)]
        except LanguageError as error:
            raise _error(str(error), part) from None

    def index(self, part: Node) -> Any:
        """Return an index: a bound one, or a label."""
        if part.kind == "name":
            return self.name(part)
        raise _error("expected an index", part)

    def other(self, part: Node) -> Any:
        """Return an extent or a constant, or raise the error for a name that nobody declared."""
        found = self.scope.extents.get(
            key_or_none(part, None), CONSTANTS.get(key_or_none(part, None))
        )
        if found is None and key_or_none(part, None) == self.scope.loss:
            found = self.scope.names.get("")
        if found is None and part.text.startswith(r"\operatorname"):
            upright = Node("name", part.parts, part.text.replace("operatorname", "mathrm"))
            found = self.scope.names.get(key_or_none(upright, None))
        if found is not None:
            return found
        if not part.parts and part.text in self.scope.indices:
            raise _error(f"the index {part.text} is free; a fold has to bind it", part)
        known = [name for name in self.scope.names if name]
        for count in range(len(part.parts) + 1):
            symbol = self.scope.names.get(key_or_none(part, count))
            if symbol is not None:
                axes = getattr(symbol, "axes", ())
                wanted = f"the indices of {', '.join(axes)}" if axes else "no index"
                raise _error(f"{key(part, count)} takes {wanted}", part)
        close = get_close_matches(part.text, known, 1, 0.4)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
        raise _error(f"nobody declared this name; {hint}", part)

    def size(self, part: Node) -> Any:
        """Return the extent of an axis, written with a dot."""
        index = self.bound.get(part.text) or self.scope.indices.get(part.text)
        if index is None:
            raise _error(f"{part.text} is no axis", part)
        return index.size

    def derivative(self, part: Node) -> Any:
        """Return the derivative of the loss in a quantity, which an equation of its own defines."""
        below = check_loss(self.scope, part)
        for count in range(len(below.parts) + 1):
            symbol = self.scope.adjoints.get(key_or_none(below, count))
            if symbol is not None and len(getattr(symbol, "axes", ())) == len(below.parts) - count:
                return self.element(symbol, part, below.parts[count:])
        raise _error("this derivative is used and nowhere defined", part)


def check_loss(scope: Scope, part: Node) -> Node:
    """Return below of a derivative whose numerator is the loss."""
    above, below = part.parts
    if key_or_none(above, None) != scope.loss:
        raise _error(f"expected the derivative of {scope.loss}", above)
    if below.kind != "name":
        raise _error("expected a derivative in a name", below)
    return below


def key_or_none(part: Node, subscripts: int | None) -> str:
    """Return the key of a name, or one that nothing has."""
    try:
        return key(part, subscripts)
    except FormulaError:
        return "\0"


def walk(part: Node) -> Iterator[Node]:
    """Yield a tree and all that is in it."""
    yield part
    for inner in part.parts:
        yield from walk(inner)


def _error(message: str, part: Node) -> FormulaError:
    return FormulaError(message, "", part.start, part.end)


__all__ = ["Element", "Resolver", "check_loss", "walk"]
