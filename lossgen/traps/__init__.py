"""Inputs at which libraries and textbook formulas fail, with the exact answer: the traps."""

from .ask import Outcome, ask, missing
from .table import Answer, Trap, traps

__all__ = ["Answer", "Outcome", "Trap", "ask", "missing", "traps"]
