"""Programs evaluated as they read: plain Python loops over indices, numbers of mpmath.

Nothing here is shared with the kernels. An array is a nested list; labels are ints. `Run.steps`
counts how many times the body of a statement was computed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import mpmath as mp
import sympy
from mpmath import mpf
from sympy.core.relational import Relational

from lossgen.language.entry import Definition
from lossgen.language.functions import DEFINITIONS, outer_product, square_scale
from lossgen.language.program import Program, Reduction, Scatter, Statement
from lossgen.language.symbols import Element, Index, Size

START = {"sum": mpf(0), "max": -mp.inf, "min": mp.inf}
RELATIONS: dict[type, Callable[[Any, Any], bool]] = {
    sympy.Eq: lambda a, b: a == b,
    sympy.Ne: lambda a, b: a != b,
    sympy.Lt: lambda a, b: a < b,
    sympy.Le: lambda a, b: a <= b,
    sympy.Gt: lambda a, b: a > b,
    sympy.Ge: lambda a, b: a >= b,
}
FUNCTIONS: dict[type, Callable[..., Any]] = {
    sympy.Abs: abs,
    sympy.Max: max,
    sympy.Min: min,
    sympy.sign: mp.sign,
    sympy.log: lambda x: mp.log(x) if x else -mp.inf,
    sympy.exp: mp.exp,
    sympy.sin: mp.sin,
    sympy.cos: mp.cos,
    sympy.tan: mp.tan,
    sympy.asin: mp.asin,
    sympy.acos: mp.acos,
    sympy.atan: mp.atan,
    sympy.atan2: mp.atan2,
    sympy.sinh: mp.sinh,
    sympy.cosh: mp.cosh,
    sympy.tanh: mp.tanh,
    sympy.erf: mp.erf,
    sympy.erfc: mp.erfc,
    sympy.loggamma: mp.loggamma,
    sympy.polygamma: lambda n, x: mp.polygamma(int(n), x),
    sympy.besseli: mp.besseli,
    outer_product: lambda x, y, s, z: x * y * s * z,
    square_scale: lambda total: mpf(1) / 4 if total > 1 else mpf(4),  # any power of two will do
}
Names = dict[str, dict[tuple[int, ...], Any]]


class Run:
    """One evaluation of a program at a point; `values` holds every quantity by name and place."""

    def __init__(self, program: Program, point: Mapping[str, Any]) -> None:
        self.program = program
        self.sizes = sizes(program, point)
        self.values: Names = {a.name: placed(point[a.name]) for a in program.arguments}
        self.steps = 0
        for statement in program.statements:
            self.execute(statement)

    def execute(self, statement: Statement) -> None:
        found = self.values.setdefault(statement.name, {})
        match statement:
            case Definition():
                for at in self.places(statement.indices):
                    found[tuple(at.values())] = self.number(statement.expression, at)
            case Scatter():
                for at in self.places(statement.bound):
                    if self.holds(statement.where, at):
                        place = tuple(int(self.number(index, at)) for index in statement.target)
                        before = mpf(0) if statement.replaces else found.get(place, mpf(0))
                        found[place] = before + self.number(statement.body, at)
            case Reduction():
                for at in self.places(statement.indices):
                    found[tuple(at.values())] = self.folded(statement, at)

    def folded(self, fold: Reduction, at: dict[Index, int]) -> Any:
        parts = [
            self.number(fold.body, {**at, **inner})
            for inner in self.places(fold.bound)
            if self.holds(fold.where, {**at, **inner})
        ]
        return combine(fold.operation, parts)

    def places(self, indices: tuple[Index, ...]) -> list[dict[Index, int]]:
        ranges = [range(self.sizes[index.axis]) for index in indices]
        return [dict(zip(indices, place, strict=True)) for place in itertools.product(*ranges)]

    def holds(self, condition: Any, at: Mapping[Index, int]) -> bool:
        return bool(self.number(condition, at))

    def number(self, expression: Any, at: Mapping[Index, int]) -> Any:
        self.steps += 1
        return number(expression, at, self.look_up, self.sizes)

    def look_up(self, name: str, place: tuple[int, ...]) -> Any:
        return self.values[name][place]

    def output(self, name: str) -> dict[tuple[int, ...], Any]:
        """Return an output by place; a scalar stands at the empty place."""
        return self.values[name]


def power(base: Any, exponent: Any) -> Any:
    """Return base**exponent as the floating point of a kernel does: 1/0 is infinite."""
    return mp.power(base, exponent) if base or exponent >= 0 else mp.inf


def combine(operation: str, parts: list[Any]) -> Any:
    """Fold a list of numbers."""
    match operation:
        case "sum":
            return mp.fsum(parts)
        case "max":
            return max(parts, default=-mp.inf)
        case "min":
            return min(parts, default=mp.inf)
        case "norm":
            return mp.sqrt(mp.fsum(part**2 for part in parts))
        case "logsumexp":
            return mp.log(mp.fsum(mp.exp(part) for part in parts)) if parts else -mp.inf
    raise AssertionError(operation)


def number(
    node: Any,
    at: Mapping[Index, int],
    look_up: Callable[[str, tuple[int, ...]], Any],
    sizes: Mapping[str, int],
) -> Any:
    """Return the value of an expression or condition; only the branch taken is evaluated."""

    def of(part: Any) -> Any:
        return number(part, at, look_up, sizes)

    match node:
        case Index():
            return at[node]
        case Size():
            return sizes[node.name]
        case Element():
            return look_up(node.name, tuple(int(of(index)) for index in node.indices))
        case sympy.Symbol():
            return look_up(node.name, ())
        case sympy.Piecewise():
            return next(of(value) for value, condition in node.args if of(condition))
        case Relational():
            return RELATIONS[type(node)](of(node.lhs), of(node.rhs))
        case sympy.And():
            return all(of(part) for part in node.args)
        case sympy.Or():
            return any(of(part) for part in node.args)
        case sympy.Not():
            return not of(node.args[0])
        case sympy.Add():
            return mp.fsum(of(part) for part in node.args)
        case sympy.Mul():
            return mp.fprod(of(part) for part in node.args)
        case sympy.Pow():
            return power(of(node.base), of(node.exp))
        case _ if node in (sympy.true, sympy.false):
            return bool(node)
        case _ if node.is_number and not node.args:
            return node._to_mpmath(mp.mp.prec)
        case _ if type(node) in FUNCTIONS:
            return FUNCTIONS[type(node)](*(of(part) for part in node.args))
        case _:
            return of(DEFINITIONS[type(node)](*node.args))


def placed(array: Any) -> dict[tuple[int, ...], Any]:
    """Return the elements of a nested list by place."""
    if not isinstance(array, list):
        return {(): array}
    return {
        (first, *rest): value
        for first, row in enumerate(array)
        for rest, value in placed(row).items()
    }


def sizes(program: Program, point: Mapping[str, Any]) -> dict[str, int]:
    """Return the extent of each axis."""
    found: dict[str, int] = {}
    for argument in program.arguments:
        array = point[argument.name]
        for axis in argument.domain.axes:
            found[axis] = len(array)
            array = array[0] if array else []
    return found
