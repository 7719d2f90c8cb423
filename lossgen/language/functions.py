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
    besseli,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    loggamma,
    pi,
    polygamma,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)  # fmt: skip

from .atoms import (
    bessel_ratio,
    bessel_ratio_slope,
    beta_divergence,
    boxcox,
    boxcox1p,
    digamma,
    exp_moment,
    expm1,
    expm1mx,
    hazard_excess,
    hypot,
    hypot1m1,
    i0e,
    i1e,
    inverse_hypot_cubed,
    log1mexp,
    log1p,
    log1pmx,
    log_cosh,
    log_hypot1,
    log_i0,
    log_ndtr,
    log_ratio,
    log_ratio_to_mean,
    logaddexp,
    normal_hazard,
    over_hypot,
    over_one_plus,
    over_one_plus_square,
    over_one_plus_square_slope,
    product,
    ratio,
    reciprocal_expm1,
    relative_entropy,
    relative_entropy_to_mean,
    sech2,
    sigmoid,
    sigmoid_power,
    softplus,
    stop_gradient,
    tetragamma,
    trigamma,
    versine,
    xlog1py,
    xlogy,
)  # fmt: skip
from .atoms import continued as continued
from .atoms import count as count
from .atoms import outer_product as outer_product
from .atoms import rational as rational
from .atoms import share as share
from .atoms import square_scale as square_scale
from .atoms import to_mean_slope as to_mean_slope


def log_sigmoid(x: Any) -> Expr:
    """Return log(1 / (1 + e^-x)), written with softplus."""
    return -softplus(-x)


def log_diff_sigmoid(x: Any, y: Any) -> Expr:
    """Return log(sigmoid(x) - sigmoid(y)), for x > y."""
    return -softplus(-x) - softplus(y) + log1mexp(x - y)


def square(x: Any) -> Expr:
    """Return x^2."""
    return x**2


def _moment(x: Expr, n: Expr) -> Expr:
    # By parts: x M(n) = e^x - n M(n - 1).
    below = (exp(x) - 1) / x
    for order in range(1, int(n) + 1):
        below = (exp(x) - order * below) / x
    return Piecewise((1 / (n + 1), Eq(x, 0)), (below, True))


def _power_transform(x: Expr, a: Expr) -> Expr:
    return Piecewise((log(x), Eq(a, 0)), ((x**a - 1) / a, True))


def _beta_divergence(x: Expr, y: Expr, b: Expr) -> Expr:
    powers = x**b / (b * (b - 1)) - x * y ** (b - 1) / (b - 1) + y**b / b
    return Piecewise(
        (x / y - log(x / y) - 1, Eq(b, 0)), (xlogy(x, x / y) - x + y, Eq(b, 1)), (powers, True)
    )


def _hazard(x: Expr) -> Expr:
    return sqrt(2) / sqrt(pi) * exp(-(x**2) / 2) / erfc(-x / sqrt(2))


def _bessel_ratio_slope(x: Expr) -> Expr:
    ratio_of_orders = besseli(1, x) / besseli(0, x)
    slope = 1 - ratio_of_orders / x - ratio_of_orders**2
    return Piecewise((S.Half, Eq(x, 0)), (slope, True))


