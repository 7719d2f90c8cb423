"""Programs: named quantities in order, one statement each. What every later floor works on.

Three kinds of statement: a `Definition` (entry.py) computes a number for each value of its indices,
a `Reduction` folds a body over bound indices, a `Scatter` adds to elements whose places are data.
No expression in a program holds a fold; every fold is a Reduction with a name.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean, true

from .entry import Argument, Definition, quantity
from .symbols import Index

Operation = Literal["sum", "max", "min", "logsumexp", "norm"]

# Never positive, whatever the terms are: nothing may take part, and a count is then 0.
_NONNEGATIVE = Symbol("nonnegative", nonnegative=True)


@dataclass(frozen=True)
class Reduction:
    """`name[indices] = operation over bound where condition of body`.

    Nobody reads the result unless `when` holds, a condition on quantities outside the fold.
    """

    name: str
    indices: tuple[Index, ...]
    operation: Operation
    bound: tuple[Index, ...]
    body: Expr
    where: Boolean = true
    when: Boolean = true

    @property
    def symbol(self) -> Any:
        """The name as it is used in formulas."""
        known = self.operation == "norm" or (self.operation == "sum" and self.body.is_nonnegative)
        return quantity(self.name, self.indices, _NONNEGATIVE if known else None)


@dataclass(frozen=True)
class Scatter:
    """`name[target] += body` for all values of the bound indices where the condition holds.

    `target` holds index expressions that are data, such as `label[i]`; the quantity `name` is
    defined by an earlier statement, or starts at zero. With `replaces` it is `name[target] = body`.
    """

    name: str
    target: tuple[Expr, ...]
    bound: tuple[Index, ...]
    body: Expr
    where: Boolean = true
    replaces: bool = False


Statement = Definition | Reduction | Scatter


@dataclass(frozen=True)
class Program:
    """A short program of named quantities.

    `outputs` names the statements whose results leave the program, in order.
    """

    name: str
    arguments: tuple[Argument, ...]
    statements: tuple[Statement, ...]
    outputs: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name}({', '.join(argument.name for argument in self.arguments)})"]
        lines += [f"    {_line(statement)}" for statement in self.statements]
        lines.append(f"    return {', '.join(self.outputs)}")
        return "\n".join(lines)

    def live(self, outputs: tuple[str, ...]) -> Program:
        """Return the program that computes only `outputs` and what they need."""
        needed = set(outputs)
        kept: list[Statement] = []
        for statement in reversed(self.statements):
            if statement.name in needed:
                needed |= names_in(statement)
                kept.append(statement)
        return replace(self, statements=tuple(reversed(kept)), outputs=outputs)


def expressions(statement: Statement) -> tuple[Any, ...]:
    """Return the expressions of a statement: body, condition and target."""
    if isinstance(statement, Definition):
        return (statement.expression,)
    if isinstance(statement, Reduction):
        return (statement.body, statement.where, statement.when)
    return (statement.body, statement.where, *statement.target)


def mapped(statement: Statement, change: Callable[[Any], Any]) -> Statement:
    """Return the statement with its expression, or its body and condition, changed."""
    if isinstance(statement, Definition):
        return replace(statement, expression=change(statement.expression))
    if isinstance(statement, Scatter):
        return replace(statement, body=change(statement.body))
    return replace(statement, body=change(statement.body), where=change(statement.where))


def take_name(name: str, taken: set[str]) -> str:
    """Return `name`, or the first variation of it that is free and no keyword, and take it."""
    chosen, number = name, 2
    while chosen in taken or keyword.iskeyword(chosen):
        chosen, number = f"{name}_{number}", number + 1
    taken.add(chosen)
    return chosen


def names_in(statement: Statement) -> set[str]:
    """Return the names of quantities and arguments that a statement reads."""
    return {
        symbol.name
        for expression in expressions(statement)
        for symbol in expression.free_symbols
        if not isinstance(symbol, Index)
    }


def _line(statement: Statement) -> str:
    if isinstance(statement, Definition):
        return f"{_head(statement.name, statement.indices)} = {statement.expression}"
    where = (
        "" if statement.where is true or statement.where == true else f" where {statement.where}"
    )
    bound = ", ".join(str(index) for index in statement.bound)
    if isinstance(statement, Reduction):
        head = _head(statement.name, statement.indices)
        return f"{head} = {statement.operation} over {bound}{where} of {statement.body}"
    loops = f" for {bound}" if bound else ""
    sign = "=" if statement.replaces else "+="
    return f"{_head(statement.name, statement.target)} {sign} {statement.body}{loops}{where}"


def _head(name: str, indices: tuple[Any, ...]) -> str:
    return f"{name}[{', '.join(str(index) for index in indices)}]" if indices else name
