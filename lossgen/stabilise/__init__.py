"""Rewrites of programs that keep the mathematics and save the digits."""

from .passes import finish, prepare

__all__ = ["finish", "prepare"]
