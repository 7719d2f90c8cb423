"""How numbers, functions, folds and relations are written in print, as tables and small rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Add,
    Eq,
    Integer,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    besseli,
    cos,
    cosh,
    erfc,
    exp,
    log,
    pi,
)

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


def _difference(left: Any, right: Any) -> Any:
    return _sum(left, _product(S.NegativeOne, right))


def _inverse(x: Any) -> Any:
    return _power(x, S.NegativeOne)


def _exponential(x: Any) -> Any:
    return exp(x, evaluate=False)


def _logarithm(x: Any) -> Any:
    return log(x, evaluate=False)


def _one_plus_square(x: Any) -> Any:
    return _sum(S.One, _power(x, S(2)))


def _to_mean(x: Any, y: Any) -> Any:
    return _logarithm(_product(S(2), x, _inverse(_sum(x, y))))


def _below(x: Any) -> Any:
    """Return erfc(-x / sqrt 2), twice the normal distribution function."""
    scaled = _product(x, _power(S(2), Rational(-1, 2)))
    return erfc(_product(S.NegativeOne, scaled), evaluate=False)


def _hazard(x: Any) -> Any:
    half_square = _product(S.NegativeOne, S.Half, _power(x, S(2)))
    root = _power(_product(S(2), _inverse(pi)), S.Half)
    return _product(root, _exponential(half_square), _inverse(_below(x)))


def _bessel(order: int, x: Any) -> Any:
    return besseli(order, x, evaluate=False)


def _selected(limit: Any, of: Any, at: Any) -> Any:
    return Piecewise((limit, Eq(of, S.Zero)), (at, True), evaluate=False)


def _moment(x: Any, n: Any) -> Any:
    found = _product(_difference(_exponential(x), S.One), _inverse(x))
    for order in range(1, int(n) + 1):
        rest = _product(S(order), found) if order > 1 else found
        found = _product(_difference(_exponential(x), rest), _inverse(x))
    return _selected(Rational(1, int(n) + 1), x, found)


def _power_transform(x: Any, a: Any) -> Any:
    transformed = _product(_difference(_power(x, a), S.One), _inverse(a))
    if a.is_nonzero:
        return transformed
    return _selected(_logarithm(x), a, transformed)


def _beta_divergence(x: Any, y: Any, b: Any) -> Any:
    if b == 0:
        ratio = _product(x, _inverse(y))
        return _sum(ratio, _product(S.NegativeOne, _logarithm(ratio)), S.NegativeOne)
    if b == 1:
        entropy = _product(x, _logarithm(_product(x, _inverse(y))))
        return _sum(entropy, _product(S.NegativeOne, x), y)
    less = _difference(b, S.One)
    first = _product(_power(x, b), _inverse(_product(b, less)))
    second = _product(x, _power(y, less), _inverse(less))
    powers = _sum(first, _product(S.NegativeOne, second), _product(_power(y, b), _inverse(b)))
    if b.is_number:
        return powers
    cases = [(_beta_divergence(x, y, S(limit)), Eq(b, S(limit))) for limit in (0, 1)]
    return Piecewise(*cases, (powers, True), evaluate=False)


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
    f.product: lambda x, y: _product(x, y),
    f.ratio: lambda x, y: _product(x, _power(y, S.NegativeOne)),
    f.hypot: lambda x, y: _power(_sum(_power(x, S(2)), _power(y, S(2))), S.Half),
    f.log1mexp: lambda x: _logarithm(_difference(S.One, _exponential(_product(S.NegativeOne, x)))),
    f.reciprocal_expm1: lambda x: _inverse(_difference(_exponential(x), S.One)),
    f.log1pmx: lambda x: _difference(_logarithm(_sum(S.One, x)), x),
    f.over_one_plus: lambda x: _product(x, _inverse(_sum(S.One, x))),
    f.expm1mx: lambda x: _sum(_exponential(x), S.NegativeOne, _product(S.NegativeOne, x)),
    f.versine: lambda x: _difference(S.One, cos(x, evaluate=False)),
    f.logaddexp: lambda x, y: _logarithm(_sum(_exponential(x), _exponential(y))),
    f.exp_moment: _moment,
    f.boxcox: _power_transform,
    f.boxcox1p: lambda x, a: _power_transform(_sum(S.One, x), a),
    f.beta_divergence: _beta_divergence,
    f.sigmoid_power: lambda x, a: _power(f.sigmoid(x), a),
    f.hypot1m1: lambda x: _difference(_power(_one_plus_square(x), S.Half), S.One),
    f.over_hypot: lambda x: _product(x, _power(_one_plus_square(x), Rational(-1, 2))),
    f.inverse_hypot_cubed: lambda x: _power(_one_plus_square(x), Rational(-3, 2)),
    f.log_ndtr: lambda x: _logarithm(_product(S.Half, _below(x))),
    f.normal_hazard: _hazard,
    f.hazard_excess: lambda x: _sum(x, _hazard(x)),
    f.i0e: lambda x: _product(_exponential(_product(S.NegativeOne, Abs(x))), _bessel(0, x)),
    f.i1e: lambda x: _product(_exponential(_product(S.NegativeOne, Abs(x))), _bessel(1, x)),
    f.log_i0: lambda x: _logarithm(_bessel(0, x)),
    f.bessel_ratio: lambda x: _product(_bessel(1, x), _inverse(_bessel(0, x))),
    f.log_ratio_to_mean: _to_mean,
    f.relative_entropy_to_mean: lambda x, y: _product(x, _to_mean(x, y)),
    f.to_mean_slope: lambda x, y: _sum(_to_mean(x, y), _product(y, _inverse(_sum(x, y)))),
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
