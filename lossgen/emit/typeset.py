r"""Scalar expressions as LaTeX, in an order of our own: that of the signature.

Positive terms come first, numbers before names, folds last in a product, so that what a sum
extends over needs no brackets. SymPy's printers decide nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    E,
    Float,
    Integer,
    Max,
    Min,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    oo,
    pi,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from lossgen.formulas.notation import Notation, typeset
from lossgen.language import functions as f
from lossgen.language.folds import Fold, MeanOver
from lossgen.language.symbols import Element, Index, Size

from .shapes import factors, inverted, is_indicator, joined, taken_in, terms
from .spelling import (
    ATOM,
    BLOCK,
    COMMANDS,
    FOLDS,
    POWER,
    PRODUCT,
    RELATIONS,
    SUM,
    TAIL,
    Printed,
    brackets,
    number,
    run_together,
    spell,
)  # fmt: skip


class Typesetter:
    """Prints expressions in one notation.

    `rank` is the place of each name in the signature and the definitions; `parameters`, the shared
    ones, come first in a product; `inline` holds names that are printed as what they stand for: a
    function from the symbol or element to an expression.
    """

    def __init__(
        self,
        notation: Notation,
        rank: Mapping[str, int],
        parameters: frozenset[str] = frozenset(),
        inline: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        self.notation = notation
        self.rank = rank
        self.parameters = parameters
        self.inline = inline or {}

    def __call__(self, expression: Any, level: int = SUM) -> str:
        """Return the LaTeX of an expression, in brackets where its surroundings bind tighter."""
        node = self.spelled(expression)
        text, own = self.show(node)
        if own < level and own == TAIL and not isinstance(node, Fold | Mul):
            text, own = self.call(node)
        return text if own >= level else brackets(text)

    def spelled(self, expression: Any) -> Any:
        """Return an expression without inlined names and atoms that print has no sign for."""
        if isinstance(expression, Symbol | Element) and not isinstance(expression, Index | Size):
            known = self.inline.get(expression.name)
            return expression if known is None else self.spelled(known(expression))
        spelled = spell(expression)
        if spelled is not expression:
            return self.spelled(spelled)
        return joined(spelled, self.spelled) if isinstance(spelled, Piecewise) else spelled

    def show(self, node: Any) -> Printed:
        """Return the LaTeX of a spelled node and how tightly it binds."""
        match node:
            case Symbol() | Element():
                text = self.name(node)
                return text, POWER if "^" in text or text.startswith(r"\frac") else ATOM
            case Add():
                return self.sum(node), SUM
            case Integer() | Float() if node.is_finite and node >= 0:
                return number(node)
            case Mul() | Rational() | Float():
                return self.product(node)
            case Pow():
                return self.product(node) if inverted(node) else self.power(node.base, node.exp)
            case exp():
                return self.exponential(node.args[0])
            case Fold():
                return (
                    self.product(node)
                    if factors(node, self.spelled)[0]
                    else (self.fold(node), TAIL)
                )
            case Piecewise():
                return self.cases(node)
            case Abs():
                return rf"\left|{self(node.args[0])}\right|", ATOM
            case BooleanAtom() | And() | Or() | Not() | Relational():
                return self.condition(node), SUM
        return self.function(node)

    def name(self, node: Any) -> str:
        """Return a symbol, an index, an extent or an element of an array."""
        if isinstance(node, Element):
            return self.notation.element(node.name, (self.name(index) for index in node.indices))
        if isinstance(node, Size):
            return self.notation.extents.get(node.name) or typeset(node.name)
        return typeset(node.name) if isinstance(node, Index) else self.notation.element(node.name)

    def sum(self, node: Add) -> str:
        """Return the terms of a sum, positive ones first."""
        printed = []
        for term in terms(node, self.spelled):
            negative, above, below = factors(term, self.spelled)
            text, level = self.fraction(above, below)
            printed.append((negative, self.order(term), text if level >= TAIL else brackets(text)))
        printed.sort()
        text = "".join(f" {'-' if negative else '+'} {term}" for negative, _, term in printed)
        return text[3:] if text.startswith(" +") else f"-{text[3:]}"

    def product(self, node: Any) -> Printed:
        """Return a product: its sign, a fraction, and what follows the fraction."""
        if isinstance(node, Mul) and (selection := taken_in(node, self.spelled)) is not None:
            return self.show(self.spelled(selection))
        negative, above, below = factors(node, self.spelled)
        text, level = self.fraction(above, below)
        if not negative:
            return text, level
        return f"-{text if level >= TAIL else brackets(text)}", SUM

    def fraction(self, above: list[Any], below: list[Any]) -> Printed:
        """Return factors as a fraction; what is tall or long stays behind the line."""
        above = sorted(above, key=self.place)
        behind = [part for part in above if below and self.is_tall(part)]
        above = [part for part in above if part not in behind]
        if not below:
            return self.row(above)
        under = self.row(sorted(below, key=self.place))[0]
        text = rf"\frac{{{self.row(above)[0]}}}{{{under}}}"
        if not behind:
            return text, PRODUCT
        rest, level = self.row(behind)
        return f"{text} {rest if level >= TAIL else brackets(rest)}", min(level, PRODUCT)

    def is_tall(self, factor: Any) -> bool:
        """Whether a factor is too high for the upper half of a fraction."""
        if isinstance(factor, Symbol | Element):
            return factor.name in self.notation.adjoints
        return isinstance(factor, Fold | Piecewise)

    def row(self, factors: list[Any]) -> Printed:
        """Return factors side by side, with a dot where letters or digits would run together."""
        if len(factors) < 2:
            return self.show(factors[0]) if factors else ("1", ATOM)
        texts = [self(part, POWER) for part in factors[:-1]]
        texts.append(self(factors[-1], TAIL))
        text = texts[0]
        for left, right in pairwise(texts):
            text += (r" \cdot " if run_together(left, right) else " ") + right
        return text, min(PRODUCT, max(TAIL, self.show(factors[-1])[1]))

    def power(self, base: Any, exponent: Any) -> Printed:
        """Return a power or a root."""
        if exponent == S.Half:
            return rf"\sqrt{{{self(base)}}}", ATOM
        text = self(base, ATOM)
        return f"{text}^{{{self(exponent)}}}", POWER

    def exponential(self, argument: Any) -> Printed:
        """Return e to a power, written as a function where the power is tall or e is a name."""
        text = self(argument)
        if self.notation.knows("e") or re.search(r"\\(frac|sum|begin|sqrt|operatorname)", text):
            return rf"\exp{brackets(text)}", POWER
        return f"e^{{{text}}}", POWER

    def fold(self, node: Fold) -> str:
        """Return a fold; its body extends to the end of the term."""
        over = ",".join(self.name(index) for index in node.bound)
        sign = FOLDS[type(node)]
        if node.where != S.true:
            over += rf" : {self.condition(node.where)}"
        elif isinstance(node, MeanOver):
            sizes = " ".join(self.name(index.size) for index in node.bound)
            sign = rf"\frac{{1}}{{{sizes}}} \sum"
        return f"{sign}_{{{over}}} {self(node.body, TAIL)}"

    def cases(self, node: Piecewise) -> Printed:
        """Return branches; a single branch chosen by indices alone is a factor 1[...]."""
        if is_indicator(node):
            if node.args[0][0] != 1:
                return self.product(node)
            return rf"\mathbb{{1}}\left[{self.condition(node.args[0][1])}\right]", POWER
        lines = r" \\ ".join(f"{self(value)} & {self.guard(where)}" for value, where in node.args)
        return rf"\begin{{cases}} {lines} \end{{cases}}", BLOCK

    def guard(self, where: Any) -> str:
        """Return what stands beside the value of a branch."""
        if where == S.true:
            return r"\text{otherwise}"
        return rf"\text{{if }} {self.condition(where)}"

    def condition(self, node: Any, inner: bool = False) -> str:
        """Return a condition; a compound one inside another is bracketed."""
        match node:
            case BooleanAtom():
                return "1 = 1" if node == S.true else "1 = 0"
            case Relational():
                left, right = (
                    self.order(side) or (len(self.rank) + 1,) for side in (node.lhs, node.rhs)
                )
                node = node.reversed if left > right else node
                return f"{self(node.lhs)} {RELATIONS[node.rel_op]} {self(node.rhs)}"
            case Not():
                return rf"\lnot {brackets(self.condition(node.args[0]))}"
        joint = r" \land " if isinstance(node, And) else r" \lor "
        parts = sorted(node.args, key=lambda part: (self.order(part), self.condition(part)))
        text = joint.join(self.condition(part, True) for part in parts)
        return brackets(text) if inner else text

    def function(self, node: Any) -> Printed:
        """Return a constant, or a function of its arguments."""
        constants = {pi: r"\pi", E: "e", oo: r"\infty", -oo: r"-\infty"}
        if node in constants:
            return constants[node], SUM if node == -oo else ATOM
        argument = self.spelled(node.args[0])
        bare = isinstance(argument, Symbol | Element) and self.show(argument)[1] == ATOM
        command = COMMANDS.get(type(node).__name__, "")
        if bare and len(node.args) == 1 and command and "{" not in command:
            return f"{command} {self(argument)}", TAIL
        return self.call(node)

    def call(self, node: Any) -> Printed:
        """Return a function with its arguments in brackets."""
        name, inner = type(node).__name__, node.args
        if isinstance(node, Max | Min):
            inner = sorted(
                inner, key=lambda part: (not part.is_number, self.order(part), self(part))
            )
        text = brackets(", ".join(self(part) for part in inner))
        if isinstance(node, f.sigmoid) and not self.notation.knows(r"\sigma"):
            return rf"\sigma{text}", POWER
        escaped = name.replace("_", r"\_")
        command = COMMANDS.get(name) or rf"\operatorname{{{escaped}}}"
        return f"{command}{text}", POWER

    def place(self, factor: Any) -> tuple[int, tuple[int, ...], str]:
        """Return where a factor stands in a product."""
        base = factor.base if isinstance(factor, Pow) and not factor.is_number else factor
        match base:
            case _ if base.is_number:
                kind = 0
            case Piecewise():
                kind = 1 if is_indicator(base) else 7
            case Size():
                kind = 2
            case Symbol() | Element():
                kind = 2 if base.name in self.parameters else 3
            case Add():
                kind = 5
            case Fold():
                kind = 8
            case _:
                kind = 4 if isinstance(base, exp | Abs) else 6
        return (kind, self.order(factor), self(factor))

    def order(self, node: Any) -> tuple[int, ...]:
        """Return the ranks of the names in a node, in increasing order."""
        names = {symbol.name for symbol in node.free_symbols if not isinstance(symbol, Index)}
        return tuple(sorted(self.rank.get(name, len(self.rank)) for name in names))
