"""The check of the documentation: what formulas read from a page say, and the kernels do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from operator import attrgetter
from typing import Any

import mpmath as mp
import numpy as np
from sympy import Basic, preorder_traversal

from .equations import Equation, definitions, read_all
from .errors import FormulaError
from .evaluate import Number, Values, evaluate, settled
from .notation import Notation
from .scope import Scope, arguments_of, latex_scope

# A kernel errs by some units in the last place of its largest term, 1e-16 each; a wrong formula by
# far more at one of the points at least.
TOLERANCE = 1e-9
# Below this float64 has fewer digits, and a kernel may answer 0.
_TINY = 1e-290

# What is compared besides the derivatives, which go by the names of arguments.
SECOND = "second derivative"
SAID = {"": "the value", SECOND: "the second derivative"}

Point = Mapping[str, Any]

# The left side of a second derivative: the loss twice, one argument squared.
_SECOND = re.compile(
    r"\\frac\{\\partial\^\{2\} (?P<loss>.+?)\}\{\\partial (?P<below>.+)\^\{2\}\} = "
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a page: the formula, and a sentence."""

    formula: str
    message: str

    def __str__(self) -> str:
        return f"{self.message}: {self.formula}" if self.formula else self.message


@dataclass(frozen=True)
class Page:
    """What was read from a page: the equations, and the names that they are written in.

    `second` is the equation of the second derivative (of an array: the diagonal of the Hessian).
    """

    scope: Scope
    equations: tuple[Equation, ...]
    second: Equation | None = None

    @property
    def all(self) -> tuple[Equation, ...]:
        """Return every equation."""
        return self.equations if self.second is None else (*self.equations, self.second)

    def value(self) -> Equation | None:
        """Return the equation of the loss."""
        return next((equation for equation in self.equations if not equation.label), None)

    def gradient(self, argument: str) -> Equation | None:
        """Return the equation of the derivative for an argument."""
        for equation in self.equations:
            symbol = self.scope.names.get(equation.label)
            if equation.slope and symbol is not None and symbol.name == argument:
                return equation
        return None


def check_page(text: str, loss: Any, points: Iterable[Point]) -> list[Problem]:
    """Return what is wrong with the page of a loss, an empty list if nothing is.

    `points` are rows: the arguments by name, without a leading dimension, parameters and prepared
    arguments included or not. `loss.value_and_gradient` computes what they are compared with.
    """
    try:
        page = read_page(text, loss.interface)
    except FormulaError as error:
        return [Problem(error.text, f"{loss.interface['name']}: {error}")]
    problems = [*_missing(page, loss.interface), *_loose(page)]
    if not problems:
        problems += _compared(page, loss, list(points))
    return problems


def read_page(text: str, interface: Mapping[str, Any]) -> Page:
    """Read the tables of names and the display formulas of a page.

    Raises:
        FormulaError: with the place, when one of them cannot be read.
    """
    names = {row[0]: row[1] for row in _table(text, "argument")}
    axes = {row[0]: tuple(row[1].split(", ")) for row in _table(text, "axis")}
    extents = {row[0]: row[2] for row in _table(text, "axis")}
    letter = re.search(r"^The loss \$(.+?)\$", text, re.MULTILINE)
    scope = latex_scope(interface, Notation(names, axes, extents, letter[1] if letter else "L"))
    texts = displays(text)
    first = [equation for equation in texts if not _SECOND.match(equation)]
    seconds = [equation for equation in texts if _SECOND.match(equation)]
    return Page(scope, read_all(first, scope), _second(seconds, first, scope))


def _second(seconds: list[str], others: list[str], scope: Scope) -> Equation | None:
    """Return the equation of a second derivative, which may use the quantities of the others."""
    if not seconds:
        return None
    # As an equation it reads like that of the first derivative, whose place it takes.
    one = r"\\frac{\\partial \g<loss>}{\\partial \g<below>} = "
    asked = _SECOND.sub(one, seconds[0], count=1)
    left = asked.split(" = ")[0]
    rest = [equation for equation in others if not equation.startswith(f"{left} = ")]
    return replace(read_all([asked, *rest], scope)[0], text=seconds[0])


def displays(text: str) -> list[str]:
    """Return the display formulas of a page, in order."""
    return [
        found.strip()
        for found in re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.MULTILINE | re.DOTALL)
    ]


