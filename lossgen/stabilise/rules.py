"""The rewrite rules: a pattern that loses digits, and the stable atom that does not.

A row is (name, find, put, why). Wild names stand for any expression; each rule lowers the number of
operations, so that the order of the rows does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Wild, cosh, exp, log

from lossgen.language.functions import expm1, log1p, log_cosh, sigmoid, softplus

x = Wild("x", properties=[lambda node: not node.is_Number])


@dataclass(frozen=True)
class Rule:
    """One rewrite: where `find` matches a whole expression, `put` stands instead."""

    name: str
    find: Expr
    put: Expr
    why: str

    def apply(self, expression: Any) -> Any:
        """Return the rewritten expression, or None where the rule does not match."""
        if type(expression) is not type(self.find):
            return None
        match = expression.match(self.find)
        if match is None:
            return None
        return self.put.xreplace(match)


RULES = (
    Rule("softplus", log(1 + exp(x)), softplus(x), "exp overflows at 89 in float32"),
    Rule("sigmoid", 1 / (1 + exp(-x)), sigmoid(x), "exp overflows at -89 in float32"),
    Rule("log sigmoid", log(sigmoid(x)), -softplus(-x), "sigmoid underflows at -104 in float32"),
    Rule("log cosh", log(cosh(x)), log_cosh(x), "cosh overflows at 89; log near 1 cancels"),
    Rule("log1p", log(1 + x), log1p(x), "1 + x loses the digits of a small x"),
    Rule("expm1", exp(x) - 1, expm1(x), "e^x - 1 cancels at small x"),
)
