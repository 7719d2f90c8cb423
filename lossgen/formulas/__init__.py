"""Formulas as people write them: read from LaTeX or text and evaluated, never run as code."""

from .equations import Equation, read, read_all
from .errors import FormulaError
from .evaluate import Number, Values, evaluate
from .notation import Notation, notation
from .scope import Scope, latex_scope, text_scope

__all__ = [
    "Equation", "FormulaError", "Notation", "Number", "Scope", "Values", "evaluate", "latex_scope",
    "notation", "read", "read_all", "text_scope",
]  # fmt: skip
