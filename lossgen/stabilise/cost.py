"""What an expression costs: how much can go wrong in it, the measure that every rewrite lowers.

Exponentials, logarithms and powers are dear, since what goes into them overflows or cancels; what
stands inside a logarithm or under a root counts several times; so does a difference. A stable atom
is nearly free, a number or a name is.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Add,
    Mul,
    Piecewise,
    Pow,
    S,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    polygamma,
    sin,
    sinh,
    tanh,
)

from lossgen.language.functions import hypot, inverse_hypot_cubed, log1p, sigmoid
from lossgen.language.symbols import Element

# Every function that is not listed, the stable atoms among them, costs ATOM.
ATOM = 3
WEIGHTS: dict[type, int] = {
    exp: 20, log: 20, cosh: 20, sinh: 20, cos: 20, sin: 20, erf: 20, erfc: 20, polygamma: 20,
    log1p: 15, hypot: 10, sigmoid: 5, tanh: 7, Abs: 2,
    inverse_hypot_cubed: 6,
}  # fmt: skip
SUM, DIFFERENCE, PRODUCT, QUOTIENT, POWER, ROOT, SELECTION = 2, 6, 1, 4, 6, 16, 1
# How often the inside of a function counts.
INSIDE: dict[type, int] = {log: 3, log1p: 3}
UNDER_A_ROOT = 2


def cost(expression: Any) -> int:
    """Return the weight of an expression."""
    if not expression.args or expression.is_number or isinstance(expression, Element):
        return 0
    if isinstance(expression, Piecewise):
        # What a rule selects comes first, and for the rest what was there.
        return SELECTION + cost(expression.args[0][0])
    sum_under_a_root = _is_root(expression) and isinstance(expression.base, Add)
    times = INSIDE.get(type(expression), UNDER_A_ROOT if sum_under_a_root else 1)
    return _own(expression) + times * sum(cost(part) for part in expression.args)


def _own(node: Any) -> int:
    if isinstance(node, Add):
        exact = len(node.args) == 2 and not any(_leaf(term).args for term in node.args)
        cancels = not exact and any(term.as_coeff_Mul()[0] < 0 for term in node.args)
        return SUM * (len(node.args) - 1) + DIFFERENCE * cancels
    if isinstance(node, Mul):
        names = [factor for factor in node.args if not factor.is_number]
        scaled = any(factor.is_number and factor != S.NegativeOne for factor in node.args)
        return PRODUCT * (len(names) - 1 + scaled)
    if isinstance(node, Pow):
        if abs(node.exp) == S.Half:
            return QUOTIENT
        return ROOT if _is_root(node) else QUOTIENT if node.exp == -1 else POWER
    return WEIGHTS.get(type(node), ATOM) + len(node.args) - 1


def _leaf(term: Any) -> Any:
    """Return the name in a term; the difference of two names rounds once, however close."""
    name = term.as_coeff_Mul()[1]
    return S.One if isinstance(name, Element) else name


def _is_root(node: Any) -> bool:
    return isinstance(node, Pow) and not node.exp.is_Integer
