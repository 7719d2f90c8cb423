"""Inputs at which libraries and textbook formulas fail, with the exact answer: the traps."""

from .ask import Outcome, ask
from .report import page, summary, text, to_json
from .table import Answer, Trap, traps

__all__ = ["Answer", "Outcome", "Trap", "ask", "page", "summary", "text", "to_json", "traps"]
