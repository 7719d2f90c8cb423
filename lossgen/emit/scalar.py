"""Scalar expressions as Python source: one printer for every target.

Terms are written in the order in which their names first appear in the loss, positive terms first;
literals are typed (`real(0.5)`), since an untyped one turns float32 arithmetic into float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
)  # fmt: skip
from sympy.core.relational import Relational

from lossgen.language.functions import continued, count, stop_gradient
from lossgen.language.symbols import Element, Index, Size

from .curves import quotient
from .functions import kernel
from .pairs import MAGNIFIERS, Pairs, is_general, is_inexact, is_quotient
from .products import AND, ATOM, COMPARE, OR, PRODUCT, SELECT, SUM, UNARY, Products

_OPERATORS = {Eq: "==", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">="}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class ScalarPrinter:
    """Prints scalar expressions.

    `leaf` names symbols and elements, `rank` orders them; names in `given` (parameters) come last
    in a sum and first in a product; those in `finite` are known to be numbers, those in
    `vanishing_names` to vanish faster than any other grows. After printing, `used` holds the
    functions of the math file that the text calls.
    """

    def __init__(
        self,
        leaf: Callable[[Any], str],
        rank: Mapping[str, int],
        given: Set[str] = frozenset(),
        low: Callable[[Any], str | None] = lambda _: None,
        finite: Set[str] = frozenset(),
        vanishing_names: Set[str] = frozenset(),
    ) -> None:
        self.leaf = leaf
        self.rank = rank
        self.given = given
        self.finite = finite | given
        self.vanishing = vanishing_names
        self.used: set[str] = set()
        self.products = Products(self)
        self.pairs = Pairs(lambda node: self(node, UNARY), self.wrapped, low, self.order_of_terms)

    def __call__(self, expression: Any, level: int = SELECT) -> str:
        """Return the source of an expression, in brackets where `level` needs them."""
        text, own = self.render(expression)
        return f"({text})" if own < level else text

    def condition(self, expression: Any) -> str:
        """Return the source of a condition."""
        return self(expression, OR)

    def render(self, node: Any) -> tuple[str, int]:
        match node:
            case Index() | Size():
                return f"real({self.leaf(node)})", ATOM
            case Symbol() | Element():
                return self.leaf(node), ATOM
            case Add():
                return self.sum(node)
            case Mul() | Rational() if not (node.is_Rational and node >= 0):
                return self.products.product(node)
            case Pow():
                return self.power(node)
            case Piecewise():
                return self.select(node)
            case Relational():
                return self.comparison(node)
            case And() | Or() | Not():
                return self.logic(node)
            case _ if node.is_Number or isinstance(node, NumberSymbol):
                return self.literal(node), ATOM
            case _:
                return self.call(node)

    def literal(self, number: Any) -> str:
        """Return a number, typed."""
        if number == S.Infinity:
            return "real(math.inf)"
        if number == S.NegativeInfinity:
            return "real(-math.inf)"
        if number.is_Integer:
            return f"real({int(number)})"
        return f"real({float(number)!r})"

    def integer(self, node: Any) -> str:
        """Return an index expression: a loop variable, a label or an integer."""
        return str(int(node)) if node.is_Integer else self.leaf(node)

    def sum(self, node: Add) -> tuple[str, int]:
        divisor = self.common_divisor(node)
        if divisor is not None:
            rest = Add(*(term * divisor for term in node.args), evaluate=False)
            squares = self.difference_of_squares(rest)
            if squares is not None:
                # (1 - z^2) / n: z^2 overflows where the quotient does not
                factor, size = squares
                above, over = self(factor * (1 - size), PRODUCT), self(divisor, UNARY)
                return f"{above} / {over} * {self(1 + size, UNARY)}", PRODUCT
            return f"{self(rest, PRODUCT)} / {self(divisor, UNARY)}", PRODUCT
        spread = [
            part for term in node.args for part in Add.make_args(self.products.spread(term) or term)
        ]
        terms = sorted(spread, key=self.order_of_terms)
        text = self(terms[0], SUM)
        for term in terms[1:]:
            if term.could_extract_minus_sign():
                text += f" - {self(-term, PRODUCT)}"
            else:
                text += f" + {self(term, SUM)}"
        return text, SUM

    def common_divisor(self, node: Add) -> Expr | None:
        """Return what all terms are divided by: 1 / n - u^2 / n is inf - inf at a subnormal n."""
        divisors = [
            {f.base for f in Mul.make_args(term) if isinstance(f, Pow) and f.exp.is_negative}
            for term in node.args
        ]
        names = [base for base in set.intersection(*divisors) if isinstance(base, Symbol | Element)]
        return min(names, key=self.order) if names else None

    def difference_of_squares(self, node: Expr) -> tuple[Expr, Expr] | None:
        """Return a and z of a - a z^2."""
        for first, last in (node.args, node.args[::-1]) if len(node.args) == 2 else ():
            square = -last / first
            if isinstance(square, Pow) and square.exp == 2 and isinstance(square.base, Symbol):
                return first, Abs(square.base)
        return None

    def power(self, node: Pow) -> tuple[str, int]:
        base, exponent = node.args
        if exponent.is_Rational and exponent.is_negative:
            return self.products.product(node)
        if exponent == S.Half:
            return self.named("sqrt", base), ATOM
        if exponent.is_Integer and exponent <= 4:
            return self.integer_power(base, int(exponent))
        if exponent.is_Rational and exponent.q == 2 and exponent.p == 3:
            return f"{self(base, UNARY)} * {self.named('sqrt', base)}", PRODUCT
        if self.is_carried_power(node):
            texts = ", ".join(self.pairs.pair(part) for part in (base, exponent))
            return self.wrapped("power_of", texts), ATOM
        return self.named("power", base, exponent), ATOM

    def is_carried_power(self, node: Expr) -> bool:
        """Whether a power is e^(y log x) of a base or an exponent that no single number holds."""
        if not isinstance(node, Pow) or not is_general(node):
            return False
        return any(self.pairs.number(part).is_pair for part in node.args)

    def integer_power(self, base: Expr, exponent: int) -> tuple[str, int]:
        if isinstance(base, Symbol | Element):
            return " * ".join([self(base, UNARY)] * exponent), PRODUCT
        if exponent == 4:
            return self.wrapped("square", self.named("square", base)), ATOM
        return self.named({2: "square", 3: "cube"}[exponent], base), ATOM

    def select(self, node: Piecewise) -> tuple[str, int]:
        value, condition = node.args[0]
        if condition == True:  # noqa: E712  (SymPy's true is not Python's)
            return self.render(value)
        rest = Piecewise(*node.args[1:], evaluate=False) if len(node.args) > 2 else node.args[-1][0]
        text = f"{self(value, OR)} if {self.condition(condition)} else {self(rest)}"
        return text, SELECT

    def comparison(self, node: Any) -> tuple[str, int]:
        left, right, operator = node.lhs, node.rhs, _OPERATORS[type(node)]
        if self.standing(left) < self.standing(right):
            left, right, operator = right, left, _FLIPPED[operator]
        if _is_integer(left) and _is_integer(right):
            return f"{self.integer(left)} {operator} {self.integer(right)}", COMPARE
        return f"{self(left, SUM)} {operator} {self(right, SUM)}", COMPARE

    def standing(self, node: Expr) -> tuple[int, int]:
        """How much a side belongs on the left: what varies before what is given before numbers."""
        names = [
            0 if symbol.name in self.given else 1 + self.rank.get(symbol.name, 0)
            for symbol in node.free_symbols
        ]
        return (0 if node.is_number else 1, max(names, default=0))

    def logic(self, node: Any) -> tuple[str, int]:
        if isinstance(node, Not):
            return f"not {self(node.args[0], COMPARE)}", AND
        word, level = ("and", AND) if isinstance(node, And) else ("or", OR)
        parts = sorted(node.args, key=self.order)
        return f" {word} ".join(self(part, level + 1) for part in parts), level

    def call(self, node: Any) -> tuple[str, int]:
        if isinstance(node, stop_gradient):
            return self.render(node.args[0])
        if isinstance(node, count):
            sizes = " * ".join(self.leaf(size) for size in node.args)
            return f"real(max({sizes}, 1))", ATOM
        if isinstance(node, Max | Min):
            return self.extremum(node), ATOM
        if isinstance(node, exp):
            return self.exponential(node.args[0]), ATOM
        if isinstance(node, continued):
            return self.render(quotient(node))
        function, arguments = kernel(node)
        if type(node) in MAGNIFIERS and self.is_carried(node.args[0]):
            rest = "".join(f", {self(other)}" for other in node.args[1:])
            text = f"{self.pairs.pair(node.args[0])}{rest}"
            return self.wrapped(MAGNIFIERS[type(node)], text), ATOM
        return self.named(function, *arguments), ATOM

    def is_carried(self, argument: Expr) -> bool:
        """Whether an argument is rounded on its way, and no single number holds it."""
        used = set(self.used)
        carried = is_inexact(argument) or self.pairs.number(argument).is_pair
        self.used.clear()
        self.used |= used
        return carried and self.pairs.number(argument).is_pair

    def exponential(self, argument: Expr) -> str:
        """Print e^argument; what its rounding drops is kept, as exp would multiply it."""
        if isinstance(argument, Add | Mul) and len(argument.args) == 2:
            first, last = sorted(argument.args, key=self.order)
            plain = not any(self.is_carried(part) or is_quotient(part) for part in argument.args)
            if plain and isinstance(argument, Add):
                return self.named("exp_difference", first, -last)
            if plain and first != -1:
                return self.named("exp_product", first, last)
        if self.is_carried(argument):
            return self.wrapped("exp_of", self.pairs.pair(argument))
        return self.named("exp", argument)

    def extremum(self, node: Any) -> str:
        word = "maximum" if isinstance(node, Max) else "minimum"
        parts = sorted((part for part in node.args if part != 0), key=self.order)
        if word == "maximum" and len(parts) == 1:
            return self.named("positive_part", parts[0])
        texts = [self(part) for part in parts] + (
            [self.literal(S.Zero)] if S.Zero in node.args else []
        )
        text = texts[0]
        for other in texts[1:]:
            text = self.wrapped(word, f"{text}, {other}")
        return text

    def named(self, function: str, *arguments: Any) -> str:
        return self.wrapped(function, ", ".join(self(argument) for argument in arguments))

    def wrapped(self, function: str, text: str) -> str:
        self.used.add(function)
        return f"{function}({text})"

    def order_of_terms(self, node: Any) -> tuple[Any, ...]:
        """Sort key of the terms of a sum: positive ones first, parameters last."""
        negative, names, text = self.order(node)
        parameters = bool(node.free_symbols) and all(
            s.name in self.given for s in node.free_symbols
        )
        return (negative, parameters, names, text)

    def order(self, node: Any) -> tuple[Any, ...]:
        """Sort key: positive terms first, then by the names that appear, then by text."""
        names = sorted(
            self.rank.get(symbol.name, len(self.rank))
            for symbol in node.free_symbols
            if symbol.name in self.rank
        )
        negative = bool(getattr(node, "could_extract_minus_sign", lambda: False)())
        return (negative, names, str(node))


def _is_integer(node: Any) -> bool:
    return (
        isinstance(node, Index | Size)
        or node.is_Integer
        or getattr(node, "axis", None) is not None
        or (isinstance(node, Symbol | Element) and bool(node.is_integer))
    )
