"""Removable singularities of a sum in a parameter: Renyi's and Tsallis's divergences at order 1.

log(F / G) / (a - 1) with F = sum p^a q^(1-a) and G = sum p is 0/0 at a = 1. With

    D = sum p boxcox(p / q, a - 1),    F = G + (a - 1) D

(and D = sum a q^(1-a) beta(p, q, a), the beta divergence, whose terms are of second order where p
and q are close, if q has the same sum) it is (D / G) log(1 + u) / u with u = (a - 1) D / G, whose
singularity is that of a function of one number, and D / G is its limit, the Kullback-Leibler
divergence. This needs G to be the sum of the terms of F at the pole: another sum of the formula, or
1 where those terms are shares y / sum y. That an argument sums to 1 is not enough. No domain says
it, rounded numbers do not do it, and what is put into a formula on that ground has another
gradient. Numbers that may be 0 keep the formula as well: below order 1 the slope is infinite there,
and the slope of D is 0 times infinity besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Expr, Mul, Piecewise, Pow, S, log

from lossgen.language.curves import ARGUMENT
from lossgen.language.entry import Argument, Definition
from lossgen.language.functions import beta_divergence, boxcox, continued, log1p, product
from lossgen.language.program import Program, Reduction, Statement, take_name
from lossgen.language.symbols import Element

from .quotients import curve_of


@dataclass(frozen=True)
class Pole:
    """1 / (slope (parameter - place)), with the place in the domain of the parameter."""

    parameter: Any
    place: Any
    slope: Any

    @property
    def distance(self) -> Any:
        """The parameter less its place."""
        return self.parameter - self.place


def coupled(program: Program) -> Program:
    """Return the program without removable poles of sums in its scalar parameters."""
    sums = {
        each.name: each
        for each in program.statements
        if isinstance(each, Reduction) and each.operation == "sum" and not each.indices
    }
    taken = {each.name for each in (*program.statements, *program.arguments)}
    statements: list[Statement] = []
    for statement in program.statements:
        found = None
        if isinstance(statement, Definition):
            found = _changed(statement.expression, program, sums, taken)
        if found is not None:
            statements.append(found[0])
            statement = replace(statement, expression=found[1])
        statements.append(statement)
    return replace(program, statements=tuple(statements))


def _changed(
    expression: Any, program: Program, sums: dict[str, Reduction], taken: set[str]
) -> tuple[Reduction, Any] | None:
    """Return the sum D and the expression with it, None where there is no such pole."""
    for node in expression.atoms(Mul):
        for below, pole in _poles(node, program.arguments):
            rest = Mul(*(factor for factor in node.args if factor is not below))
            for inside, total, part, logarithm in _ratios(rest, sums):
                body = _rise(inside, total, pole, sums)
                if body is None:
                    continue
                fold = Reduction(
                    take_name("rise", taken), (), "sum", inside.bound, body, inside.where
                )
                value = _filled(fold.symbol, total, pole, node) if logarithm else fold.symbol
                near = Mul(rest / part, value) / pole.slope
                return fold, expression.xreplace({node: near})
    return None


def _poles(node: Mul, arguments: tuple[Argument, ...]) -> Iterator[tuple[Any, Pole]]:
    for factor in node.args:
        if not isinstance(factor, Pow) or factor.exp != -1:
            continue
        for argument in arguments:
            scalar = argument.shared and not argument.domain.axes and not argument.domain.integer
            slope = factor.base.diff(argument.symbol) if scalar else S.Zero
            if slope.is_Number and slope != 0 and factor.base.free_symbols == {argument.symbol}:
                place = argument.symbol - factor.base / slope
                place = place.expand()
                if argument.domain.contains(float(place)):
                    yield factor, Pole(argument.symbol, place, slope)


def _ratios(rest: Expr, sums: dict[str, Reduction]) -> Iterator[tuple[Reduction, Any, Any, bool]]:
    """Yield (F, G, part, logarithm): a part of the numerator that is log(F / G), or F - G."""
    for part in Mul.make_args(rest):
        if isinstance(part, log):
            for above in part.args[0].free_symbols:
                if above.name in sums:
                    yield sums[above.name], above / part.args[0], part, True
        elif isinstance(part, Add):
            logs = all(isinstance(term.as_coeff_Mul()[1], log) for term in part.args)
            for term in part.args:
                above = term.args[0] if logs and isinstance(term, log) else term
                if getattr(above, "name", None) in sums:
                    total = Add(*(-other for other in part.args if other != term))
                    if logs and isinstance(total, log):
                        yield sums[above.name], total.args[0], part, True
                    elif not logs:
                        yield sums[above.name], total, part, False


def _rise(inside: Reduction, total: Any, pole: Pole, sums: dict[str, Reduction]) -> Any:
    """Return the terms of D, None if the terms of F at the pole do not sum to G."""
    base, powers, slopes = S.One, [], {}
    for factor in Mul.make_args(inside.body):
        if not factor.has(pole.parameter):
            continue
        if not isinstance(factor, Pow) or factor.base.has(pole.parameter):
            return None
        if not all(element.is_positive for element in factor.base.atoms(Element)):
            return None
        slope = factor.exp.diff(pole.parameter)
        if not slope.is_Number:
            return None
        base = base * factor.base**slope
        slopes[slope] = factor
        powers.append(factor)
    term = inside.body.xreplace(
        {power: power.base ** power.exp.xreplace({pole.parameter: pole.place}) for power in powers}
    )
    if base == 1 or not _sums_to(term, total, inside, sums):
        return None
    above, below = slopes.get(S.One), slopes.get(S.NegativeOne)
    order = 1 + pole.distance
    if len(powers) == 2 and above and below and (above.exp, below.exp) == (order, 1 - order):
        bent = order * below.base ** (1 - order) * beta_divergence(above.base, below.base, order)
        if term == above.base and _sums_to(below.base, total, inside, sums):
            return bent
    return product(term, boxcox(base, pole.distance))


def _sums_to(term: Any, total: Any, inside: Reduction, sums: dict[str, Reduction]) -> bool:
    """Whether the sum of a term over the indices of F is the total, by its form."""
    known = sums.get(getattr(total, "name", ""))
    if known is not None:
        return (known.body, known.bound, known.where) == (term, inside.bound, inside.where)
    shares = ((name, sums[name.name]) for name in term.free_symbols if name.name in sums)
    return total == 1 and any(
        (each.body, each.bound, each.where) == (term * name, inside.bound, inside.where)
        for name, each in shares
    )


def _filled(rise: Any, total: Any, pole: Pole, node: Any) -> Any:
    """Return log(F / G) / (a - place), of which `node` is a multiple, with its limit."""
    curve = curve_of(log1p(ARGUMENT), 1)
    assert curve is not None
    u = pole.distance * rise / total
    part = next(each for each in node.args if each.has(log))
    elsewhere = part / pole.distance
    return Piecewise((rise / total * continued(u, 0, curve), curve.near(u)), (elsewhere, True))


__all__ = ["coupled"]
