"""How numbers, functions, folds and relations are written in print, as tables and small rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Integer, Mul, Pow, S, cosh, exp, log

from lossgen.language import functions as f
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver

# How tightly a piece of LaTeX binds. A block is a set of cases, a tail extends to the end of its
# term (a fold, "log x").
BLOCK, SUM, TAIL, PRODUCT, POWER, ATOM = range(-1, 5)

Printed = tuple[str, int]

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


def number(node: Any) -> Printed:
    """Return a number that is not negative, by the fewest digits that give it back."""
    if isinstance(node, Integer):
        return str(node), ATOM
    digits, _, power = repr(float(node)).partition("e")
    if not power:
        return digits, ATOM
    tail = f"10^{{{int(power)}}}"
    return (tail, POWER) if digits == "1" else (rf"{digits} \cdot {tail}", PRODUCT)


def brackets(text: str) -> str:
    """Return text in brackets that grow with it."""
    return rf"\left({text}\right)"


def run_together(left: str, right: str) -> bool:
    """Whether two factors side by side could be taken for one word, one number or a call."""
    if right[0].isdigit():
        return True
    operator = right.startswith(("\\sum", "\\max", "\\min", "\\log", "\\operatorname", "\\begin"))
    words = left.startswith(r"\mathrm") or right.startswith(r"\mathrm")
    return words and not operator
