"""Rewrites of programs that keep the mathematics and save the digits."""

from .passes import prepare

__all__ = ["prepare"]
