"""Factors, quotients, squares and equality of expressions, without SymPy's expansions."""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy import Add, Expr, Mul, Pow, S, sqrt

# A factor to a higher power is one factor.
MOST = 4


def factors_of(expression: Any) -> list[Any]:
    """Return the factors of an expression, a square twice; a number only if it is not 1."""
    found: list[Any] = []
    for factor in Mul.make_args(expression):
        times = _repeated(factor)
        if times and abs(times) > 1:
            found += [Pow(factor.base, 1 if times > 0 else -1)] * abs(times)
        elif factor not in (1, 1.0):
            found.append(factor)
    return found


def _repeated(factor: Any) -> int:
    small = isinstance(factor, Pow) and factor.exp.is_Integer and abs(factor.exp) <= MOST
    return int(factor.exp) if small and not factor.base.is_Number else 0


def quotient(term: Any, divisor: Any) -> Any:
    """Return term / divisor where that is written by striking out factors, else None."""
    if divisor == 1:
        return term
    number, rest = term.as_coeff_Mul()
    below, symbols = divisor.as_coeff_Mul()
    left = factors_of(rest)
    for factor in factors_of(symbols):
        if factor not in left:
            return None
        left.remove(factor)
    return Mul(number / below, *left)


def square_root(expression: Any) -> Any:
    """Return u where the expression is u**2 as it is written, else None."""
    if expression.is_Number:
        return sqrt(expression) if expression.is_positive else None
    if isinstance(expression, Pow):
        half = expression.exp / 2
        return Pow(expression.base, half) if half.is_Integer else None
    if isinstance(expression, Mul):
        roots = [square_root(factor) for factor in expression.args]
        return None if None in roots else Mul(*roots)
    return None


def same(left: Any, right: Any) -> bool:
    """Whether two expressions are the same, however their minus signs are written."""
    if left == right:
        return True
    if left.is_Number and right.is_Number:
        return bool(left.is_Float or right.is_Float) and float(left) == float(right)
    if left.is_Number or right.is_Number or left.free_symbols != right.free_symbols:
        return False
    return bool(_signed(left) == _signed(right))


@cache
def _signed(expression: Expr) -> Expr:
    """Return a sum with its numeric factor multiplied in."""
    number, rest = expression.as_coeff_Mul()
    if isinstance(rest, Add) and number in (S.One, S.NegativeOne):
        return Add(*(number * _signed(term) for term in rest.args))
    return expression