def _table(text: str, first: str) -> list[list[str]]:
    """Return the cells of the table whose first column is headed `first`, without quotes."""
    found = re.search(rf"^\| {first} \|.*\n\|[ |-]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = found[1].splitlines() if found else []
    return [
        [cell.strip().strip("`").replace("$", "") for cell in row.split("|")[1:-1]] for row in rows
    ]


def _missing(page: Page, interface: Mapping[str, Any]) -> list[Problem]:
    problems = (
        [] if page.value() else [Problem("", f"{interface['name']}: the page has no formula")]
    )
    return problems + [
        Problem("", f"{interface['name']}: the page has no derivative with respect to {argument}")
        for argument in interface["gradients"]
        if page.gradient(argument) is None
    ]


def _loose(page: Page) -> list[Problem]:
    """Return the definitions that no number vouches for: unused, and not part of a formula."""
    used = {symbol for equation in page.all for symbol in equation.expression.free_symbols}
    parts: dict[str, set[Basic]] = {
        equation.text: set(preorder_traversal(equation.expression)) for equation in page.all
    }
    problems = []
    for equation in page.equations:
        symbol = getattr(equation.symbol, "array", equation.symbol)
        argument = page.scope.names.get(equation.label)
        elsewhere = any(
            equation.expression in found for text, found in parts.items() if text != equation.text
        )
        if equation.label and argument is None and symbol not in used and not elsewhere:
            problems.append(
                Problem(equation.text, "nothing on the page uses or confirms this formula")
            )
    return problems


def _compared(page: Page, loss: Any, points: list[Point]) -> list[Problem]:
    name, wanted = loss.interface["name"], tuple(loss.interface["gradients"])
    asked = {
        argument: page.gradient(argument) if argument else page.value()
        for argument in ("", *wanted)
    }
    asked[SECOND] = page.second
    equations = {argument: equation for argument, equation in asked.items() if equation is not None}
    problems: dict[str, Problem] = {}
    compared = dict.fromkeys(equations, 0)
    for point in points:
        row = prepared(loss.interface, point)
        given = {key: point[key] for key in point if key not in loss.interface["prepared"]}
        value, slopes = loss.value_and_gradient(**given, wrt=wanted, reduction="sum")
        kernels = dict(zip(("", *wanted), (value, *slopes), strict=True))
        if page.second is not None:
            kernels[SECOND] = loss.hessian_diagonal(**given, reduction="sum")
        pending = {key: found for key, found in equations.items() if key not in problems}
        tables = numbers_at(list(pending.values()), page.equations, row, loss.interface)
        for argument, numbers in zip(pending, tables, strict=True):
            compared[argument] += sum(mp.isfinite(number.value) for number in numbers)
            bad = first_difference(numbers, np.ravel(kernels[argument]))
            if bad is not None:
                what = SAID.get(argument, f"the derivative with respect to {argument}")
                there = f"{bad[0]} on the page and {bad[1]} in the kernel, at {shown(point)}"
                message = f"{name}: {what} is {there}"
                problems[argument] = Problem(equations[argument].text, message)
    for argument, count in compared.items():
        if not count and argument not in problems:
            problems[argument] = Problem(
                "", f"{name}: {SAID.get(argument, argument)} was compared at no point"
            )
    return list(problems.values())


def prepared(interface: Mapping[str, Any], point: Point) -> Point:
    """Return a point with its prepared arguments and the defaults of its parameters."""
    row = {
        argument.name: argument.default
        for argument in arguments_of(interface)
        if argument.default is not None
    }
    row.update(point)
    if interface["prepared"] and interface["prepared"][0] not in row:
        public = [name for name in interface["arguments"] if name not in interface["prepared"]]
        module, _, function = interface["prepare"].partition(":")
        prepare = attrgetter(function)(import_module(module))
        row.update(prepare(**{name: row[name] for name in public}))
    return row


def numbers_at(
    asked: list[Equation], equations: Iterable[Equation], row: Point, interface: Mapping[str, Any]
) -> list[list[Number]]:
    """Return the numbers of equations at one row, each for all places of its indices in order."""
    extents = extents_at(interface, row)
    known = definitions(equations)
    places = [
        [
            dict(zip(equation.indices, place, strict=True))
            for place in product(*(range(extents[index.axis]) for index in equation.indices))
        ]
        for equation in asked
    ]

    def make() -> list[Number]:
        values = Values(row, extents, known)
        return [
            evaluate(equation.expression, values, at)
            for equation, each in zip(asked, places, strict=True)
            for at in each
        ]

    numbers = iter(settled(make))
    return [[next(numbers) for _ in each] for each in places]


def extents_at(interface: Mapping[str, Any], row: Point) -> dict[str, int]:
    """Return how many places each axis has at one row."""
    found: dict[str, int] = {}
    for argument in arguments_of(interface):
        found.update(zip(argument.domain.axes, np.shape(row[argument.name]), strict=True))
    return found


def first_difference(numbers: list[Number], kernel: Any) -> tuple[str, str] | None:
    """Return the first two numbers that differ, formula and kernel."""
    for number, found in zip(numbers, kernel, strict=True):
        if not agrees(number, float(found)):
            return mp.nstr(number.value, 8), f"{float(found):.8g}"
    return None


def agrees(number: Number, found: float) -> bool:
    """Whether a float64 result is the number, up to the rounding of its largest term.

    Where a kernel has no number at all (the end of a domain, out of reach of any convention) the
    page may have one; where it is infinite, the page says something infinite or undefined.
    """
    if np.isnan(found) or not mp.isfinite(number.value) or np.isinf(found):
        return bool(np.isnan(found)) or not (mp.isfinite(number.value) or np.isfinite(found))
    difference = abs(number.value - mp.mpf(found))
    return not difference or bool(difference <= TOLERANCE * number.size + _TINY)


def shown(point: Point) -> str:
    """Return a point as one would type it."""
    texts = []
    for name, value in point.items():
        array = np.asarray(value)
        texts.append(f"{name}={np.array2string(array, precision=6, separator=', ', threshold=12)}")
    return ", ".join(texts)
