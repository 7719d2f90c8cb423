"""Arguments of functions that magnify rounding errors, printed as pairs (hi, lo).

e^x is wrong by |x| half-ulps where x is rounded, log x by 1 / |log x|, x^y by y: correctly rounded
functions give focal loss 62 ulp and Welsch 64 in float32. So what such a function is given is
printed in the arithmetic of unevaluated pairs, in which a sum, product or quotient of two numbers
loses nothing; a quantity that is named in between gets a second name, `r, r_low = ...`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    Add,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    cosh,
    erfc,
    exp,
    log,
    preorder_traversal,
    sinh,
)

from lossgen.language.functions import (
    boxcox1p,
    expm1,
    expm1mx,
    hypot1m1,
    log_ndtr,
    normal_hazard,
    product,
    sech2,
    sigmoid,
    sigmoid_power,
    softplus,
)
from lossgen.language.symbols import Element, Index, Size

# The kernel function of a pair that stands for each function of a number; of which argument.
MAGNIFIERS: dict[type, str] = {
    exp: "exp_of", expm1: "expm1_of", log: "log_of", sigmoid: "sigmoid_of", softplus: "softplus_of",
    sech2: "sech2_of", cosh: "cosh_of", sinh: "sinh_of", sigmoid_power: "sigmoid_power_of",
    log_ndtr: "log_ndtr_of", normal_hazard: "normal_hazard_of", erfc: "erfc_of",
    expm1mx: "expm1mx_of", boxcox1p: "boxcox1p_of",
}  # fmt: skip
# Functions of a number whose own rounding error a pair can carry.
CARRIED: dict[type, str] = {
    log: "log_as_pair", sigmoid: "sigmoid_as_pair", softplus: "softplus_as_pair",
    hypot1m1: "hypot1m1_as_pair",
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """The text of one number, or of a pair; `parts` are the texts of both where they have names."""

    text: str
    is_pair: bool
    parts: tuple[str, str] | None = None


class Pairs:
    """Prints expressions as pairs.

    `show` prints a number, `call` a function of texts (noting its use), `low` gives the second
    name of a quantity that is carried as a pair, or None, and `order` sorts terms and factors.
    """

    def __init__(
        self,
        show: Callable[[Any], str],
        call: Callable[[str, str], str],
        low: Callable[[Any], str | None],
        order: Callable[[Any], Any],
    ) -> None:
        self.show, self.call, self.low, self.order = show, call, low, order

    def pair(self, node: Any) -> str:
        """Return the text of an expression as a pair, a number with nothing dropped included."""
        number = self.number(node)
        return number.text if number.is_pair else self.call("pair", number.text)

    def number(self, node: Any) -> Number:
        """Return the text of an expression, as a pair unless one number holds it exactly."""
        match node:
            case Symbol() | Element():
                return self.leaf(node)
            case Add():
                return self.sum(node)
            case Mul() | Rational():
                return self.product(node)
            case Pow() if (node.exp.is_Integer and 2 <= abs(node.exp) <= 4) or node.exp == -1:
                return self.power(node)
            case Pow() if node.exp == S.Half and not node.base.is_Number:
                return Number(self.call("sqrt_as_pair", self.pair(node.base)), True)
            case product():
                texts = self.show(node.args[0]), self.pair(node.args[1])
                return Number(self.call("product_as_pair", ", ".join(texts)), True)
            case Abs():
                inner = self.number(node.args[0])
                word = "pair_absolute" if inner.is_pair else "absolute"
                return Number(self.call(word, inner.text), inner.is_pair)
            case _ if type(node) in CARRIED:
                return Number(self.call(CARRIED[type(node)], self.pair(node.args[0])), True)
            case _:
                return Number(self.show(node), False)

    def leaf(self, node: Any) -> Number:
        low = self.low(node)
        text = self.show(node)
        return Number(text, False) if low is None else Number(f"({text}, {low})", True, (text, low))

    def sum(self, node: Add) -> Number:
        terms = sorted(node.args, key=self.order)
        total = self.number(terms[0])
        for term in terms[1:]:
            total = self.added(total, self.number(term))
        return total

    def added(self, left: Number, right: Number) -> Number:
        if left.is_pair and right.is_pair:
            return Number(self.call("pair_sum", f"{left.text}, {right.text}"), True)
        if not left.is_pair and not right.is_pair:
            return Number(self.call("two_sum", f"{left.text}, {right.text}"), True)
        both, one = (left, right) if left.is_pair else (right, left)
        return Number(self.call("pair_plus", f"{both.text}, {one.text}"), True)

    def product(self, node: Any) -> Number:
        coefficient, rest = node.as_coeff_Mul()
        if coefficient == -1:
            return self.negative(self.number(rest))
        above: list[Any] = []
        below: list[Any] = []
        for factor in sorted(Mul.make_args(rest), key=self.order):
            inverse = is_quotient(factor)
            (below if inverse else above).append(1 / factor if inverse else factor)
        if coefficient.is_Rational and coefficient.q & (coefficient.q - 1):
            above = [Rational(coefficient.p), *above] if coefficient.p != 1 else above
            below = [*below, Rational(coefficient.q)]
        elif coefficient != 1:
            above = [coefficient, *above]
        above = [factor for factor in above if factor != 1] or [S.One]
        result = self.factor(above[0])
        for factor in above[1:]:
            result = self.times(result, self.factor(factor))
        for factor in below:
            result = self.over(result, self.factor(factor))
        return result

    def factor(self, node: Any) -> Number:
        return Number(self.show(node), False) if node.is_Number else self.number(node)

    def negative(self, number: Number) -> Number:
        if number.parts:
            hi, lo = number.parts
            return Number(f"(-{hi}, -{lo})", True, (f"-{hi}", f"-{lo}"))
        if number.is_pair:
            return Number(self.call("pair_negative", number.text), True)
        return Number(f"(-{number.text})", False)

    def times(self, left: Number, right: Number) -> Number:
        if left.is_pair and right.is_pair:
            return Number(self.call("pair_product", f"{left.text}, {right.text}"), True)
        if not left.is_pair and not right.is_pair:
            return Number(self.call("two_product", f"{left.text}, {right.text}"), True)
        both, one = (left, right) if left.is_pair else (right, left)
        return Number(self.call("pair_times", f"{both.text}, {one.text}"), True)

    def over(self, above: Number, below: Number) -> Number:
        if not above.is_pair and not below.is_pair:
            return Number(self.call("two_quotient", f"{above.text}, {below.text}"), True)
        texts = [n.text if n.is_pair else self.call("pair", n.text) for n in (above, below)]
        return Number(self.call("pair_quotient", ", ".join(texts)), True)

    def power(self, node: Pow) -> Number:
        base, exponent = self.number(node.base), int(node.exp)
        if exponent < 0:
            return self.over(
                Number(self.show(S.One), False), self.number(Pow(node.base, -exponent))
            )
        if exponent == 3:
            return self.times(self.number(Pow(node.base, 2)), base)
        square = Number(
            self.call("pair_square", base.text)
            if base.is_pair
            else self.call("two_product", f"{base.text}, {base.text}"),
            True,
        )
        return square if exponent == 2 else Number(self.call("pair_square", square.text), True)


def is_inexact(node: Any) -> bool:
    """Whether a kernel rounds this expression: more than a name, a number, or minus a name."""
    if isinstance(node, Mul):
        coefficient, rest = node.as_coeff_Mul()
        return coefficient == 1 or not _is_power_of_two(coefficient) or is_inexact(rest)
    leaf = isinstance(node, Symbol | Element | Index | Size) or node.is_Number
    return not leaf and (isinstance(node, Add | Pow | Abs | product) or type(node) in CARRIED)


def _is_power_of_two(number: Any) -> bool:
    return bool(number.is_Rational) and all(
        part & (part - 1) == 0 for part in (abs(int(number.p)), int(number.q))
    )


def is_quotient(node: Any) -> bool:
    """Whether a factor divides."""
    simple = isinstance(node, Pow) and (node.exp.is_Integer or node.exp == -S.Half)
    return bool(simple and node.exp.is_negative)


def magnified(expression: Any) -> list[Any]:
    """Return the arguments that functions in an expression magnify the rounding errors of."""
    found: list[Any] = []
    for node in preorder_traversal(expression):
        if type(node) in MAGNIFIERS or (isinstance(node, Pow) and is_general(node)):
            found += node.args
    return found


def is_general(node: Pow) -> bool:
    """Whether a power is evaluated as e^(y log x), not as products and roots."""
    exponent = node.exp
    if not exponent.is_Rational:
        return True
    simple = exponent.is_Integer and abs(exponent) <= 4
    return not simple and abs(exponent) not in (S.Half, Rational(3, 2)) and exponent > 0


def carried(statements: dict[str, Any]) -> set[str]:
    """Return the names whose rounding errors some function magnifies, among definitions.

    `statements` holds the expressions of definitions that may be carried, and under other names
    all else that is computed.
    """
    names: set[str] = set()

    def visit(node: Any) -> None:
        for leaf in node.atoms(Symbol, Element):
            name = str(getattr(leaf, "name", ""))
            inside = statements.get(name)
            if name in names or inside is None or isinstance(inside, tuple):
                continue
            if isinstance(inside, Piecewise) or not is_inexact(inside):
                continue
            names.add(name)
            visit(inside)

    for held in statements.values():
        for part in held if isinstance(held, tuple) else (held,):
            for argument in magnified(part):
                visit(argument)
    return names
