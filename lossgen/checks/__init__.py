"""The checks: every kernel against the exact mathematics of its entry.

A side tower: it reads the entry as it was written and calls the kernels through the public methods
of a loss, and knows nothing of how the kernels were made.
"""

from .battery import CHECKS, check
from .context import Check, Context
from .report import CheckError, Report, Row

__all__ = ["CHECKS", "Check", "CheckError", "Context", "Report", "Row", "check"]
