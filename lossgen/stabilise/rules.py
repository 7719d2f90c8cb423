"""The rewrite rules: a pattern that loses digits, and the stable atom that does not.

A row is (name, find, put, why). Wild names stand for any expression; each rule lowers the number of
operations, so that the order of the rows does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Mul, Wild, cosh, exp, log

from lossgen.language.functions import expm1, log1p, log_cosh, sigmoid, softplus

x = Wild("x")


@dataclass(frozen=True)
class Rule:
    """One rewrite: where `find` has the structure of a whole expression, `put` stands instead."""

    name: str
    find: Expr
    put: Expr
    why: str

    def apply(self, expression: Any) -> Any:
        """Return the rewritten expression, or None where the rule does not match."""
        found = structure(self.find, expression)
        return None if found is None else self.put.xreplace({x: found})


def structure(pattern: Any, expression: Any) -> Any:
    """Return what stands for x where `expression` is built as `pattern` is, else None.

    By structure alone: SymPy's own matcher solves for x, and takes log(a) for log(1 + (a - 1)).
    """
    if pattern == x:
        return None if expression.is_Number else expression
    if pattern.func is not expression.func or not pattern.args:
        return None
    if not isinstance(pattern, Add | Mul):
        parts = [(p, e) for p, e in zip(pattern.args, expression.args, strict=False) if p != e]
        same = len(pattern.args) == len(expression.args) and len(parts) == 1
        return structure(*parts[0]) if same else None
    fixed = [part for part in pattern.args if not part.has(x)]
    (wild,) = (part for part in pattern.args if part.has(x))
    rest = list(expression.args)
    for part in fixed:
        if part not in rest:
            return None
        rest.remove(part)
    return structure(wild, pattern.func(*rest)) if rest else None


RULES = (
    Rule("softplus", log(1 + exp(x)), softplus(x), "exp overflows at 89 in float32"),
    Rule("sigmoid", 1 / (1 + exp(x)), sigmoid(-x), "exp overflows at 89 in float32"),
    Rule("log sigmoid", log(sigmoid(x)), -softplus(-x), "sigmoid underflows at -104 in float32"),
    Rule("log cosh", log(cosh(x)), log_cosh(x), "cosh overflows at 89; log near 1 cancels"),
    Rule("log1p", log(1 + x), log1p(x), "1 + x loses the digits of a small x"),
    Rule("expm1", exp(x) - 1, expm1(x), "e^x - 1 cancels at small x"),
)
