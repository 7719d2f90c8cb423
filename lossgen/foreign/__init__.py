"""Functions that others wrote: audited against a loss, and named after the loss that they are."""

from .asserting import assert_gradient, assert_loss
from .comparing import audit, audit_gradient
from .errors import ForeignError
from .naming import Identification, Match, identify
from .report import Audit, AuditError

__all__ = [
    "Audit",
    "AuditError",
    "ForeignError",
    "Identification",
    "Match",
    "assert_gradient",
    "assert_loss",
    "audit",
    "audit_gradient",
    "identify",
]
