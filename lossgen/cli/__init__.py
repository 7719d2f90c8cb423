"""The command line: `lossgen --help`."""

from .main import main

__all__ = ["main"]
