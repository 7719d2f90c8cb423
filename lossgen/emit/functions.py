"""The functions that kernels call, by the function of the language that each computes."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
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
    loggamma,
    polygamma,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
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
    outer_product,
    over_hypot,
    over_one_plus,
    over_one_plus_square,
    over_one_plus_square_slope,
    product,
    ratio,
    rational,
    reciprocal_expm1,
    relative_entropy,
    relative_entropy_to_mean,
    sech2,
    sigmoid,
    sigmoid_power,
    softplus,
    square_scale,
    tetragamma,
    to_mean_slope,
    trigamma,
    versine,
    xlog1py,
    xlogy,
)  # fmt: skip

# Name of each function in the generated math files.
FUNCTIONS: dict[type, str] = {
    Abs: "absolute", acos: "acos", asin: "asin", atan: "atan", atan2: "atan2",
    bessel_ratio: "bessel_ratio", bessel_ratio_slope: "bessel_ratio_slope",
    beta_divergence: "beta_divergence", boxcox: "boxcox",
    boxcox1p: "boxcox1p", cos: "cos", cosh: "cosh", digamma: "digamma", erf: "erf", erfc: "erfc",
    exp: "exp", expm1: "expm1", expm1mx: "expm1mx", hazard_excess: "hazard_excess",
    hypot: "hypot", hypot1m1: "hypot1m1", i0e: "i0e", i1e: "i1e",
    inverse_hypot_cubed: "inverse_hypot_cubed", log: "log", log1mexp: "log1mexp", log1p: "log1p",
    log1pmx: "log1pmx", log_cosh: "log_cosh",
    log_hypot1: "log_hypot1", log_i0: "log_i0", log_ndtr: "log_ndtr",
    log_ratio: "log_ratio", log_ratio_to_mean: "log_ratio_to_mean", logaddexp: "logaddexp",
    loggamma: "loggamma", normal_hazard: "normal_hazard", outer_product: "outer_product",
    over_hypot: "over_hypot", over_one_plus: "over_one_plus",
    over_one_plus_square: "over_one_plus_square",
    over_one_plus_square_slope: "over_one_plus_square_slope", product: "product", ratio: "ratio",
    rational: "rational",
    reciprocal_expm1: "reciprocal_expm1",
    relative_entropy: "relative_entropy", relative_entropy_to_mean: "relative_entropy_to_mean",
    sech2: "sech2", sigmoid: "sigmoid", sigmoid_power: "sigmoid_power", sign: "sign", sin: "sin",
    sinh: "sinh", softplus: "softplus", square_scale: "square_scale", tan: "tan", tanh: "tanh",
    tetragamma: "tetragamma",
    to_mean_slope: "to_mean_slope", trigamma: "trigamma", versine: "versine", xlog1py: "xlog1py",
    xlogy: "xlogy",
}  # fmt: skip

# Functions of a literal integer, the argument at this place: a name for each of its values.
FAMILIES: dict[type, tuple[int, tuple[str, ...]]] = {
    exp_moment: (1, ("exp_moment0", "exp_moment1", "exp_moment2", "exp_moment3")),
    polygamma: (0, ("digamma", "trigamma", "tetragamma")),
}

NAMES = frozenset(FUNCTIONS.values()) | {name for _, names in FAMILIES.values() for name in names}


def kernel(node: Any) -> tuple[str, tuple[Any, ...]]:
    """Return the name of the function that computes a node, and the arguments it takes."""
    if type(node) in FUNCTIONS:
        return FUNCTIONS[type(node)], node.args
    if type(node) in FAMILIES:
        place, names = FAMILIES[type(node)]
        order = node.args[place]
        if order.is_Integer and 0 <= order < len(names):
            return names[int(order)], node.args[:place] + node.args[place + 1 :]
    raise NotImplementedError(f"{node} has no row in the table of kernel functions")
