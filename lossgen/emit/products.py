"""Products and quotients as kernels compute them: what overflows, vanishes or has few digits last.

A product is written in an order in which no part of it leaves the range where the whole does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, Mul, Pow, Rational, S, Symbol, exp

from lossgen.language.functions import ratio
from lossgen.language.symbols import Element

from .vanishing import is_finite, like_a_square, logistic_argument, vanishing

if TYPE_CHECKING:
    from .scalar import ScalarPrinter

# How tightly a piece of source binds.
SELECT, OR, AND, COMPARE, SUM, PRODUCT, UNARY, ATOM = range(8)


class Products:
    """Prints products; `show` prints everything else."""

    def __init__(self, show: ScalarPrinter) -> None:
        self.show = show

    def product(self, node: Expr) -> tuple[str, int]:
        spread = self.spread(node)
        if spread is not None:
            return self.show.sum(spread)
        coefficient, rest = node.as_coeff_Mul()
        if coefficient < 0:
            # -a * b is (-a) * b: the same number, without brackets
            return f"-{self.show(-node, PRODUCT)}", PRODUCT
        above, below = self.split(rest)
        if coefficient.is_Rational and not _is_dyadic(coefficient):
            above = [Rational(coefficient.p), *above] if coefficient.p != 1 else above
            below = [*below, Rational(coefficient.q)]
        elif coefficient != 1:
            above = [coefficient, *above]
        over = [factor for part in below for factor in self.divisors(part)]
        if over and any(len(self.divisors(factor)) > 1 for factor in above):
            each = [factor for part in above for factor in self.divisors(part)]
            return self.interleaved(each, over), PRODUCT
        parts = [
            self.numerator(above) or self.show.literal(S.One),
            *(self.show(factor, UNARY) for factor in over),
        ]
        return " / ".join(parts), PRODUCT

    def numerator(self, above: list[Expr]) -> str:
        """Print a product; an exponential that has vanished wins over a factor that is infinite.

        The gradient of Welsch's loss is r e^(-r^2): at 1e20 r^2 is infinite, and the product 0. So
        does the slope of a sigmoid, s(x) s(-x).
        """
        power = next((factor for factor in above if self.show.is_carried_power(factor)), None)
        if power is not None and len(above) > 1:
            return self.power_product(power, [factor for factor in above if factor is not power])
        powers = vanishing(above, self.show.vanishing)
        others = [factor for factor in above if factor not in powers]
        if powers and any(not self.is_finite(factor) for factor in others):
            return self.vanishing_product(powers, others)
        square = next(filter(like_a_square, above), None)
        others = [factor for factor in above if factor is not square]
        if square is not None and self.are_parameters(others):
            return self.square_times(square, others)
        named = [part for factor in above for part in self.repeated(factor)]
        return self.listed(named)

    def are_parameters(self, factors: list[Expr]) -> bool:
        """Whether factors are made of parameters, numbers besides."""
        names = {symbol.name for factor in factors for symbol in factor.free_symbols}
        return bool(names) and names <= self.show.given

    def square_times(self, square: Expr, others: list[Expr]) -> str:
        """Print parameters times what is c x^2 near 0, whose square they take out of the range.

        Of c^2 log sqrt(1 + (r / c)^2) the logarithm is subnormal at r = 2e-19, the loss is not.
        """
        found = like_a_square(square)
        assert found is not None
        texts = (
            self.show(square),
            self.show(found[0]),
            self.show.literal(found[1]),
            self.argument(others),
        )
        return self.show.wrapped("square_times", ", ".join(texts))

    def vanishing_product(self, powers: list[Expr], others: list[Expr]) -> str:
        """Print a product with factors that vanish, which win over those that are infinite."""
        if len(powers) == 1 and isinstance(powers[0], exp):
            pair = self.show.pairs.pair(powers[0].args[0])
            return self.show.wrapped("exp_times", f"{pair}, {self.argument(others)}")
        at = logistic_argument(powers)
        if at is None or self.show.is_carried(at):
            return self.show.wrapped("product", f"{self.argument(powers)}, {self.argument(others)}")
        text = self.show.wrapped("slope_product", f"{self.show(at)}, {self.argument(others)}")
        rest = [self.show(factor.base, UNARY) for factor in powers if isinstance(factor, Pow)]
        return " * ".join([text, *rest])

    def spread(self, node: Expr) -> Expr | None:
        """Return a power times a sum of quotients of quotients, term by term, else None.

        p^2 (t / p / p) is a number at a subnormal p, where t / p / p is none.
        """
        factors = Mul.make_args(node)
        power = next((factor for factor in factors if self.show.is_carried_power(factor)), None)
        sums = [f for f in factors if isinstance(f, Add) and any(map(inner_ratio, f.args))]
        if power is None or len(sums) != 1:
            return None
        rest = [factor for factor in factors if factor is not sums[0]]
        return Add(*(Mul(*rest, term) for term in sums[0].args))

    def power_product(self, power: Pow, others: list[Expr]) -> str:
        """Print a power times one factor that may leave the range with it, times the rest."""
        wide = [factor for factor in others if not self.is_finite(factor)]
        inside = [factor for factor in others if factor not in wide[1:]]
        texts = ", ".join(self.show.pairs.pair(part) for part in power.args)
        quotient = next(filter(None, map(inner_ratio, wide)), None)
        if quotient is not None and len(wide) == 1:
            known = [factor for factor in others if factor is not wide[0]]
            parts = ", ".join(map(self.show, quotient.args))
            text = self.show.wrapped("power_quotient", f"{texts}, {parts}")
            return self.show.wrapped("product", f"{self.listed(known)}, {text}") if known else text
        factor = self.show(inside[0]) if len(inside) == 1 else self.numerator(inside)
        text = self.show.wrapped("power_product", f"{texts}, {factor}")
        powers = vanishing(wide[1:], self.show.vanishing)
        rest = [self.show(factor, UNARY) for factor in wide[1:] if factor not in powers]
        text = " * ".join([text, *rest])
        return self.show.wrapped("product", f"{self.listed(powers)}, {text}") if powers else text

    def listed(self, factors: list[Expr]) -> str:
        return " * ".join(self.show(f, UNARY if i else PRODUCT) for i, f in enumerate(factors))

    def argument(self, factors: list[Expr]) -> str:
        """Print a product as an argument of a function, which needs no brackets."""
        return self.show(factors[0]) if len(factors) == 1 else self.listed(factors)

    def repeated(self, factor: Expr) -> list[Expr]:
        """Return x, x for the square of a name: c * x * x is there where x * x has overflowed."""
        is_name = isinstance(factor, Pow) and isinstance(factor.base, Symbol | Element)
        return self.divisors(factor) if is_name else [factor]

    def is_parameter(self, factor: Expr) -> bool:
        """Whether a factor is a parameter itself, which is written first: (c * x) * x."""
        return isinstance(factor, Symbol) and factor.name in self.show.given

    def is_finite(self, factor: Expr) -> bool:
        """Whether a factor is made of numbers, parameters and arguments of a bounded domain."""
        return is_finite(factor, self.show.finite)

    def divisors(self, factor: Expr) -> list[Expr]:
        """Return x, x for x^2: where x x overflows or vanishes, dividing by x twice does not."""
        power = isinstance(factor, Pow) and factor.exp.is_Integer and 2 <= factor.exp <= 4
        return [factor.base] * int(factor.exp) if power else [factor]

    def interleaved(self, above: list[Expr], below: list[Expr]) -> str:
        """Print x^2 / n^3 as x / n * x / n / n: at 1e20 neither power fits in float32."""
        text = self.show(above[0], PRODUCT)
        if above[0].is_number:
            above = above[1:]
            text += f" * {self.show(above[0], UNARY)}"
        for place in range(1, max(len(above), len(below) + 1)):
            if place <= len(below):
                text += f" / {self.show(below[place - 1], UNARY)}"
            if place < len(above):
                text += f" * {self.show(above[place], UNARY)}"
        return text

    def split(self, node: Expr) -> tuple[list[Expr], list[Expr]]:
        """Return the factors above and below the fraction bar, in order of appearance."""
        above: list[Expr] = []
        below: list[Expr] = []
        for factor in Mul.make_args(node):
            if isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative:
                below.append(Pow(factor.base, -factor.exp))
            elif factor != 1:
                above.append(factor)
        above.sort(key=lambda factor: (not self.is_parameter(factor), self.show.order(factor)))
        return above, sorted(below, key=self.show.order)


def inner_ratio(term: Expr) -> Any:
    """Return the factor ratio(ratio(x, y), z) of a term, None if it has none."""
    factors = (f for f in Mul.make_args(term) if isinstance(f, ratio))
    return next((factor for factor in factors if isinstance(factor.args[0], ratio)), None)


def _is_dyadic(number: Any) -> bool:
    denominator = int(number.q)
    return denominator & (denominator - 1) == 0
