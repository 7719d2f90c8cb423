"""`lossgen demo`: from a file of eleven lines to kernels that are checked and used on real data."""

from .steps import demo

__all__ = ["demo"]
