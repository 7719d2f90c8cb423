"""Names seen through: what a named quantity of a program stands for, at the indices of a use."""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from lossgen.language.entry import Definition
from lossgen.language.program import Program
from lossgen.language.symbols import Element


class Names:
    """The quantities of a program that one statement defines, as they are rewritten so far."""

    def __init__(self, program: Program | None = None) -> None:
        statements = () if program is None else program.statements
        given = [statement.name for statement in statements]
        self.once = {name for name in given if given.count(name) == 1}
        self.known: dict[str, Definition] = {}
        arguments = () if program is None else program.arguments
        self.at_most_one = {
            argument.name
            for argument in arguments
            if argument.domain.high is not None and argument.domain.high <= 1
        }

    def learn(self, statement: Any) -> None:
        """Take a statement in, if it is the one that defines its name."""
        if isinstance(statement, Definition) and statement.name in self.once:
            self.known[statement.name] = statement

    def meaning(self, use: Any) -> Any:
        """Return what a name stands for, None for an argument, a fold or no name at all."""
        if not isinstance(use, Symbol | Element) or use.name not in self.known:
            return None
        definition = self.known[use.name]
        places = use.indices if isinstance(use, Element) else ()
        renaming = dict(zip(definition.indices, places, strict=True))
        return definition.expression.xreplace(renaming)


NOTHING = Names()
