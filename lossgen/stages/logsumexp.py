"""A log-sum-exp as a maximum and a sum that never rounds the largest term.

With m the largest term, `others` is the sum of e^(body - m) over the terms below m, and `extra` the
number of terms equal to m, less one; then the sum of all e^(body - m) is others + ties, and

    lse = m + log(1 + excess), excess = others + extra      a softmax weight = e^(body - m) / sum

The 1 is never rounded into the sum: of a row whose true class is right by 20, 1 + excess keeps no
digit of `excess` in float32, while lse - body = (m - body) + log(1 + excess) keeps all. One minus
a softmax weight is excess / (1 + excess) for the largest term, and cancels for no other, as any
other weight is at most 1/2. (e^(body - lse) is wrong by 1e3 ulp at logits near 1e4.)
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

from sympy import Add, And, Expr, Ge, Lt, Mul, Piecewise, S, exp, expand_mul

from lossgen.language.entry import Definition
from lossgen.language.functions import log1p, share
from lossgen.language.program import Program, Reduction, Scatter, Statement, mapped
from lossgen.language.symbols import Element, Index

from .remainder import Remainder


def log_sum_exps(program: Program) -> Program:
    """Return the program without log-sum-exps and softmax weights."""
    lowering = _Lowering(program)
    statements = without_aliases(lowering.run(), program.outputs)
    statements = [lowering.complements(statement) for statement in statements]
    statements = [lowering.replaced(statement, statements) for statement in statements]
    statements = list(chain.from_iterable(map(lowering.with_remainder, statements)))
    return replace(program, statements=tuple(statements))


class Parts:
    """The quantities that a log-sum-exp becomes."""

    def __init__(self, fold: Reduction) -> None:
        self.fold = fold
        name, free, bound = fold.name, fold.indices, (*fold.indices, *fold.bound)
        self.factor, self.body = scaled_body(fold)
        self.largest = replace(fold, name=f"{name}_max", operation="max", body=self.body)
        top = self.largest.symbol
        self.term = exp(self.factor * Add(self.body, -top))
        below, level = And(fold.where, Lt(self.body, top)), And(fold.where, Ge(self.body, top))
        self.others = replace(
            fold, name=f"{name}_others", operation="sum", body=self.term, where=below
        )
        self.ties = replace(fold, name=f"{name}_ties", operation="sum", body=S.One, where=level)
        self.extra = Definition(f"{name}_extra", free, self.ties.symbol - 1)
        self.excess = Definition(f"{name}_excess", free, self.others.symbol + self.extra.symbol)
        logarithm: Any = log1p(self.excess.symbol)
        self.log = Definition(f"{name}_log", free, logarithm)
        self.sum = Definition(f"{name}_sum", free, self.others.symbol + self.ties.symbol)
        stem = name.removeprefix("lse_")
        self.weight = Definition(f"softmax_{stem}", bound, self.term / self.sum.symbol)
        rest = Piecewise(
            (self.excess.symbol / self.sum.symbol, Ge(self.body, top)),
            (1 - self.weight.symbol, True),
        )
        self.rest = Definition(f"rest_{stem}", bound, rest)

    @property
    def statements(self) -> list[Statement]:
        """All of them in order, the log-sum-exp under its own name too."""
        value = self.factor * self.largest.symbol + self.log.symbol
        whole = Definition(self.fold.name, self.fold.indices, value)
        return [
            self.largest, self.others, self.ties, self.extra, self.excess, self.log, self.sum,
            whole, self.weight, self.rest,
        ]  # fmt: skip

    def element(self, term: Any) -> Element | None:
        """Return the element x of a term that is built as the body is, factor * x."""
        own = term / self.factor
        array = getattr(self.body, "array", None)
        return own if isinstance(own, Element) and own.array == array else None

    def at(self, definition: Definition | Reduction, places: tuple[Any, ...]) -> Any:
        """Return a quantity at the indices `places`."""
        return definition.symbol.array[places] if definition.indices else definition.symbol


class _Lowering:
    """Rewrites statement by statement; gaps m - body are named as they are met."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.parts = {
            statement.name: Parts(statement)
            for statement in program.statements
            if isinstance(statement, Reduction) and statement.operation == "logsumexp"
        }
        self.weights = {parts.weight.name: parts for parts in self.parts.values()}
        self.sums = {
            statement.name: statement
            for statement in program.statements
            if isinstance(statement, Reduction)
            and statement.operation == "sum"
            and statement.body.is_nonnegative
        }
        self.remainders: dict[str, Remainder] = {}
        self.gaps: dict[Any, Definition] = {}
        self.lowered: list[Statement] = []

    def run(self) -> list[Statement]:
        for statement in self.program.statements:
            changed = mapped(statement, self.expand)
            parts = self.parts.get(statement.name)
            self.lowered += [changed] if parts is None else Parts(changed).statements  # type: ignore[arg-type]
        return self.lowered

    def expand(self, expression: Any) -> Any:
        """Write softmax weights, and log-sum-exps less a term, with the parts of the fold."""
        if not expression.args or isinstance(expression, Element):
            return expression
        if isinstance(expression, share):
            fold: Any = expression.args[1]
            parts = self.parts[fold.name]
            places = fold.indices if isinstance(fold, Element) else ()
            return parts.at(parts.weight, (*places, *expression.args[2:]))
        terms = [self.expand(part) for part in expression.args]
        if isinstance(expression, Add):
            return Add(*self.with_gaps(terms))
        return expression if tuple(terms) == expression.args else expression.func(*terms)

    def with_gaps(self, terms: list[Any]) -> list[Any]:
        """Replace lse - body, or lse - lse, by a difference of terms and logarithms of sums.

        The former is exact where the terms are near each other; the latter are of size 1.
        """
        for fold in [term for term in terms if getattr(term, "name", None) in self.parts]:
            parts = self.parts[fold.name]
            term = next((term for term in terms if self.subtracted(term, parts) is not None), None)
            if term is not None:
                terms.remove(fold)
                terms.remove(term)
                places = fold.indices if isinstance(fold, Element) else ()
                other = self.parts.get(getattr(-term, "name", ""))
                terms.append(parts.factor * self.gap(parts, places, self.subtracted(term, parts)))
                terms.append(parts.at(parts.log, places))
                if other is not None:
                    terms.append(-other.at(other.log, getattr(-term, "indices", ())))
        return terms

    def subtracted(self, term: Any, parts: Parts) -> Any:
        """Return x where a term is -c x, x being a term of the fold or its like's largest."""
        other = self.parts.get(getattr(-term, "name", ""))
        if other is None:
            return parts.element(-term)
        same = getattr(other.body, "array", 0) == getattr(parts.body, "array", 1)
        if not same or other.factor != parts.factor:
            return None
        return other.at(other.largest, getattr(-term, "indices", ()))

    def gap(self, parts: Parts, places: tuple[Any, ...], body: Any) -> Any:
        """Return the name of m - body, adding its definition."""
        difference = parts.at(parts.largest, places) - body
        if difference not in self.gaps:
            free = dict.fromkeys((*places, *getattr(body, "indices", ())))
            indices = tuple(index for index in free if isinstance(index, Index))
            stem = f"{parts.fold.name}_gap"
            number = sum(other.name.startswith(stem) for other in self.gaps.values())
            name = f"{stem}_{number + 1}" if number else stem
            self.gaps[difference] = Definition(name, indices, difference)
            self.lowered.append(self.gaps[difference])
        return self.gaps[difference].symbol

    def complements(self, statement: Statement) -> Statement:
        """Write q - q w, where w is a softmax weight, as q times the rest of the weights."""
        own = any(statement.name == parts.rest.name for parts in self.parts.values())
        return statement if own else mapped(statement, self.complement)

    def complement(self, expression: Any) -> Any:
        if not expression.args or isinstance(expression, Element):
            return expression
        terms = [self.complement(part) for part in expression.args]
        if isinstance(expression, Add):
            for weight in sorted(expression.atoms(Element), key=str):
                if weight.name in self.weights:
                    terms = self.shared(weight, self.without(weight, terms))
                    terms = in_front(weight, terms)
            return Add(*terms)
        return expression if tuple(terms) == expression.args else expression.func(*terms)

    def without(self, weight: Element, terms: list[Any]) -> list[Any]:
        parts = self.weights[weight.name]
        for term in terms:
            partner = -term * weight
            if partner in terms:
                others = [other for other in terms if other not in (term, partner)]
                return [*others, term * parts.at(parts.rest, weight.indices)]
        return terms

    def shared(self, weight: Element, terms: list[Any]) -> list[Any]:
        """Write w q - t, where q is the sum of all t, as w (q - t) - t (1 - w).

        Of a row that is sure of its true class, where t = q and w = 1 - 1e-20, the first is 0.
        """
        parts = self.weights[weight.name]
        places = weight.indices[len(parts.fold.indices) :]
        for term in terms:
            total = Mul(*(factor for factor in Mul.make_args(term) if factor != weight))
            fold = self.sums.get(getattr(total, "name", ""))
            if term != weight * total or fold is None or len(fold.bound) != len(places):
                continue
            share: Any = fold.body.xreplace(dict(zip(fold.bound, places, strict=True)))
            if -share in terms:
                others = [other for other in terms if other not in (term, -share)]
                rest = parts.at(parts.rest, weight.indices)
                return [*others, weight * self.remainder(fold).less(share, total), -share * rest]
        return terms

    def remainder(self, fold: Reduction) -> Any:
        """Return the parts of a sum less one term, which stand behind it from now on."""
        if fold.name not in self.remainders:
            self.remainders[fold.name] = Remainder(fold)
        return self.remainders[fold.name]

    def with_remainder(self, statement: Statement) -> list[Statement]:
        """Return a statement, a sum that is read less one of its terms as that of its parts."""
        known = self.remainders.get(statement.name)
        return [statement] if known is None else known.statements

    def replaced(self, statement: Statement, statements: list[Statement]) -> Statement:
        """Write the element of a true class, c w - c, at once, not as a correction of c w."""
        if not isinstance(statement, Scatter) or statement.bound or statement.replaces:
            return statement
        dense = next(
            (s for s in statements if s.name == statement.name and s is not statement), None
        )
        scatters = [s for s in statements if isinstance(s, Scatter) and s.name == statement.name]
        shared = {f"d_{argument.name}" for argument in self.program.arguments if argument.shared}
        if not isinstance(dense, Definition) or len(scatters) > 1 or statement.name in shared:
            return statement
        at = dict(zip(dense.indices, statement.target, strict=True))
        named = {
            s.symbol: s.expression
            for s in statements
            if isinstance(s, Definition) and not s.indices and s.name.startswith("d_")
        }
        own = dense.expression.xreplace(at).xreplace(named)
        whole = Add(expand_mul(own), expand_mul(statement.body))
        whole = Add(*(expand_mul(term) for term in Add.make_args(whole)))
        body = self.complement(whole)
        return statement if body == whole else replace(statement, body=body, replaces=True)


