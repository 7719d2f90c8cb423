"""Quotients that are 0/0 at one place and have a limit there, as leaves of an expression."""

from __future__ import annotations

from typing import Any

from sympy import Abs, And, AtomicExpr, Float, Gt, Lt, Symbol

# The argument of a curve. It stands inside curves only, and no user can spell it.
ARGUMENT = Symbol(" t", real=True)


class Curve(AtomicExpr):
    """numerator(t) / t**power, with its limit at t = 0; a leaf, since t is nobody's symbol.

    From `low` to `high` it and its first derivatives are computed as quotients of polynomials in
    the `variable` that `side` says: the "square" of t, its distance from the "low" or the "high"
    end, or t itself, its distance from the "centre".
    """

    is_commutative = True
    is_real = True

    numerator: Any
    power: int
    low: float
    high: float
    side: str

    def __new__(cls, numerator: Any, power: int, low: float, high: float, side: str) -> Curve:
        curve = super().__new__(cls)
        curve.numerator, curve.power = numerator, power
        curve.low, curve.high, curve.side = low, high, side
        return curve

    def _hashable_content(self) -> tuple[Any, ...]:
        return self.__getnewargs__()

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.numerator, self.power, self.low, self.high, self.side

    def _sympystr(self, printer: Any) -> str:
        """Name the curve in text, as the sorting of terms does."""
        return f"({printer.doprint(self.numerator)})/{ARGUMENT.name}**{self.power}"

    @property
    def free_symbols(self) -> set[Any]:
        """No symbol: t is bound."""
        return set()

    @property
    def expression(self) -> Any:
        """The quotient as an expression in ARGUMENT."""
        return self.numerator / ARGUMENT**self.power

    def variable(self, t: Any) -> Any:
        """Return what the polynomials are in, for a number or an expression t."""
        match self.side:
            case "square":
                return t * t
            case "low":
                return t - self.low
            case "high":
                return self.high - t
            case _:
                return t

    def near(self, x: Any) -> Any:
        """Return the condition that x is where the quotients of polynomials are used."""
        if self.side == "square":
            return Lt(Abs(x), Float(self.high))
        return And(Gt(x, Float(self.low)), Lt(x, Float(self.high)))


__all__ = ["ARGUMENT", "Curve"]
