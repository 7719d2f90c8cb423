"""The Hessian diagonal: the derivative of each gradient element in its own argument element.

It is no Hessian-vector product: every element of the argument is its own direction. The derivative
of a quantity v[j] in x[m] is kept as a list of terms, each a set of equations between the indices j
and m with a coefficient, so that diag(p) - p p^T stays a structure; the diagonal sets the indices
of the gradient element equal to m, term by term.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import And, Eq, Expr, Piecewise, S
from sympy.logic.boolalg import Boolean, true

from lossgen.language.entry import Definition, quantity
from lossgen.language.program import Program, Reduction, Scatter, Statement, expressions, take_name
from lossgen.language.symbols import Element, Index
from lossgen.language.trace import undistributed

from .adjoint import (
    active_names,
    canonical_indices,
    fold_slope,
    is_simple,
    reverse,
    statement_body,
    ties_of,
)
from .directions import directions
from .merge import merged, renamed
from .partial import partials, product, total
from .sums import Sums


class Refused(ValueError):
    """The Hessian diagonal of a loss would cost more than one axis times its value."""


@dataclass(frozen=True)
class Term:
    """`coefficient` where each index of the quantity equals the place of the argument it names."""

    equations: tuple[tuple[Any, Index], ...]
    coefficient: Expr
    bound: tuple[Index, ...] = ()
    where: Boolean = true


def hessian_diagonal(program: Program, name: str) -> Program:
    """Return the gradient program in `name`, extended by the output `h_<name>`.

    Raises:
        Refused: when a sum over more loops than those of the value and one axis would be needed.
    """
    with undistributed():
        first = reverse(program, (name,))
        return directions(_Diagonal(first, name, _loops(program) + 1).run())


def _loops(program: Program) -> int:
    return max(_depth(statement) for statement in program.statements)


def _depth(statement: Statement) -> int:
    if isinstance(statement, Definition):
        return len(statement.indices)
    if isinstance(statement, Reduction):
        return len(statement.indices) + len(statement.bound)
    return len(statement.bound)


class _Diagonal:
    """The terms of each statement's derivative in x[m], in order."""

    def __init__(self, program: Program, name: str, budget: int) -> None:
        self.program = program
        self.name = name
        self.budget = budget
        self.active = active_names(program, (name,))
        self.places = _places(program, name)
        self.statements: list[Statement] = []
        self.terms: dict[str, tuple[Term, ...]] = {}
        self.indices = canonical_indices(program)
        self.ahead: set[str] = set()  # counts of ties, placed where they are first read
        self.sums = Sums(())  # those above: a sum further down has no value yet

    def run(self) -> Program:
        own = self.indices[self.name]
        self.terms[self.name] = (Term(tuple(zip(own, self.places, strict=True)), S.One),)
        scatters: list[Scatter] = []
        for statement in self.program.statements:
            if statement.name in self.ahead:
                continue
            self.sums.note(statement)
            self.statements.append(statement)
            if statement.name not in self.active:
                continue
            if isinstance(statement, Scatter):
                if statement.name == f"d_{self.name}":
                    scatters += self.scatter(statement)
                else:
                    raise Refused(
                        f"{statement.name} is scattered into before it is differentiated again"
                    )
            else:
                self.terms[statement.name] = self.advance(statement)
        self.finish()
        outputs = (*self.program.outputs, f"h_{self.name}")
        return replace(self.program, statements=(*self.statements, *scatters), outputs=outputs)

    def advance(self, statement: Definition | Reduction) -> tuple[Term, ...]:
        """Return the terms of one statement; a sum that stays is given a name."""
        body, bound, where = statement_body(statement)
        scale: Expr = S.One
        if isinstance(statement, Reduction):
            if statement.operation in ("max", "min"):
                extra, ties, condition = ties_of(statement)
                if extra.name not in self.ahead:
                    self.ahead.add(extra.name)
                    self.statements.append(extra)
                scale, where = 1 / ties, And(where, condition)
            else:
                scale = fold_slope(statement)
        found: dict[Any, list[Expr]] = {}
        for use, slope in partials(body, self.active, statement).items():
            for term in self.at(use):
                cofactor = product(product(slope, scale), term.coefficient)
                solved = self.collapse(term, cofactor, statement.indices, bound, where)
                key = (solved.equations, solved.bound, solved.where)
                found.setdefault(key, []).append(solved.coefficient)
        return tuple(
            self.name_term(statement, Term(key[0], total(parts), key[1], key[2]))
            for key, parts in found.items()
        )

    def at(self, use: Any) -> tuple[Term, ...]:
        """Return the terms of a name at the indices of a use."""
        if use.name not in self.terms:
            return ()
        places = use.indices if isinstance(use, Element) else ()
        renaming = dict(zip(self.indices[use.name], places, strict=True))
        return tuple(
            Term(
                tuple((renaming.get(own, own), place) for own, place in term.equations),
                term.coefficient.xreplace(renaming),
            )
            for term in self.terms[use.name]
        )

    def collapse(
        self,
        term: Term,
        cofactor: Expr,
        free: tuple[Index, ...],
        bound: tuple[Index, ...],
        where: Any,
    ) -> Term:
        """Use equations to remove bound indices; keep those of free indices; test the others."""
        solved: dict[Any, Index] = {}
        kept: list[tuple[Any, Index]] = []
        conditions: list[Boolean] = []
        for own, place in term.equations:
            if own in bound and own not in solved:
                solved[own] = place
            elif own in free and own not in dict(kept):
                kept.append((own, place))
            else:
                conditions.append(Eq(solved.get(own, dict(kept).get(own, own)), place))
        rest = tuple(index for index in bound if index not in solved)
        condition = And(where.xreplace(solved), *conditions)
        cofactor = cofactor.xreplace(solved)
        if not rest and condition != true:
            cofactor, condition = Piecewise((cofactor, condition), (S.Zero, True)), true
        return Term(tuple(kept), cofactor, rest, condition)

    def name_term(self, statement: Statement, term: Term) -> Term:
        """Give a term that is a sum, or that depends on the place alone, a name of its own."""
        if statement.name == f"d_{self.name}":
            term = self.at_own_place(statement, term)
        kept = dict(term.equations)
        own = tuple(index for index in self.indices[statement.name] if index not in kept)
        coefficient = term.coefficient.xreplace(kept)
        last = statement.name == f"d_{self.name}"
        # c / n stays in sight of the -u^2 c / n that it is added to: apart, both may be infinite.
        if not term.bound and (own or last or is_simple(coefficient)):
            return term
        indices = tuple(i for i in (*own, *self.places) if i in coefficient.free_symbols)
        if term.bound:
            return self.sum_term(statement, term, (*own, *self.places))
        name = self.fresh(f"{statement.name}_by_{self.name}")
        self.statements.append(Definition(name, indices, coefficient))
        return Term(term.equations, quantity(name, indices))

    def sum_term(self, statement: Statement, term: Term, free: tuple[Index, ...]) -> Term:
        """Give the sums of a term names."""
        kept = dict(term.equations)
        where = term.where.xreplace(kept)

        def add(body: Expr) -> Any:
            used = body.free_symbols | where.free_symbols
            indices = tuple(index for index in free if index in used)
            name = self.fresh(f"{statement.name}_by_{self.name}")
            self.statements.append(Reduction(name, indices, "sum", term.bound, body, where))
            return quantity(name, indices)

        total_sum = self.sums.over(term.bound, where, term.coefficient.xreplace(kept), add)
        return Term(term.equations, total_sum)

    def fresh(self, name: str) -> str:
        return take_name(name, {statement.name for statement in self.statements})

    def at_own_place(self, statement: Statement, term: Term) -> Term:
        """Set the indices of the gradient element equal to those of the argument element."""
        own = dict(zip(self.indices[statement.name], self.places, strict=True))
        conditions = [Eq(own.get(index, index), place) for index, place in term.equations]
        coefficient, where = (
            term.coefficient.xreplace(own),
            And(term.where.xreplace(own), *conditions),
        )
        if not term.bound and where != true:
            coefficient, where = Piecewise((coefficient, where), (S.Zero, True)), true
        equations = tuple(zip(own, self.places, strict=True))
        return Term(equations, coefficient, term.bound, where)

    def scatter(self, statement: Scatter) -> list[Scatter]:
        """Return what a scatter adds to the diagonal: its slope in the element it writes to."""
        parts: list[Expr] = []
        for use, slope in partials(statement.body, self.active).items():
            for term in self.at(use):
                target = dict(zip(self.places, statement.target, strict=True))
                same = [Eq(own, target[place]) for own, place in term.equations]
                coefficient = product(slope, term.coefficient.xreplace(target))
                condition = And(*same)
                if condition != true:
                    coefficient = Piecewise((coefficient, condition), (S.Zero, True))
                parts.append(coefficient)
        if not parts:
            return []
        return [replace(statement, name=f"h_{self.name}", body=total(parts))]

    def finish(self) -> None:
        """Add up the terms of the gradient element, written with the author's indices."""
        indices = self.indices[f"d_{self.name}"]
        back = dict(zip(self.places, indices, strict=True))
        terms = self.terms.get(f"d_{self.name}", ())
        self.statements = [renamed(statement, back) for statement in self.statements]
        expression = total([term.coefficient.xreplace(back) for term in terms]) if terms else S.Zero
        self.statements.append(Definition(f"h_{self.name}", indices, expression))
        for name in [statement.name for statement in self.statements]:
            self.statements = merged(name, self.statements, set(self.places))
        output = f"h_{self.name}"
        live = replace(self.program, statements=tuple(self.statements)).live((output,))
        for statement in live.statements:
            loops = _depth(statement)
            if loops > self.budget:
                raise Refused(
                    f"{statement.name} needs {loops} nested loops, more than the {self.budget} of "
                    "the value and one axis"
                )


def _places(program: Program, name: str) -> tuple[Index, ...]:
    """Return indices m of the argument that no statement uses, so that nothing is captured."""
    axes = next(argument.domain.axes for argument in program.arguments if argument.name == name)
    used = {
        index.name
        for statement in program.statements
        for part in (*expressions(statement), *getattr(statement, "indices", ()))
        for index in part.atoms(Index)
    }
    stem = "at"
    while any(other.startswith(f"{stem}_") for other in used):
        stem = f"{stem}_own"
    return tuple(Index(f"{stem}_{axis}_{place + 1}", axis) for place, axis in enumerate(axes))
