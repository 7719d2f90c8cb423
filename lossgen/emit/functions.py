"""The functions that kernels call, by the function of the language that each computes."""

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
    sign,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
    expm1,
    hypot,
    log1p,
    log_cosh,
    log_ratio,
    ratio,
    relative_entropy,
    sech2,
    sigmoid,
    softplus,
    square_scale,
    xlog1py,
    xlogy,
)  # fmt: skip

# Name of each function in the generated math files.
FUNCTIONS: dict[type, str] = {
    Abs: "absolute", acos: "acos", asin: "asin", atan: "atan", atan2: "atan2", cos: "cos",
    cosh: "cosh", erf: "erf", erfc: "erfc", exp: "exp", expm1: "expm1", hypot: "hypot", log: "log",
    log1p: "log1p", log_cosh: "log_cosh", log_ratio: "log_ratio", ratio: "ratio",
    relative_entropy: "relative_entropy", sech2: "sech2", sigmoid: "sigmoid",
    sign: "sign", sin: "sin", sinh: "sinh", softplus: "softplus", tan: "tan", tanh: "tanh",
    square_scale: "square_scale", xlog1py: "xlog1py", xlogy: "xlogy",
}  # fmt: skip
