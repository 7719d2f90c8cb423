"""The passes of the stabiliser over a program, before it is differentiated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Abs, Add, Expr, Pow, S, Symbol, exp

from lossgen.language.entry import Definition
from lossgen.language.functions import share
from lossgen.language.program import Program, Reduction, Scatter, Statement
from lossgen.language.symbols import Element
from lossgen.language.trace import undistributed

from .norms import norms
from .rewrite import rewrite


def prepare(program: Program) -> Program:
    """Return the program to be differentiated: patterns as atoms, magnitudes squared away."""
    with undistributed():
        magnitudes: dict[str, Definition] = {}
        statements: list[Statement] = []
        folds: dict[str, Reduction] = {}
        for statement in program.statements:
            changed = _map(
                statement,
                lambda part: softmax_weight(rewrite(square_of_magnitude(part, magnitudes)), folds),
            )
            if isinstance(changed, Reduction) and changed.operation == "logsumexp":
                folds[changed.name] = changed
            if isinstance(changed, Definition) and isinstance(changed.expression, Abs):
                magnitudes[changed.name] = changed
            statements.append(changed)
    return norms(replace(program, statements=tuple(statements)).live(program.outputs))


def finish(program: Program) -> Program:
    """Return the differentiated program with cancellations removed that no atom stands for."""
    with undistributed():
        roots = {
            statement.name: statement
            for statement in program.statements
            if isinstance(statement, Definition) and statement.expression.func is Pow
        }
        statements = tuple(
            _map(statement, lambda part: root_minus_one(part, roots))
            for statement in program.statements
        )
    return replace(program, statements=statements)


def root_minus_one(expression: Any, roots: dict[str, Definition]) -> Any:
    """Write a root - 1, where root = sqrt(1 + u), as u / (1 + root).

    That keeps the digits of a small u.
    """
    if not expression.args or isinstance(expression, Element):
        return expression
    if (
        isinstance(expression, Add)
        and S.NegativeOne in expression.args
        and len(expression.args) == 2
    ):
        root = expression + 1
        inside = _under(root, roots)
        if inside is not None:
            return inside / (1 + root)
    parts = [root_minus_one(part, roots) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _under(root: Any, roots: dict[str, Definition]) -> Any:
    name = getattr(root, "name", None)
    if name not in roots or roots[name].expression.exp != S.Half:
        return None
    definition = roots[name]
    places = root.indices if isinstance(root, Element) else ()
    inside = definition.expression.base - 1
    if len(Add.make_args(inside)) >= len(Add.make_args(definition.expression.base)):
        return None
    return inside.xreplace(dict(zip(definition.indices, places, strict=True)))


def _map(statement: Statement, change: Any) -> Statement:
    if isinstance(statement, Definition):
        return replace(statement, expression=change(statement.expression))
    if isinstance(statement, Scatter):
        return replace(statement, body=change(statement.body))
    return replace(statement, body=change(statement.body), where=change(statement.where))


def square_of_magnitude(expression: Any, magnitudes: dict[str, Definition]) -> Any:
    """Write an even power of a named |u| as that power of u.

    With r = |u|, the second derivative of r**2/2 would be sign(u)**2, which is 0 at u = 0 instead
    of 1.
    """
    if not expression.args or isinstance(expression, Element):
        return expression
    if isinstance(expression, Pow) and expression.exp.is_Integer and expression.exp.is_even:
        inner = _magnitude(expression.base, magnitudes)
        if inner is not None:
            return Pow(inner, expression.exp)
    parts = [square_of_magnitude(part, magnitudes) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def softmax_weight(expression: Any, folds: dict[str, Reduction]) -> Any:
    """Write e^(x[k] - lse), lse being the log-sum-exp of x[j] over j, as a softmax weight."""
    if not expression.args or isinstance(expression, Element):
        return expression
    if isinstance(expression, exp) and isinstance(expression.args[0], Add):
        weight = _weight(expression.args[0], folds)
        if weight is not None:
            return weight
    parts = [softmax_weight(part, folds) for part in expression.args]
    return expression if tuple(parts) == expression.args else expression.func(*parts)


def _weight(argument: Expr, folds: dict[str, Reduction]) -> Any:
    if len(argument.args) != 2:
        return None
    for term, negated in (argument.args, argument.args[::-1]):
        fold = -negated
        if not isinstance(term, Element) or getattr(fold, "name", None) not in folds:
            continue
        known = folds[fold.name]
        if not isinstance(known.body, Element) or known.body.array != term.array:
            continue
        renaming = dict(zip(known.body.indices, term.indices, strict=True))
        places = fold.indices if isinstance(fold, Element) else ()
        of_this_fold = all(
            renaming.get(own, place) == place
            for own, place in zip(known.indices, places, strict=True)
        )
        if of_this_fold and all(index in renaming for index in known.bound):
            return share(term, fold, *(renaming[index] for index in known.bound))
    return None


def _magnitude(base: Expr, magnitudes: dict[str, Definition]) -> Any:
    if not isinstance(base, Symbol | Element) or base.name not in magnitudes:
        return None
    definition = magnitudes[base.name]
    places = base.indices if isinstance(base, Element) else ()
    renaming = dict(zip(definition.indices, places, strict=True))
    return definition.expression.args[0].xreplace(renaming)
