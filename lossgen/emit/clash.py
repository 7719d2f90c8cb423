"""Names of a loss that kernels need for themselves: `scale` becomes `scale_` inside the kernel.

Only the text of a kernel is changed. Arguments are passed by position, so that nobody else notices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Symbol

from lossgen.language.combine import substituted
from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Scatter, Statement, expressions
from lossgen.language.symbols import Array, Element, Index, Label, Size
from lossgen.language.trace import undistributed
from lossgen.plan.tree import loops_of

from .functions import NAMES

# What row and batch functions of every target call their own.
_OWN = """
real scale weight totals value vector losses work block first last row i w count start value_row
gradient gradient_row value_and_gradient value_and_gradient_row derivatives derivatives_row
hessian_vector_product hessian_vector_product_row numba numpy math cuda kernel device BLOCK ROOM
ROWS INTERFACE sqrt power square cube exp_sum exp_product exp_difference positive_part maximum
minimum maximum_of minimum_of block_sum clear row_of part_of weight_at weighted log_sigmoid log1mexp
range min max float int bool
lane lanes shared group groups threads j EACH LANES SCRATCH wait group_sum group_max group_min
clear_number clear_vector clear_matrix counted
pair two_sum two_product two_quotient pair_plus pair_sum pair_times pair_product pair_square
pair_quotient pair_negative pair_absolute product_as_pair log_as_pair sigmoid_as_pair
softplus_as_pair exp_of exp_times square_times expm1_of log_of sigmoid_of softplus_of sech2_of
cosh_of sinh_of power_of sigmoid_power_of log_ndtr_of normal_hazard_of erfc_of expm1mx_of
"""
TAKEN = frozenset(_OWN.split()) | NAMES
# Names of batch functions alone, in which no index of a loss occurs.
_OF_BATCHES = frozenset(
    {"i", "j", "w", "row", "first", "last", "block", "losses", "weight", "totals", "value"}
)


def spelled(program: Program) -> Program:
    """Return the program with an underscore after each name that kernels take for themselves."""
    names = {a.name for a in program.arguments} | {s.name for s in program.statements}
    indices = {index.name for s in program.statements for index in loops_of(s)}
    names |= indices - _OF_BATCHES
    changed = {name: f"{name}_" for name in sorted((names & TAKEN) - {"vector"})}
    if not changed:
        return program
    with undistributed():
        statements = tuple(_renamed(statement, changed) for statement in program.statements)
    arguments = tuple(replace(a, name=changed.get(a.name, a.name)) for a in program.arguments)
    return replace(program, arguments=arguments, statements=statements)


def _renamed(statement: Statement, changed: dict[str, str]) -> Statement:
    def written(expression: Any) -> Any:
        return substituted(expression, {s: _called(s, changed[s.name]) for s in found})

    def each(indices: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(written(index) for index in indices)

    found = {s for part in expressions(statement) for s in _symbols(part) if s.name in changed}
    found |= {index for index in loops_of(statement) if index.name in changed}
    statement = replace(statement, name=changed.get(statement.name, statement.name))
    match statement:
        case Definition():
            indices = each(statement.indices)
            return replace(statement, indices=indices, expression=written(statement.expression))
        case Reduction():
            indices, bound = each(statement.indices), each(statement.bound)
            body, where = written(statement.body), written(statement.where)
            when = written(statement.when)
            return replace(
                statement, indices=indices, bound=bound, body=body, where=where, when=when
            )
        case Scatter():
            target, bound = each(statement.target), each(statement.bound)
            body, where = written(statement.body), written(statement.where)
            return replace(statement, target=target, bound=bound, body=body, where=where)


def _symbols(expression: Any) -> set[Any]:
    arrays = {element.array for element in expression.atoms(Element)}
    return {s for s in expression.free_symbols | arrays if not isinstance(s, Size)}


def _called(symbol: Any, name: str) -> Any:
    """Return the same symbol under another name."""
    if isinstance(symbol, Index):
        return Index(name, symbol.axis)
    if isinstance(symbol, Array | Label):
        return type(symbol)(name, symbol.tag, **symbol._assumptions_orig)
    return Symbol(name, **symbol._assumptions_orig)
