"""The plan of a program: which fold lives in which loop, what is shared, and what is stored."""

from .layout import is_conditional, plan
from .legality import check
from .tree import Leaf, Loop, Plan, PlanError, instance, leaves, references, show

__all__ = [
    "Leaf", "Loop", "Plan", "PlanError", "check", "instance", "is_conditional", "leaves", "plan",
    "references", "show",
]  # fmt: skip
