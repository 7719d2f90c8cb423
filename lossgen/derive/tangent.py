"""The Hessian-vector product: forward mode over the gradient program.

Forward over reverse needs no equation to be solved, and each statement gains one statement; the
same pass over "gradient dotted with vector" would transpose every gather a second time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import And, Expr, S

from lossgen.language.domains import Real
from lossgen.language.entry import Argument, Definition, quantity
from lossgen.language.program import Program, Reduction, Scatter, Statement
from lossgen.language.symbols import Element
from lossgen.language.trace import undistributed

from .adjoint import active_names, fold_slope, gradient, is_trivial, statement_body, ties_of
from .partial import partials, product, total


def hessian_vector_product(program: Program, name: str) -> Program:
    """Return the program with the output `hv_<name>`, the Hessian in `name` times `vector`.

    `vector` becomes an argument of the shape of `name`.
    """
    first = gradient(program, (name,))
    with undistributed():
        return _Forward(first, name).run()


class _Forward:
    """The tangent of each statement, in order."""

    def __init__(self, program: Program, name: str) -> None:
        self.program = program
        self.name = name
        self.active = active_names(program, (name,))
        self.statements: list[Statement] = []
        self.tangent: dict[str, Any] = {}
        self.ahead: set[str] = set()  # counts of ties, placed where they are first read
        self.scattered = {s.name for s in program.statements if isinstance(s, Scatter)}

    def run(self) -> Program:
        argument = next(a for a in self.program.arguments if a.name == self.name)
        vector = Argument("vector", replace(Real, axes=argument.domain.axes), argument.shared)
        self.tangent[self.name] = vector.symbol
        for statement in self.program.statements:
            if statement.name in self.ahead:
                continue
            self.statements.append(statement)
            if statement.name in self.active or statement.name == f"d_{self.name}":
                self.advance(statement)
        output = f"hv_{self.name}"
        arguments = (*self.program.arguments, vector)
        return Program(self.program.name, arguments, tuple(self.statements), (output,))

    def tangent_name(self, name: str) -> str:
        return f"hv_{self.name}" if name == f"d_{self.name}" else f"t_{name}"

    def advance(self, statement: Statement) -> None:
        """Add the tangent of one statement."""
        chosen = self.tangent_name(statement.name)
        if isinstance(statement, Scatter):
            change = self.change(statement)
            if change != 0:
                added = replace(statement, name=chosen, body=change)
                self.statements.append(added)
            return
        where = statement_body(statement)[2]
        change = self.change(statement)
        keep = statement.name == f"d_{self.name}" or statement.name in self.scattered
        if isinstance(statement, Definition):
            self.define(statement, chosen, change, keep)
        elif change != 0 or keep:
            self.reduce(statement, chosen, change, where)

    def define(self, statement: Definition, chosen: str, change: Expr, keep: bool) -> None:
        if not keep and is_trivial(change):
            self.tangent[statement.name] = (statement.indices, change)
            return
        self.statements.append(Definition(chosen, statement.indices, change))
        self.note(statement.name, chosen, statement.indices)

    def reduce(self, statement: Reduction, chosen: str, change: Expr, where: Any) -> None:
        if statement.operation in ("max", "min"):
            extra, ties, condition = ties_of(statement)
            if extra.name not in self.ahead:
                self.ahead.add(extra.name)
                self.statements.append(extra)
            change, where = change / ties, And(where, condition)
        change = product(fold_slope(statement), change)
        added = Reduction(chosen, statement.indices, "sum", statement.bound, change, where)
        self.statements.append(added)
        self.note(statement.name, chosen, statement.indices)

    def note(self, name: str, chosen: str, indices: Any) -> None:
        self.tangent[name] = (indices, quantity(chosen, indices))

    def change(self, statement: Statement) -> Expr:
        """Return the first-order change of a statement's body: slope times tangent, summed."""
        body = statement.body if isinstance(statement, Scatter) else statement_body(statement)[0]
        terms = [
            product(slope, self.tangent_at(use))
            for use, slope in partials(body, self.active, statement).items()
            if use.name in self.tangent
        ]
        return total(terms) if terms else S.Zero

    def tangent_at(self, use: Any) -> Any:
        """Return the tangent of a name at the indices of a use."""
        found = self.tangent[use.name]
        places = use.indices if isinstance(use, Element) else ()
        if use.name == self.name:
            return found[places] if places else found
        indices, expression = found
        return expression.xreplace(dict(zip(indices, places, strict=True)))