DEFINITIONS: dict[type[Function], Callable[..., Expr]] = {
    softplus: lambda x: log(1 + exp(x)),
    sigmoid: lambda x: 1 / (1 + exp(-x)),
    log1p: lambda x: log(1 + x),
    expm1: lambda x: exp(x) - 1,
    log1mexp: lambda x: log(1 - exp(-x)),
    reciprocal_expm1: lambda x: 1 / (exp(x) - 1),
    log1pmx: lambda x: log(1 + x) - x,
    over_one_plus: lambda x: x / (1 + x),
    expm1mx: lambda x: exp(x) - 1 - x,
    versine: lambda x: 1 - cos(x),
    logaddexp: lambda x, y: log(exp(x) + exp(y)),
    exp_moment: _moment,
    boxcox: _power_transform,
    boxcox1p: lambda x, a: _power_transform(1 + x, a),
    beta_divergence: _beta_divergence,
    sigmoid_power: lambda x, a: (1 / (1 + exp(-x))) ** a,
    log_cosh: lambda x: log(cosh(x)),
    sech2: lambda x: 1 / cosh(x) ** 2,
    hypot: lambda x, y: sqrt(x**2 + y**2),
    hypot1m1: lambda x: sqrt(1 + x**2) - 1,
    over_hypot: lambda x: x / sqrt(1 + x**2),
    inverse_hypot_cubed: lambda x: (1 + x**2) ** Rational(-3, 2),
    log_hypot1: lambda x: log(1 + x**2) / 2,
    over_one_plus_square: lambda x: x / (1 + x**2),
    over_one_plus_square_slope: lambda x: (1 - x**2) / (1 + x**2) ** 2,
    log_ndtr: lambda x: log(erfc(-x / sqrt(2)) / 2),
    normal_hazard: _hazard,
    hazard_excess: lambda x: x + _hazard(x),
    digamma: lambda x: polygamma(0, x),
    trigamma: lambda x: polygamma(1, x),
    tetragamma: lambda x: polygamma(2, x),
    i0e: lambda x: exp(-Abs(x)) * besseli(0, x),
    i1e: lambda x: exp(-Abs(x)) * besseli(1, x),
    log_i0: lambda x: log(besseli(0, x)),
    bessel_ratio: lambda x: besseli(1, x) / besseli(0, x),
    bessel_ratio_slope: _bessel_ratio_slope,
    xlogy: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(y), True)),
    xlog1py: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(1 + y), True)),
    product: lambda x, y: Piecewise((0, Eq(x, 0)), (x * y, True)),
    ratio: lambda x, y: Piecewise((0, Eq(x, 0)), (x / y, True)),
    log_ratio: lambda x, y: log(x / y),
    relative_entropy: lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(x / y), True)),
    log_ratio_to_mean: lambda x, y: log(2 * x / (x + y)),
    relative_entropy_to_mean: lambda x, y: Piecewise(
        (0, Eq(x, 0)), (x * log(2 * x / (x + y)), True)
    ),
    to_mean_slope: lambda x, y: log(2 * x / (x + y)) + y / (x + y),
    share: lambda x, y, *_: exp(x - y),
    stop_gradient: lambda x: x,
    count: lambda *sizes: Max(1, S.One.func(1) if not sizes else _product(sizes)),
}

# What a formula may contain besides numbers, symbols, elements and folds; all else has no kernel.
SCALAR_FUNCTIONS: tuple[type, ...] = (
    Abs, Max, Min, Piecewise, acos, asin, atan, atan2, cos, cosh, erf, erfc, exp, log, loggamma,
    polygamma, sign, sin, sinh, tan, tanh, *DEFINITIONS,
)  # fmt: skip


def _product(factors: tuple[Expr, ...]) -> Expr:
    result: Expr = S.One
    for factor in factors:
        result = result * factor
    return result


__all__ = [
    "Abs", "Add", "And", "E", "Eq", "Ge", "Gt", "Le", "Lt", "Max", "Min", "Ne", "Not", "Or",
    "Piecewise", "Pow", "Rational", "acos", "asin", "atan", "atan2", "bessel_ratio",
    "bessel_ratio_slope", "beta_divergence", "boxcox", "boxcox1p", "cos", "cosh", "digamma", "erf",
    "erfc", "exp", "exp_moment", "expm1", "expm1mx", "hazard_excess", "hypot", "hypot1m1", "i0e",
    "i1e",
    "inverse_hypot_cubed", "log", "log1mexp", "log1p", "log1pmx", "log_cosh", "log_diff_sigmoid",
    "log_hypot1", "log_i0", "log_ndtr", "log_ratio", "log_ratio_to_mean", "log_sigmoid",
    "logaddexp", "loggamma", "normal_hazard", "over_hypot", "over_one_plus", "over_one_plus_square",
    "over_one_plus_square_slope", "pi", "product", "ratio", "reciprocal_expm1",
    "relative_entropy", "relative_entropy_to_mean", "sech2", "sigmoid", "sigmoid_power", "sign",
    "sin", "sinh", "softplus", "sqrt", "square", "stop_gradient", "tan", "tanh", "tetragamma",
    "trigamma", "versine", "xlog1py", "xlogy",
]  # fmt: skip
