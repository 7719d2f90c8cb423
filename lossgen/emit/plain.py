"""Formulas as plain text, for people: the docstrings of kernels."""

from __future__ import annotations

from typing import Any

from .form import Forms
from .products import Products
from .scalar import ScalarPrinter


class _PlainProducts(Products):
    """Prints products for people: whatever leaves the range."""

    def divisors(self, factor: Any) -> list[Any]:
        return [factor]

    def numerator(self, above: list[Any]) -> str:
        return self.listed(above)


class _Plain(ScalarPrinter):
    """Prints scalar expressions for people: bare numbers, powers as **."""

    def literal(self, number: Any) -> str:
        return str(number) if number.is_Rational else repr(float(number))

    def integer_power(self, base: Any, exponent: int) -> tuple[str, int]:
        return f"{self(base, 7)}**{exponent}", 7

    def exponential(self, argument: Any) -> str:
        return f"exp({self(argument)})"

    def is_carried(self, argument: Any) -> bool:
        return False

    def is_carried_power(self, node: Any) -> bool:
        return False

    def power(self, node: Any) -> tuple[str, int]:
        if node.exp.is_Rational:
            return super().power(node)
        return f"{self(node.base, 7)}**{self(node.exp, 7)}", 7

    def render(self, node: Any) -> tuple[str, int]:
        text, level = super().render(node)
        return (
            (text[5:-1], level)
            if text.startswith("real(") and text.endswith(")")
            else (text, level)
        )


def plain_printer(forms: Forms) -> ScalarPrinter:
    """Return a printer of formulas as plain text."""
    rank = {argument.name: place for place, argument in enumerate(forms.entry.arguments)}
    for statement in forms.written.statements:
        rank.setdefault(statement.name, len(rank))
    given = {argument.name for argument in forms.entry.arguments if argument.shared}
    printer = _Plain(str, rank, given)
    printer.products = _PlainProducts(printer)
    return printer
