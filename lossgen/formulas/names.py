"""What functions, folds and constants are called, in LaTeX and in SymPy's text, as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any

import sympy
from sympy import S

from lossgen.language import functions as f
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver


def _function(kind: Any) -> Callable[..., Any]:
    return lambda *arguments: kind(*arguments, evaluate=False)


def _root(argument: Any) -> Any:
    return sympy.Pow(argument, S.Half, evaluate=False)


# Name in a tree -> how many arguments it takes (None: two or more), and what it makes. Nothing is
# evaluated: SymPy would compute Max(exp(exp(99)), 1) to the last digit.
FUNCTIONS: dict[str, tuple[int | None, Callable[..., Any]]] = {
    "sqrt": (1, _root),
    "Max": (None, _function(sympy.Max)),
    "Min": (None, _function(sympy.Min)),
    **{
        kind.__name__: (1, _function(kind))
        for kind in (
            sympy.Abs, sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin,
            sympy.acos,
            sympy.atan, sympy.sinh, sympy.cosh, sympy.tanh, sympy.sign, sympy.erf, sympy.erfc,
            sympy.loggamma,
            f.softplus, f.sigmoid, f.log1p, f.expm1, f.log_cosh, f.sech2, f.stop_gradient,
            f.log1mexp, f.reciprocal_expm1, f.log1pmx, f.over_one_plus, f.expm1mx, f.versine,
            f.hypot1m1, f.over_hypot, f.inverse_hypot_cubed, f.log_ndtr, f.normal_hazard,
            f.hazard_excess, f.digamma, f.trigamma, f.tetragamma, f.i0e, f.i1e, f.log_i0,
            f.bessel_ratio, f.bessel_ratio_slope,
        )
    },
    **{
        kind.__name__: (2, _function(kind))
        for kind in (
            f.hypot, f.xlogy, f.xlog1py, f.product, f.ratio, f.share, sympy.atan2, sympy.besseli,
            f.log_ratio, f.relative_entropy, f.log_ratio_to_mean, f.relative_entropy_to_mean,
            f.to_mean_slope,
            f.logaddexp, f.exp_moment, f.boxcox, f.boxcox1p, f.sigmoid_power,
        )
    },
    "beta_divergence": (3, _function(f.beta_divergence)),
    "square": (1, lambda x: sympy.Pow(x, 2, evaluate=False)),
    "log_diff_sigmoid": (2, f.log_diff_sigmoid),
    "log_sigmoid": (1, lambda x: -f.softplus(-x)),
    "Rational": (2, lambda p, q: sympy.Mul(p, sympy.Pow(q, -1, evaluate=False), evaluate=False)),
}  # fmt: skip

# Other spellings, of words and of text alike.
SPELLINGS = {
    "abs": "Abs", "max": "Max", "min": "Min", "ln": "log", "sgn": "sign", "sg": "stop_gradient",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "logistic": "sigmoid", "expit": "sigmoid",
}  # fmt: skip

LATEX_FUNCTIONS = {
    rf"\{name}": SPELLINGS.get(name, name)
    for name in (
        "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos",
        "arctan",
    )
}  # fmt: skip

# Operators with a subscript that names what they run over.
FOLDS = {
    "sum": "SumOver", "max": "MaxOver", "min": "MinOver",
    "LSE": "LogSumExp", "logsumexp": "LogSumExp", "mean": "MeanOver",
}  # fmt: skip

FOLD_TYPES: dict[str, type[Fold]] = {
    kind.__name__: kind for kind in (SumOver, MeanOver, MaxOver, MinOver, LogSumExp)
}

# Constants, where no argument has the name.
CONSTANTS = {r"\pi": sympy.pi, "pi": sympy.pi, "e": sympy.E, "E": sympy.E}

_WORD = re.compile(r"\\(mathrm|operatorname\*?|mathit|text|textit|mathsf)\{(.*)\}", re.DOTALL)


def word(token: str) -> str:
    """Return a name as it is compared: upright words are mathrm or operatorname."""
    found = _WORD.fullmatch(token)
    if found is None:
        return str(token)
    letters = " ".join(found[2].replace("\\", " ").replace("_", " ").split())
    command = "operatorname" if found[1].startswith("operator") else "mathrm"
    return rf"\{command}{{{letters}}}"


def function_of(name: str, taken: Container[str] = ()) -> str | None:
    r"""Return the function that a name in LaTeX stands for, None if it is (or may be) an argument.

    An \operatorname is a function; another word, and \sigma, is one where no argument has it.
    """
    if name in taken:
        return None
    if name == r"\sigma":
        return "sigmoid"
    text = inner(name)
    text = SPELLINGS.get(text, text)
    return text if text in FUNCTIONS else None


def fold_of(name: str, taken: Container[str] = ()) -> str | None:
    r"""Return the fold that a name with a subscript stands for, None if it is a quantity.

    `\mathrm{sum}_{p}` is a name, as that of a sum which nobody named; \operatorname is an operator.
    """
    operator = name.startswith(r"\operatorname") or name in ("sum", "max", "min", r"\mathrm{LSE}")
    return FOLDS.get(inner(name)) if operator and name not in taken else None


def inner(name: str) -> str:
    """Return the letters of an upright word, another name as it is."""
    found = _WORD.fullmatch(name)
    return found[2].replace(" ", "_") if found else name


def number(text: str) -> Any:
    """Return a number as written: an integer, or the float nearest to a decimal fraction."""
    if text == "oo":
        return S.Infinity
    return sympy.Integer(text) if text.isdigit() else sympy.Float(float(text))
