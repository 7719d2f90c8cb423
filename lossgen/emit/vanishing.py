"""Factors that vanish faster than any other grows: e^x, and the slope of a sigmoid, s(x) s(-x).

Where such a factor is 0 a product is 0, though another factor be infinite: the gradient of Welsch's
loss is r e^(-r^2), with r^2 infinite at 1e20.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from sympy import Expr, Mul, Pow, exp

from lossgen.language.entry import Definition
from lossgen.language.functions import sigmoid


def vanishing(factors: list[Expr], names: Set[str] = frozenset()) -> list[Expr]:
    """Return the factors that vanish; `names` are quantities that do."""
    powers = [factor for factor in factors if isinstance(factor, exp)]
    if powers:
        return powers if len(powers) == 1 else []
    bases = {base for factor in factors for base in (factor, _base(factor))}
    known = {f for f in bases if isinstance(f, sigmoid) and sigmoid(-f.args[0]) in bases}
    known |= {base for base in bases if getattr(base, "name", "") in names}
    return [factor for factor in factors if factor in known or _base(factor) in known]


def logistic_argument(powers: list[Expr]) -> Any:
    """Return x where the factors are s(x) and s(-x), once or twice each, else None."""
    bases = [_base(factor) if isinstance(factor, Pow) else factor for factor in powers]
    known = len(bases) == 2 and all(isinstance(base, sigmoid) for base in bases)
    twice = all(factor.exp == 2 for factor in powers if isinstance(factor, Pow))
    if not known or not twice or bases[0].args[0] != -bases[1].args[0]:
        return None
    return next(b.args[0] for b in bases if not b.args[0].could_extract_minus_sign())


def vanishing_names(statements: Iterable[Any]) -> set[str]:
    """Return the quantities that are products with a factor that vanishes."""
    return {
        each.name
        for each in statements
        if isinstance(each, Definition) and vanishing(list(Mul.make_args(each.expression)))
    }


def _base(factor: Expr) -> Any:
    return getattr(factor, "base", None)
