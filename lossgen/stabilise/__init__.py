"""Rewrites of programs that keep the mathematics and save the digits."""

from .passes import finish, prepare
from .rewrite import fired

__all__ = ["finish", "fired", "prepare"]
