"""Symbolic equality, the cheap kind: expand what has no branches, and see that nothing is left.

It confirms and never refutes: whatever is not expanded to nothing is left to numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Abs, Expr, Max, Min, Piecewise, Pow, Symbol, sign
from sympy.core.function import AppliedUndef

from lossgen.formulas.evaluate import Definition
from lossgen.language.entry import Entry
from lossgen.language.folds import Fold
from lossgen.language.functions import DEFINITIONS
from lossgen.language.symbols import Element

from .claim import Claim

# Expanding is quick up to here; larger formulas are left to numbers.
_LARGEST = 60
_HIGHEST = 6


def proved(claim: Claim) -> bool:
    """Whether a formula is symbolically equal to what it claims to be."""
    formula, subject = claim.formula, claim.subject
    if formula is None or subject.full:
        return False
    known = {**_definitions(subject.entry), **formula.known}
    value = _plain(subject.entry.value, known)
    found = _plain(formula.equation.expression, known)
    if value is None or found is None or subject.axes:
        return False
    argument = subject.entry.argument(subject.wrt).symbol
    order = {"value": 0, "gradient": 1, "hessian": 2}[subject.what]
    exact = sympy.diff(value, argument, order) if order else value
    if exact.count_ops() > 4 * _LARGEST:
        return False
    difference: Any = sympy.together(exact - found)
    above, _ = difference.as_numer_denom()
    if above.count_ops() > 8 * _LARGEST:
        return False
    return bool(sympy.expand(above, power_exp=True) == 0)


def _definitions(entry: Entry) -> dict[Any, Definition]:
    return {
        each.symbol: Definition((), each.expression)
        for each in entry.definitions
        if not each.indices
    }


def _plain(expression: Any, known: Mapping[Any, Definition], depth: int = 0) -> Any:
    """Return an expression in elementary functions; None: it has branches, folds or is large."""
    if depth > 20:
        return None
    if isinstance(expression, Fold | Element | Piecewise | Abs | Max | Min | sign | AppliedUndef):
        return None
    if isinstance(expression, Symbol):
        found = known.get(expression)
        return expression if found is None else _plain(found.expression, known, depth + 1)
    if type(expression) in DEFINITIONS:
        return _plain(DEFINITIONS[type(expression)](*expression.args), known, depth + 1)
    if not expression.args:
        return expression
    parts = [_plain(part, known, depth + 1) for part in expression.args]
    if any(part is None or not isinstance(part, Expr) for part in parts):
        return None
    if isinstance(expression, Pow) and parts[1].is_Number and abs(parts[1]) > _HIGHEST:
        return None
    if (
        isinstance(expression, Pow)
        and parts[0].is_Number
        and parts[1].is_Number
        and not parts[1].is_Integer
    ):
        return None
    built = expression.func(*parts)
    return built if built.count_ops() <= _LARGEST else None
