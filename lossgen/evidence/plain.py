"""An entry as one plain expression: quantities put in, atoms spelled out, parameters chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Basic, Dummy, Expr, Rational, S, Symbol, log, simplify

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument, Entry
from lossgen.language.functions import DEFINITIONS, stop_gradient, xlog1py, xlogy
from lossgen.language.functions import product as times
from lossgen.language.symbols import Element

from .facts import Undecided


def _logarithm(definition: Any, logarithm: Any) -> Any:
    """Return x log(y) without the branch at x = 0, where y does not depend on x."""

    def spelled(x: Any, y: Any) -> Any:
        return definition(x, y) if x.free_symbols & y.free_symbols else x * logarithm(y)

    return spelled


# Between the ends of the domains no factor is infinite: 0 times it is 0 without a branch.
_INSIDE: dict[Any, Any] = {
    times: lambda x, y: x * y,
    xlogy: _logarithm(DEFINITIONS[xlogy], log),
    xlog1py: _logarithm(DEFINITIONS[xlog1py], lambda y: log(1 + y)),
}


@dataclass(frozen=True)
class Formula:
    """The value of an entry in its arguments, and what its parameters were replaced by.

    `moving` is the name of the argument that claims are about, `domains` has those of all.
    """

    expression: Expr
    moving: str
    domains: Mapping[str, Domain]
    symbols: Mapping[str, Any]
    shared: frozenset[str]
    printed: Mapping[Any, Any]

    def named(self, node: Basic) -> set[Any]:
        """Return the arguments in an expression: symbols, and elements of arrays."""
        elements = node.atoms(Element)
        arrays = {element.name for element in elements}
        symbols = node.atoms(Symbol) - node.atoms(Dummy)
        known = {s for s in symbols if s.name in self.domains and s.name not in arrays}
        return known | {element for element in elements if element.name in self.domains}

    def argument(self, name: str) -> Any:
        """Return the symbol, or the array, of an argument."""
        return self.symbols[name]

    def depends(self, node: Basic) -> bool:
        """Whether the moving argument occurs in an expression."""
        return bool(self.leaves(node))

    def leaves(self, node: Basic) -> set[Any]:
        """Return the elements of the moving argument in an expression."""
        return {leaf for leaf in self.named(node) if leaf.name == self.moving}

    def shown(self, bound: Any) -> str:
        """Return a bound in the names of the parameters; empty if it has no formula."""
        found = simplify(bound.xreplace(dict(self.printed)))
        return "" if found.atoms(Dummy) else str(found)


def plain(entry: Entry, every: bool) -> list[Formula]:
    """Return an entry as one expression: for the default parameters, or for every one there is.

    Each formula of the list is of other parameters: those that are 0, those between their ends.

    Raises:
        Undecided: for formulas that no proof here can treat.
    """
    if entry.prepare is not None:
        raise Undecided(f"{entry.name} computes arguments beforehand")
    domains = {argument.name: argument.domain for argument in entry.arguments}
    symbols = {argument.name: argument.symbol for argument in entry.arguments}
    shared = frozenset(argument.name for argument in entry.shared)
    parameters = [a for a in entry.shared if not a.domain.axes and not a.domain.integer]
    expression = _inlined(entry.value, entry)
    choices = [_numbers(argument, every) for argument in parameters]
    found = []
    for numbers in product(*choices):
        chosen = {a.symbol: number for a, (number, _) in zip(parameters, numbers, strict=True)}
        printed = {key: shown for _, names in numbers for key, shown in names.items()}
        spelled = _spelled(expression.xreplace(chosen))
        found.append(Formula(spelled, entry.wrt[0], domains, symbols, shared, printed))
    return found


def _numbers(argument: Argument, every: bool) -> list[tuple[Any, dict[Any, Any]]]:
    """Return what a parameter may be, each with what stands for its symbols in print."""
    domain, symbol = argument.domain, Symbol(argument.name)
    if argument.default is not None and not every:
        return [(Rational(repr(float(argument.default))), {})]
    names: dict[Any, Any] = {}
    low = [] if domain.open_low else [(S.Zero, names)]
    if domain.low == 0 and domain.high == 1:
        odds = Dummy("odds", positive=True)
        high = [] if domain.open_high else [(S.One, names)]
        return [*low, (odds / (1 + odds), {odds: symbol / (1 - symbol)}), *high]
    if domain.low == 0 and domain.high is None:
        inside = Dummy(argument.name, positive=True)
        return [*low, (inside, {inside: symbol})]
    if domain.low is None and domain.high is None:
        anything = Dummy(argument.name, real=True)
        return [(anything, {anything: symbol})]
    raise Undecided(f"parameters in {domain}")


def _inlined(expression: Any, entry: Entry) -> Any:
    """Return an expression with the author's quantities put in."""
    for definition in reversed(entry.definitions):
        if not definition.indices:
            expression = expression.xreplace({definition.symbol: definition.expression})
            continue
        array = definition.symbol.array
        uses = [part for part in expression.atoms(Element) if part.array == array]
        for use in uses:
            places = dict(zip(definition.indices, use.indices, strict=True))
            expression = expression.xreplace({use: definition.expression.xreplace(places)})
    return expression


def _spelled(expression: Any) -> Any:
    """Return an expression with the atoms of the language in plain mathematics."""
    if expression.has(stop_gradient):
        raise Undecided("a gradient is stopped")
    spellings = {**DEFINITIONS, **_INSIDE}
    for _ in range(4):  # a definition may use another atom
        kinds = tuple(kind for kind in DEFINITIONS if expression.has(kind))
        if not kinds:
            return expression
        expression = expression.replace(
            lambda node: type(node) in DEFINITIONS,
            lambda node: spellings[type(node)](*node.args),
        )
    raise Undecided("atoms are left")


def ends(domain: Domain) -> tuple[Any, Any]:
    """Return the ends of a domain."""
    low = S.NegativeInfinity if domain.low is None else Rational(domain.low)
    high = S.Infinity if domain.high is None else Rational(domain.high)
    return low, high
