r"""Scalar expressions as LaTeX, in an order of our own: what appears first in the signature is first.

Positive terms come first, numbers before names, folds last in a product, so that what a sum
extends over needs no brackets. SymPy's printers decide nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
from lossgen.language.folds import Fold, MeanOver, SumOver
from lossgen.language.symbols import Element, Index, Label, Size

from .spelling import COMMANDS, FOLDS, RELATIONS, spell

# How tightly a piece of LaTeX binds. A block is a set of cases, a tail extends to the end of its
# term (a fold, "log x").
BLOCK, SUM, TAIL, PRODUCT, POWER, ATOM = range(-1, 5)

Printed = tuple[str, int]


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
        """Return an expression without inlined names, and without atoms that print has no sign for."""
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
                return self.product(node) if self.factors(node)[0] else (self.fold(node), TAIL)
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
        for term in self.terms(node):
            negative, above, below = self.factors(term)
            text, level = self.fraction(above, below)
            printed.append((negative, self.order(term), text if level >= TAIL else brackets(text)))
        printed.sort()
        text = "".join(f" {'-' if negative else '+'} {term}" for negative, _, term in printed)
        return text[3:] if text.startswith(" +") else f"-{text[3:]}"

    def terms(self, node: Any) -> list[Any]:
        """Return the terms of a sum, those of sums inside it included."""
        spelled = self.spelled(node)
        if isinstance(spelled, Mul) and flattened(spelled, self.spelled)[:-1] != [S.NegativeOne]:
            selection = taken_in(spelled, self.spelled)
            return [spelled if selection is None else self.spelled(selection)]
        if not isinstance(spelled, Add):
            return [spelled]
        return [term for part in spelled.args for term in self.terms(part)]

    def product(self, node: Any) -> Printed:
        """Return a product: its sign, a fraction, and what follows the fraction."""
        if isinstance(node, Mul) and (selection := taken_in(node, self.spelled)) is not None:
            return self.show(self.spelled(selection))
        negative, above, below = self.factors(node)
        text, level = self.fraction(above, below)
        if not negative:
            return text, level
        return f"-{text if level >= TAIL else brackets(text)}", SUM

    def factors(self, node: Any) -> tuple[bool, list[Any], list[Any]]:
        """Return the sign of a product, and its factors above and below the line."""
        negative, above, below = False, [], []
        number = S.One
        pending = [node]
        while pending:
            part = self.spelled(pending.pop(0))
            if isinstance(part, Mul):
                pending = [*part.args, *pending]
            elif isinstance(part, Rational) and part.is_finite:
                negative ^= bool(part < 0)
                number *= abs(part)
            elif isinstance(part, Float):
                negative ^= bool(part < 0)
                above.append(abs(part))
            elif inverted_whole(part) and isinstance(base := self.spelled(part.base), Mul):
                inner = (Pow(factor, part.exp, evaluate=False) for factor in base.args)
                pending = [*inner, *pending]
            elif inverted_whole(part) and part.base.is_Rational and part.base != 0:
                pending.insert(0, part.base**part.exp)
            elif is_indicator(part) and part.args[0][0] != 1:
                (value, where), other = part.args
                above.append(Piecewise((S.One, where), other, evaluate=False))
                pending.insert(0, value)
            elif inverted(part):
                base = self.spelled(part.base)
                below.append(base if part.exp == -1 else Pow(base, -part.exp, evaluate=False))
            elif isinstance(part, SumOver | MeanOver) and (body := without_sign(part.body)) is not None:
                negative = not negative
                above.append(type(part)(*part.bound, body, where=part.where))
            else:
                above.append(part)
        above += [S(number.p)] if number.p != 1 else []
        below += [S(number.q)] if number.q != 1 else []
        return negative, above, below

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
        for left, right in zip(texts, texts[1:], strict=False):
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
                left, right = (self.order(side) or (len(self.rank) + 1,) for side in (node.lhs, node.rhs))
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
            inner = sorted(inner, key=lambda part: (not part.is_number, self.order(part), self(part)))
        text = brackets(", ".join(self(part) for part in inner))
        if isinstance(node, f.sigmoid) and not self.notation.knows(r"\sigma"):
            return rf"\sigma{text}", POWER
        command = COMMANDS.get(name) or rf"\operatorname{{{name}}}"
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


def number(node: Any) -> Printed:
    """Return a number that is not negative, by the fewest digits that give it back."""
    if isinstance(node, Integer):
        return str(node), ATOM
    digits, _, power = repr(float(node)).partition("e")
    if not power:
        return digits, ATOM
    tail = f"10^{{{int(power)}}}"
    return (tail, POWER) if digits == "1" else (rf"{digits} \cdot {tail}", PRODUCT)


def brackets(text: str) -> str:
    """Return text in brackets that grow with it."""
    return rf"\left({text}\right)"


def inverted(node: Any) -> bool:
    """Whether a power belongs below the line."""
    return isinstance(node, Pow) and node.exp.is_number and bool(node.exp.is_negative)


def inverted_whole(node: Any) -> bool:
    """Whether a power below the line may be taken apart factor by factor."""
    return inverted(node) and bool(node.exp.is_Integer)


def is_selection(node: Any) -> bool:
    """Whether a Piecewise has one branch, and is 0 otherwise."""
    return isinstance(node, Piecewise) and len(node.args) == 2 and node.args[1][0] == 0


def is_indicator(node: Any) -> bool:
    """Whether a selection is decided by indices and labels alone."""
    return is_selection(node) and all(
        isinstance(symbol, Index | Label | Size) or bool(symbol.is_integer)
        for symbol in node.args[0][1].free_symbols
    )


def joined(node: Any, spelled: Callable[[Any], Any]) -> Any:
    """Return a selection that is 0 otherwise with the selections inside it taken in."""
    if is_selection(node) and is_selection(inner := spelled(node.args[0][0])):
        where = And(node.args[0][1], inner.args[0][1], evaluate=False)
        return joined(Piecewise((inner.args[0][0], where), node.args[1], evaluate=False), spelled)
    return node


def taken_in(node: Any, spelled: Callable[[Any], Any]) -> Any:
    """Return a product with a selection that is 0 otherwise as a selection; None if it has none."""
    factors = flattened(node, spelled)
    for place, factor in enumerate(factors):
        if is_selection(factor) and not is_indicator(factor):
            (value, where), other = factor.args
            rest = [*factors[:place], value, *factors[place + 1 :]]
            return Piecewise((Mul(*rest, evaluate=False), where), other, evaluate=False)
    return None


def flattened(node: Any, spelled: Callable[[Any], Any]) -> list[Any]:
    """Return the factors of a product, those of products inside it included."""
    inner = spelled(node)
    if not isinstance(inner, Mul):
        return [inner]
    return [factor for part in inner.args for factor in flattened(part, spelled)]


def without_sign(body: Any) -> Any:
    """Return the body of a sum without its negative sign, None if it has none."""
    if not isinstance(body, Mul) or not (body.args[0].is_Number and body.args[0].is_negative):
        return None
    number, *rest = body.args
    return Mul(*([] if number == -1 else [-number]), *rest, evaluate=False)


def run_together(left: str, right: str) -> bool:
    """Whether two factors side by side could be taken for one word, one number or a call."""
    if right[0].isdigit():
        return True
    operator = right.startswith(("\\sum", "\\max", "\\min", "\\log", "\\operatorname", "\\begin"))
    words = left.startswith(r"\mathrm") or right.startswith(r"\mathrm")
    return words and not operator
