"""Functions that others wrote: audited against a loss, and named after the loss that they are."""

from .audit import audit
from .errors import ForeignError
from .report import Audit, AuditError

__all__ = ["Audit", "AuditError", "ForeignError", "audit"]
