"""How functions, folds and relations are written in print, as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Mul, Pow, S, cosh, exp, log

from lossgen.language import functions as f
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver

FOLDS: dict[type[Fold], str] = {
    SumOver: r"\sum",
    MaxOver: r"\max",
    MinOver: r"\min",
    MeanOver: r"\operatorname{mean}",
    LogSumExp: r"\operatorname{LSE}",
}

RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}

# Functions that LaTeX has a command for; any other is an \operatorname.
COMMANDS = {
    "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "asin": r"\arcsin",
    "acos": r"\arccos", "atan": r"\arctan", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh",
    "Max": r"\max", "Min": r"\min", "stop_gradient": r"\operatorname{sg}",
}  # fmt: skip


def _sum(*terms: Any) -> Any:
    return Add(*terms, evaluate=False)


def _product(*factors: Any) -> Any:
    return Mul(*factors, evaluate=False)


def _power(base: Any, exponent: Any) -> Any:
    return Pow(base, exponent, evaluate=False)


# Atoms that are accurate forms of plain mathematics print as that. Nothing here may evaluate:
# SymPy would multiply numbers into sums.
_MEANINGS: dict[type, Callable[..., Any]] = {
    f.log1p: lambda x: log(_sum(S.One, x), evaluate=False),
    f.expm1: lambda x: _sum(exp(x, evaluate=False), S.NegativeOne),
    f.share: lambda x, y, *_: exp(_sum(x, _product(S.NegativeOne, y)), evaluate=False),
    f.log_ratio: lambda x, y: log(_product(x, _power(y, S.NegativeOne)), evaluate=False),
    f.relative_entropy: lambda x, y: _product(x, f.log_ratio(x, y)),
    f.log_cosh: lambda x: log(cosh(x, evaluate=False), evaluate=False),
    f.sech2: lambda x: _power(cosh(x, evaluate=False), S(-2)),
    f.xlogy: lambda x, y: _product(x, log(y, evaluate=False)),
    f.xlog1py: lambda x, y: _product(x, f.log1p(y)),
    f.ratio: lambda x, y: _product(x, _power(y, S.NegativeOne)),
    f.hypot: lambda x, y: _power(_sum(_power(x, S(2)), _power(y, S(2))), S.Half),
    f.count: lambda *sizes: sizes[0] if len(sizes) == 1 else _product(*sizes) if sizes else S.One,
}


def spell(expression: Any) -> Any:
    """Return an atom as the plain mathematics it stands for, anything else as it is."""
    meaning = _MEANINGS.get(type(expression))
    return expression if meaning is None else meaning(*expression.args)