def in_front(weight: Element, terms: list[Any]) -> list[Any]:
    """Return w a - w b as w (a - b): a weight below the smallest normal number has few digits."""
    rests = [[f for f in Mul.make_args(term) if f != weight] for term in terms]
    divided = all(
        len(rest) < len(Mul.make_args(term)) for rest, term in zip(rests, terms, strict=True)
    )
    total = Add(*(Mul(*rest) for rest in rests))
    return [weight * total] if divided and len(terms) > 1 and not total.has(weight) else terms


def scaled_body(fold: Reduction) -> tuple[Expr, Expr]:
    """Return (c, x) with body = c * x and c > 0 the same for all terms, as in x / temperature.

    The largest c x belongs to the largest x, and c (x - m) has one rounding where c x - c m has
    two of larger numbers.
    """
    factors = Mul.make_args(fold.body)
    fixed = [f for f in factors if f.is_positive and not f.free_symbols & set(fold.bound)]
    rest = [factor for factor in factors if factor not in fixed]
    return (Mul(*fixed), Mul(*rest)) if rest else (S.One, fold.body)


def without_aliases(statements: list[Statement], outputs: tuple[str, ...]) -> list[Statement]:
    """Return the statements with each name that only repeats another quantity written as that."""
    aliases: dict[str, Definition] = {}

    def original(expression: Any) -> Any:
        found = {}
        for node in expression.atoms(Element) | expression.free_symbols:
            alias = aliases.get(getattr(node, "name", ""))
            if alias is not None and (isinstance(node, Element) == bool(alias.indices)):
                places = node.indices if isinstance(node, Element) else ()
                found[node] = alias.expression.xreplace(
                    dict(zip(alias.indices, places, strict=True))
                )
        return expression.xreplace(found)

    kept: list[Statement] = []
    for statement in statements:
        changed = mapped(statement, original)
        bare = isinstance(changed, Definition) and isinstance(changed.expression, Element)
        if bare and changed.name not in outputs and "_by_" in changed.name:
            aliases[changed.name] = changed  # type: ignore[assignment]
        else:
            kept.append(changed)
    return kept
