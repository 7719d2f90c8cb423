"""A change of every expression of a statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lossgen.language.entry import Definition
from lossgen.language.program import Scatter, Statement


def mapped(statement: Statement, change: Callable[[Any], Any]) -> Statement:
    """Return the statement with its expressions changed."""
    if isinstance(statement, Definition):
        return replace(statement, expression=change(statement.expression))
    if isinstance(statement, Scatter):
        return replace(statement, body=change(statement.body))
    return replace(statement, body=change(statement.body), where=change(statement.where))
