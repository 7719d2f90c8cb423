"""Functions of the language that SymPy lacks: the stable atoms, and `stop_gradient`.

An atom is one function with an accurate kernel, closed under differentiation; `DEFINITIONS` says
what it means in plain mathematics, which is all that the exact reference knows of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    E,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    acos,
    asin,
    atan,
    atan2,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)  # fmt: skip


class _Atom(Function):
    """A real function of real arguments without automatic rewriting."""

    is_real = True
    is_commutative = True


class softplus(_Atom):
    """log(1 + e^x)."""

    is_positive = True


class sigmoid(_Atom):
    """1 / (1 + e^-x)."""

    is_positive = True


class log1p(_Atom):
    """log(1 + x)."""


class expm1(_Atom):
    """e^x - 1."""


class log_cosh(_Atom):
    """log(cosh x)."""

    is_nonnegative = True


class sech2(_Atom):
    """1 / cosh(x)^2."""

    is_nonnegative = True


class hypot(_Atom):
    """sqrt(x^2 + y^2)."""

    is_nonnegative = True


class xlogy(_Atom):
    """x log y, and 0 where x is 0 whatever y is."""


class xlog1py(_Atom):
    """x log(1 + y), and 0 where x is 0 whatever y is."""


class ratio(_Atom):
    """x / y, and 0 where x is 0 whatever y is: the slope of x log y."""


class log_ratio(_Atom):
    """log(x / y)."""


class relative_entropy(_Atom):
    """x log(x / y), and 0 where x is 0 whatever y is."""


class share(_Atom):
    """e^(x - y), where y is a log-sum-exp of terms such as x: the softmax weight of one term.

    Further arguments are the indices of the term in the fold, and say which term it is.
    """

    is_nonnegative = True


class stop_gradient(_Atom):
    """x, held constant under differentiation."""


class count(_Atom):
    """max(1, n1 n2 ...): what a mean over axes divides by, so that an empty mean is 0."""

    is_positive = True
    is_integer = True


def log_sigmoid(x: Any) -> Expr:
    """Return log(1 / (1 + e^-x)), written with softplus."""
    return -softplus(-x)


def square(x: Any) -> Expr:
    """Return x^2."""
    return x**2


DEFINITIONS: dict[type[Function], Callable[..., Expr]] = {
    softplus: lambda x: log(1 + exp(x)),
    sigmoid: lambda x: 1 / (1 + exp(-x)),
    log1p: lambda x: log(1 + x),
    expm1: lambda x: exp(x) - 1,
    log_cosh: lambda x: log(cosh(x)),
    sech2: lambda x: 1 / cosh(x) ** 2,
    hypot: lambda x, y: sqrt(x**2 + y**2),
    xlogy: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(y), True)),
    xlog1py: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(1 + y), True)),
    ratio: lambda x, y: Piecewise((0, Eq(x, 0)), (x / y, True)),
    log_ratio: lambda x, y: log(x / y),
    relative_entropy: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(x / y), True)),
    share: lambda x, y, *_: exp(x - y),
    stop_gradient: lambda x: x,
    count: lambda *sizes: Max(1, S.One.func(1) if not sizes else _product(sizes)),
}

# What a formula may contain besides numbers, symbols, elements and folds; all else has no kernel.
SCALAR_FUNCTIONS: tuple[type, ...] = (
    Abs, Max, Min, Piecewise, acos, asin, atan, atan2, cos, cosh, erf, erfc, exp, log, sign, sin,
    sinh, tan, tanh, *DEFINITIONS,
)  # fmt: skip


def _product(factors: tuple[Expr, ...]) -> Expr:
    result: Expr = S.One
    for factor in factors:
        result = result * factor
    return result


__all__ = [
    "Abs", "Add", "And", "E", "Eq", "Ge", "Gt", "Le", "Lt", "Max", "Min", "Ne", "Not", "Or",
    "Piecewise", "Pow", "Rational", "acos", "asin", "atan", "atan2", "cos", "cosh", "erf", "erfc",
    "exp", "expm1", "hypot", "log", "log1p", "log_cosh", "log_ratio", "log_sigmoid", "pi", "ratio",
    "relative_entropy", "sech2",
    "sigmoid", "sign", "sin", "sinh", "softplus", "sqrt", "square", "stop_gradient", "tan", "tanh",
    "xlog1py", "xlogy",
]  # fmt: skip
