"""The error of functions that others wrote: one that cannot be asked."""

from __future__ import annotations


class ForeignError(ValueError):
    """A function that cannot be found, called or understood; the message says what to give."""
