"""A parameter that multiplies a sum is taken into it, where the sum may overflow by itself.

strength * sum of w[k]^2 is NaN at strength 0 and inf at strength 1e-5 where the squares add up to
more than the largest float; strength * w[k] * w[k] is what was asked for.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Mul, S, Symbol

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Statement, names_in


def strengths(program: Program) -> Program:
    """Return the program with each sum that parameters alone multiply as a sum of products."""
    given = {a.name for a in program.arguments if a.shared and not a.domain.axes}
    statements = list(program.statements)
    for whole in program.statements:
        found = _sum(whole, statements, given, program.outputs)
        if found is not None:
            fold, factor = found
            inside = replace(fold, body=Mul(factor, fold.body, evaluate=False))
            alone = replace(whole, expression=inside.symbol)
            changed: dict[str, Statement] = {fold.name: inside, whole.name: alone}
            statements = [changed.get(each.name, each) for each in statements]
    return replace(program, statements=tuple(statements))


def _sum(
    whole: Statement, statements: list[Statement], given: set[str], outputs: tuple[str, ...]
) -> tuple[Reduction, Expr] | None:
    """Return the sum of a product with parameters, and those, if nothing else reads the sum."""
    if not isinstance(whole, Definition):
        return None
    factors = [f for f in Mul.make_args(whole.expression) if isinstance(f, Symbol)]
    others = Mul(*(f for f in Mul.make_args(whole.expression) if f not in factors))
    parameters = [factor for factor in factors if factor.name in given]
    rest = [factor for factor in factors if factor not in parameters]
    if not parameters or len(rest) != 1 or others != S.One:
        return None
    fold = next((s for s in statements if s.name == rest[0].name), None)
    readers = [s for s in statements if rest[0].name in names_in(s)]
    if not isinstance(fold, Reduction) or fold.operation != "sum" or readers != [whole]:
        return None
    return (fold, Mul(*parameters)) if fold.name not in outputs else None
