"""The gradient: reverse mode over programs of indexed quantities.

For each use u[e] inside the statement that defines v, the adjoint of u receives the sum, over the
indices of that statement, of cofactor * adjoint of v wherever e equals the place asked for. An
index of the statement is solved by renaming, which collapses the sum; an index met twice leaves a
condition; an index that is data (label[i]) makes the contribution a Scatter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, And, Eq, Expr, Mul, Piecewise, Pow, S, Symbol
from sympy.logic.boolalg import Boolean, true

from lossgen.language.entry import Definition, quantity
from lossgen.language.functions import share
from lossgen.language.program import Program, Reduction, Scatter, Statement, names_in
from lossgen.language.symbols import Element, Index
from lossgen.language.trace import undistributed

from .directions import directions
from .partial import Active, partials, product, total
from .rules import CONSTANT
from .sums import Sums, is_selected_outside


@dataclass(frozen=True)
class Contribution:
    """A term of an adjoint: the sum of `body` over `bound` where the condition holds.

    `target` is None, or the data indices of a scatter.
    """

    origin: str
    bound: tuple[Index, ...]
    where: Boolean
    body: Expr
    target: tuple[Any, ...] | None = None


def gradient(program: Program, wrt: tuple[str, ...]) -> Program:
    """Return `program` extended by its gradient.

    The outputs are those of `program` (one scalar) and `d_<name>` for each name in `wrt`.
    """
    with undistributed():
        return directions(reverse(program, wrt))


def reverse(program: Program, wrt: tuple[str, ...]) -> Program:
    """Return `program` extended by its gradient as the chain rule writes it."""
    return _Reverse(program, wrt).run()


class _Reverse:
    """Contributions to each adjoint, collected while the statements are met from last to first."""

    def __init__(self, program: Program, wrt: tuple[str, ...]) -> None:
        self.program = program
        self.wrt = wrt
        self.active = active_names(program, wrt)
        self.contributions: dict[str, list[Contribution]] = {}
        self.indices = canonical_indices(program)
        self.adjoint: dict[str, Expr] = {program.outputs[0]: S.One}
        self.added: list[Statement] = []
        self.sums = Sums(program.statements)
        self.lengths = {s.name for s in program.statements if getattr(s, "operation", "") == "norm"}
        # A cofactor made of parameters alone has no name: delta^2 * (r / delta^2) cancels exactly.
        self.constants = {a.symbol for a in program.arguments if a.shared and not a.domain.axes}

    def run(self) -> Program:
        for statement in reversed(self.program.statements):
            if statement.name in self.active and not isinstance(statement, Scatter):
                self.close(statement.name)
                if statement.name in self.adjoint:
                    self.spread(statement)
        outputs = list(self.program.outputs)
        for name in self.wrt:
            self.close(name, keep=True)
            outputs.append(f"d_{name}")
        statements = (*self.program.statements, *self.added)
        return replace(self.program, statements=statements, outputs=tuple(outputs))

    def spread(self, statement: Definition | Reduction) -> None:
        """Push the adjoint of a statement to everything that it reads."""
        seed = self.adjoint[statement.name]
        body, bound, where = statement_body(statement)
        if isinstance(statement, Reduction):
            if statement.operation in ("max", "min"):
                ties, condition = self.ties(statement)
                where, seed = And(where, condition), seed / ties
            seed = product(fold_slope(statement), seed)
        for use, slope in partials(body, self.active, statement).items():
            loops = (*statement.indices, *bound)
            self.contribute(statement.name, use, loops, where, product(slope, seed))

    def ties(self, statement: Reduction) -> tuple[Any, Boolean]:
        """Add the number of tied elements of a max or min; return it and the condition of a tie."""
        extra, symbol, condition = ties_of(statement)
        self.added.append(extra)
        return symbol, condition

    def contribute(
        self, origin: str, use: Any, loops: tuple[Index, ...], where: Boolean, body: Expr
    ) -> None:
        """Solve the equations of one use, and note the contribution."""
        wanted = self.indices[use.name]
        found = use.indices if isinstance(use, Element) else ()
        if any(index not in loops for index in found):
            contribution = Contribution(origin, loops, where, body, tuple(found))
        else:
            solved, conditions = solve(found, wanted)
            rest = tuple(index for index in loops if index not in solved)
            renaming = {**solved, **fresh_names(rest, wanted)}
            contribution = Contribution(
                origin,
                tuple(renaming.get(index, index) for index in rest),
                And(where.xreplace(renaming), *conditions),
                body.xreplace(renaming),
            )
        self.contributions.setdefault(use.name, []).append(contribution)

    def close(self, name: str, keep: bool = False) -> None:
        """Turn the contributions to `name` into statements that define `d_<name>`."""
        if name == self.program.outputs[0]:
            return
        contributions = self.contributions.get(name, [])
        plain = [part for part in contributions if part.target is None]
        scatters = [part for part in contributions if part.target is not None]
        if not contributions and not keep:
            return
        indices = self.indices[name]
        expression = total([self.term(name, indices, part, len(plain)) for part in plain])
        if self.added and self.added[-1].name == f"d_{name}":
            self.adjoint[name] = expression
        else:
            self.define(name, indices, expression, keep or bool(scatters))
        for part in scatters:
            assert part.target is not None
            scatter = Scatter(f"d_{name}", part.target, part.bound, part.body, part.where)
            self.added.append(scatter)

    def define(self, name: str, indices: tuple[Index, ...], expression: Expr, keep: bool) -> None:
        constant = (
            not isinstance(expression, Piecewise) and expression.free_symbols <= self.constants
        )
        if not keep and (constant or self.needs_no_name(name, expression)):
            self.adjoint[name] = expression
            return
        self.added.append(Definition(f"d_{name}", indices, expression))
        self.adjoint[name] = quantity(f"d_{name}", indices)

    def needs_no_name(self, name: str, expression: Expr) -> bool:
        # The adjoint of a length, -s / |x|, is added to 1 / |x|: apart, both may be infinite.
        return is_simple(expression) if name in self.lengths else is_trivial(expression)

    def term(self, name: str, indices: tuple[Index, ...], part: Contribution, number: int) -> Expr:
        """Return one contribution as an expression of named sums.

        A sum that is all of the adjoint has the name of the adjoint.
        """
        if not part.bound:
            condition = part.where != true
            return Piecewise((part.body, part.where), (S.Zero, True)) if condition else part.body
        whole = (
            number == 1
            and not Mul(*_invariant(part)).free_symbols
            and len(Add.make_args(part.body)) == 1
            and not is_selected_outside(part.body, part.bound)
            and set(indices) <= part.body.free_symbols | part.where.free_symbols
        )

        def add(body: Expr) -> Any:
            chosen = f"d_{name}" if whole else self.fresh(f"d_{name}_from_{part.origin}")
            used = body.free_symbols | part.where.free_symbols
            own = indices if whole else tuple(index for index in indices if index in used)
            self.added.append(Reduction(chosen, own, "sum", part.bound, body, part.where))
            return quantity(chosen, own)

        if whole:
            return add(part.body)
        return self.sums.over(part.bound, part.where, part.body, add)

    def fresh(self, name: str) -> str:
        number = sum(statement.name.startswith(name) for statement in self.added)
        return f"{name}_{number + 1}" if number else name


def _invariant(part: Contribution) -> list[Expr]:
    bound = set(part.bound)
    return [factor for factor in Mul.make_args(part.body) if not factor.free_symbols & bound]


def statement_body(statement: Definition | Reduction) -> tuple[Expr, tuple[Index, ...], Boolean]:
    """Return what a statement computes, its bound indices and its condition."""
    if isinstance(statement, Definition):
        return statement.expression, (), true
    return statement.body, statement.bound, statement.where


def fold_slope(statement: Reduction) -> Expr:
    """Return the derivative of a fold in one of its terms, ties of a max or min apart."""
    if statement.operation == "logsumexp":
        return share(statement.body, statement.symbol, *statement.bound)
    if statement.operation == "norm":
        norm = statement.symbol
        return Piecewise((statement.body / norm, norm > 0), (S.Zero, True))
    return S.One


def ties_of(statement: Reduction) -> tuple[Reduction, Any, Boolean]:
    """Return the statement that counts the tied elements of a max or min, its name, and the tie."""
    condition = Eq(statement.body, statement.symbol)
    where = And(statement.where, condition)
    extra = Reduction(
        f"{statement.name}_ties", statement.indices, "sum", statement.bound, S.One, where
    )
    return extra, extra.symbol, condition


def active_names(program: Program, wrt: tuple[str, ...]) -> Active:
    """Return `wrt` and the names of all statements that depend on it."""
    moving = {
        a.name
        for a in program.arguments
        if a.domain.differentiable and (not a.shared or a.domain.axes)
    }
    return Active(_dependent(program, set(wrt)), _dependent(program, moving | set(wrt)))


def _dependent(program: Program, names: set[str]) -> set[str]:
    for statement in program.statements:
        held = isinstance(getattr(statement, "expression", None), CONSTANT)
        if not held and names_in(statement) & names:
            names.add(statement.name)
    return names


def canonical_indices(program: Program) -> dict[str, tuple[Index, ...]]:
    """Return the indices under which each quantity and argument is written.

    A quantity has those of its statement; an argument those of its first use by distinct loop
    indices, so that the author's names stay, else the default index of each axis.
    """
    found = {
        statement.name: statement.indices
        for statement in program.statements
        if not isinstance(statement, Scatter)
    }
    elements = [
        element
        for statement in program.statements
        for expression in statement_expressions(statement)
        for element in sorted(expression.atoms(Element), key=str)
    ]
    for argument in program.arguments:
        axes = argument.domain.axes
        candidates = [element.indices for element in elements if element.name == argument.name]
        candidates.append(tuple(_default_index(axes, place) for place in range(len(axes))))
        found[argument.name] = next(
            indices
            for indices in candidates
            if all(isinstance(index, Index) for index in indices)
            and len(set(indices)) == len(indices)
        )
    return found


def statement_expressions(statement: Statement) -> tuple[Any, ...]:
    """Return the value and the condition of a statement."""
    if isinstance(statement, Definition):
        return (statement.expression,)
    return (statement.body, statement.where)


def _default_index(axes: tuple[str, ...], place: int) -> Index:
    repeats = axes[:place].count(axes[place])
    name = axes[place] if not repeats else f"{axes[place]}_{repeats + 1}"
    return Index(name, axes[place])


def solve(
    found: tuple[Index, ...], wanted: tuple[Index, ...]
) -> tuple[dict[Index, Index], list[Boolean]]:
    """Solve found = wanted for the indices in `found`; an index met twice leaves a condition."""
    solved: dict[Index, Index] = {}
    conditions: list[Boolean] = []
    for own, asked in zip(found, wanted, strict=True):
        if own in solved:
            conditions.append(Eq(solved[own], asked))
        else:
            solved[own] = asked
    return solved, conditions


def fresh_names(rest: tuple[Index, ...], wanted: tuple[Index, ...]) -> dict[Index, Index]:
    """Rename loop indices that would be captured by an index of the adjoint."""
    taken = {index.name for index in (*rest, *wanted)}
    renaming: dict[Index, Index] = {}
    for index in rest:
        if index in wanted:
            number = 2
            while f"{index.name}_{number}" in taken:
                number += 1
            renaming[index] = Index(f"{index.name}_{number}", index.axis)
            taken.add(renaming[index].name)
    return renaming


def is_trivial(expression: Expr) -> bool:
    """Whether an adjoint needs no name: a number, a name, or a selection that leaves a branch 0."""
    if isinstance(expression, Piecewise):
        values = [value for value, _ in expression.args]
        return S.Zero in values and all(is_trivial(value) for value in values)
    positive = -expression if expression.could_extract_minus_sign() else expression
    return bool(positive.is_Number) or isinstance(positive, Symbol | Element)


def is_simple(expression: Expr) -> bool:
    """Whether an expression is trivial, or quotients of such, or a selection of these and 0."""
    if isinstance(expression, Piecewise):
        return all(value == 0 or is_simple(value) for value, _ in expression.args)
    if isinstance(expression, Add):
        return all(map(is_simple, expression.args))
    return is_trivial(expression) or _is_quotient(expression)


def _is_quotient(value: Expr) -> bool:
    factors = [f.base if isinstance(f, Pow) and f.exp == -1 else f for f in Mul.make_args(value)]
    divided = any(isinstance(f, Pow) for f in Mul.make_args(value))
    return divided and all(is_trivial(factor) for factor in factors)
