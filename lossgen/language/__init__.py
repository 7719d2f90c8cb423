"""The language of losses: `from lossgen.language import *` brings all names an entry may use."""

from .domains import Integer, Label, NonNegative, OpenUnit, Positive, Real, Sign, Unit
from .errors import LanguageError
from .folds import LogSumExp, MaxOver, MeanOver, MinOver, SumOver
from .functions import *  # noqa: F403
from .functions import __all__ as _functions
from .loss import from_expression, loss
from .symbols import axis
from .trace import let

__all__ = [
    "Integer", "Label", "LanguageError", "LogSumExp", "MaxOver", "MeanOver", "MinOver",
    "NonNegative", "OpenUnit", "Positive", "Real", "Sign", "SumOver", "Unit", "axis",
    "from_expression", "let", "loss", *_functions,
]  # fmt: skip
