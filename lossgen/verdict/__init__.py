"""Is this formula right? A formula or a Python function against the exact mathematics of a loss."""

from .verdict import Verdict, VerificationError
from .verify import verify

__all__ = ["Verdict", "VerificationError", "verify"]
