"""What functions, folds and constants are called, in LaTeX and in SymPy's text, as tables."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container
from typing import Any

import sympy
from sympy import S

from lossgen.language import functions as f
from lossgen.language.folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver


def _function(kind: Any) -> Callable[..., Any]:
    return lambda *arguments: kind(*arguments, evaluate=False)


def _root(argument: Any, degree: Any) -> Any:
    return sympy.Pow(argument, _over(S.One, degree), evaluate=False)


def _over(above: Any, below: Any) -> Any:
    if above == 1 and below == 2:
        return S.Half
    below = sympy.Pow(below, S.NegativeOne, evaluate=False)
    return below if above == 1 else sympy.Mul(above, below, evaluate=False)


def _less(left: Any, right: Any) -> Any:
    return sympy.Add(left, sympy.Mul(S.NegativeOne, right, evaluate=False), evaluate=False)


def _log(argument: Any, base: int | None = None) -> Any:
    found = sympy.log(argument, evaluate=False)
    return found if base is None else _over(found, sympy.log(base, evaluate=False))


def _step(argument: Any) -> Any:
    pairs = ((S.Zero, argument < 0), (S.Half, sympy.Eq(argument, 0, evaluate=False)), (S.One, True))
    return sympy.Piecewise(*pairs, evaluate=False)


def _inverse(kind: Any) -> Callable[..., Any]:
    return lambda argument: _over(S.One, kind(argument, evaluate=False))


def equal(left: Any, right: Any) -> Any:
    """Return 1 where two indices are equal, else 0."""
    where = sympy.Eq(left, right, evaluate=False)
    return sympy.Piecewise((S.One, where), (S.Zero, True), evaluate=False)


# Name in a tree -> how many arguments it takes (None: two or more), and what it makes. Nothing is
# evaluated: SymPy would compute Max(exp(exp(99)), 1) to the last digit.
FUNCTIONS: dict[str, tuple[int | None, Callable[..., Any]]] = {
    "sqrt": (1, lambda x: _root(x, sympy.Integer(2))),
    "cbrt": (1, lambda x: _root(x, sympy.Integer(3))),
    "root": (2, _root),
    "pow": (2, lambda x, n: sympy.Pow(x, n, evaluate=False)),
    "log2": (1, lambda x: _log(x, 2)),
    "log10": (1, lambda x: _log(x, 10)),
    "relu": (1, lambda x: sympy.Max(x, S.Zero, evaluate=False)),
    "logit": (1, lambda p: _less(_log(p), _log(_less(S.One, p)))),
    "Heaviside": (1, _step),
    "cot": (1, _inverse(sympy.tan)),
    "sec": (1, _inverse(sympy.cos)),
    "csc": (1, _inverse(sympy.sin)),
    "coth": (1, _inverse(sympy.tanh)),
    "sech": (1, _inverse(sympy.cosh)),
    "Max": (None, _function(sympy.Max)),
    "Min": (None, _function(sympy.Min)),
    **{
        kind.__name__: (1, _function(kind))
        for kind in (
            sympy.Abs, sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin,
            sympy.acos,
            sympy.atan, sympy.sinh, sympy.cosh, sympy.tanh, sympy.sign, sympy.erf, sympy.erfc,
            sympy.loggamma, sympy.gamma,
            f.softplus, f.sigmoid, f.log1p, f.expm1, f.log_cosh, f.sech2, f.stop_gradient,
            f.log1mexp, f.reciprocal_expm1, f.log1pmx, f.over_one_plus, f.expm1mx, f.versine,
            f.hypot1m1, f.over_hypot, f.inverse_hypot_cubed, f.log_hypot1,
            f.over_one_plus_square, f.over_one_plus_square_slope, f.log_ndtr, f.normal_hazard,
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
    "KroneckerDelta": (2, lambda i, j: equal(i, j)),
    "log_diff_sigmoid": (2, f.log_diff_sigmoid),
    "log_sigmoid": (1, lambda x: -f.softplus(-x)),
    "Rational": (2, lambda p, q: sympy.Mul(p, sympy.Pow(q, -1, evaluate=False), evaluate=False)),
}  # fmt: skip

# Functions that take vectors, each with a rule of its own in `vectors`.
VECTOR_FUNCTIONS = frozenset(
    ["softmax", "log_softmax", "logsumexp", "norm", "dot", "diag", "mean", "transpose"]
)

# Other spellings, of words and of text alike.
SPELLINGS = {
    "Softmax": "softmax", "ReLU": "relu", "LSE": "logsumexp", "Sign": "sign", "Norm": "norm",
    "abs": "Abs", "max": "Max", "min": "Min", "ln": "log", "sgn": "sign", "sg": "stop_gradient",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "logistic": "sigmoid", "expit": "sigmoid",
}  # fmt: skip

LATEX_FUNCTIONS = {
    rf"\{name}": SPELLINGS.get(name, name)
    for name in (
        "log", "ln", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
        "coth", "arcsin", "arccos", "arctan",
    )
}  # fmt: skip

# Operators with a subscript that names what they run over.
FOLDS = {
    "sum": "SumOver", "prod": "ProductOver", "max": "MaxOver", "min": "MinOver",
    "LSE": "LogSumExp", "logsumexp": "LogSumExp", "mean": "MeanOver",
}  # fmt: skip


class ProductOver(Fold):
    """Product of the body; 1 if nothing takes part."""


FOLD_TYPES: dict[str, type[Fold]] = {
    kind.__name__: kind for kind in (SumOver, ProductOver, MeanOver, MaxOver, MinOver, LogSumExp)
}

# Constants, where no argument has the name.
CONSTANTS = {r"\pi": sympy.pi, "pi": sympy.pi, "e": sympy.E, "E": sympy.E}

_WORD = re.compile(
    r"\\(mathrm|operatorname\*?|mathit|text|textit|textrm|mathsf|mbox)\s*\{(.*)\}", re.DOTALL
)
_OLD = re.compile(r"\{\s*\\rm\s+([A-Za-z]+)\s*\}")
_STYLED = re.compile(
    r"\\(mathcal|mathscr|mathbf|boldsymbol|bm|vec|mathbb)(?:\s*\{\s*(.*?)\s*\}|\s+([A-Za-z]))"
)
_MACRO = re.compile(r"\\(sgn|sign|erf|[Ss]oftmax|sigmoid|softplus|ReLU|relu|logit|sech|diag)")


def word(token: str) -> str:
    """Return a name as it is compared: upright words are mathrm or operatorname."""
    if found := _STYLED.fullmatch(token):
        return rf"\{found[1]}{{{found[2] or found[3]}}}"
    if found := _MACRO.fullmatch(token):
        return rf"\operatorname{{{found[1]}}}"
    if found := _OLD.fullmatch(token):
        return rf"\mathrm{{{found[1]}}}"
    if (found := _WORD.fullmatch(token)) is None:
        return str(token)
    letters = " ".join(found[2].replace("\\", " ").replace("_", " ").split())
    command = "operatorname" if found[1].startswith("operator") else "mathrm"
    return rf"\{command}{{{letters}}}"


def plain(name: str) -> str:
    r"""Return a name without the style of its letter: `\mathbf{x}` is x, `\hat{\bm{y}}` \hat{y}."""
    if (found := re.fullmatch(r"(\\(?:hat|tilde|bar|check|dot))\{(.*)\}", name)) is not None:
        return f"{found[1]}{{{plain(found[2])}}}"
    found = _STYLED.fullmatch(name)
    return (found[2] or found[3]) if found else name


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
    return text if text in FUNCTIONS or text in VECTOR_FUNCTIONS else None


def fold_of(name: str, taken: Container[str] = ()) -> str | None:
    r"""Return the fold that a name with a subscript stands for, None if it is a quantity.

    `\mathrm{sum}_{p}` is a name, as that of a sum which nobody named; \operatorname is an operator.
    """
    operator = name.startswith(r"\operatorname") or name in (
        "sum",
        "prod",
        "max",
        "min",
        r"\mathrm{LSE}",
    )
    return FOLDS.get(inner(name)) if operator and name not in taken else None


def inner(name: str) -> str:
    """Return the letters of an upright word, another name as it is."""
    found = _WORD.fullmatch(name)
    return found[2].replace(" ", "_") if found else name


def number(text: str) -> Any:
    """Return a number as written: an integer, or the float nearest to a decimal fraction.

    Raises:
        ValueError: for a number beyond all floats.
    """
    if text == "oo":
        return S.Infinity
    if not math.isfinite(float(text)):
        raise ValueError("this number is larger than every float")
    return sympy.Integer(text) if text.isdigit() else sympy.Float(float(text))
