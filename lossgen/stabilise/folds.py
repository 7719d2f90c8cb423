"""Rewrites that know folds: log-sum-exps and softmax weights that the author spelled out."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Mul, Pow, S, exp, log

from lossgen.language.functions import log_ratio, share
from lossgen.language.program import Reduction, take_name
from lossgen.language.symbols import Element

from .factors import factors_of


class Folds:
    """The log-sum-exps and the sums of exponentials met so far, and names for new ones."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.exponents: dict[str, Reduction] = {}
        self.totals: dict[str, Reduction] = {}
        self.of_total: dict[str, Reduction] = {}
        self.used: list[Reduction] = []

    def new(self) -> list[Reduction]:
        """Return the log-sum-exps that were named since the last call."""
        found, self.used = self.used, []
        return found

    def learn(self, statement: Any) -> None:
        """Take in a statement as it is rewritten."""
        if not isinstance(statement, Reduction):
            return
        if statement.operation == "logsumexp":
            self.exponents[statement.name] = statement
        if statement.operation == "sum" and isinstance(statement.body, exp):
            self.totals[statement.name] = statement

    def rewrite(self, expression: Any) -> Any:
        """Return the expression with its log-sum-exps and softmax weights by name."""
        if not expression.args or isinstance(expression, Element):
            return expression
        parts = [self.rewrite(part) for part in expression.args]
        if tuple(parts) != expression.args:
            expression = expression.func(*parts)
        changed: Any = None
        if isinstance(expression, exp) and isinstance(expression.args[0], Add):
            changed = self.weight(expression.args[0])
        elif isinstance(expression, log | log_ratio):
            above, *below = expression.args
            changed = self.logarithm(above / below[0] if below else above)
        elif isinstance(expression, Mul):
            changed = self.quotient(expression)
        return expression if changed is None else changed

    def logarithm(self, argument: Expr) -> Any:
        """Return log(c * total) with the log-sum-exp that total is the sum of, c being positive."""
        factors = factors_of(argument)
        for place, factor in enumerate(factors):
            rest = Mul(*factors[:place], *factors[place + 1 :])
            if getattr(factor, "name", None) in self.totals and rest.is_positive:
                return log(rest) + self.named(factor)
        return None

    def quotient(self, product: Mul) -> Any:
        """Return e^z / total as a softmax weight, if total sums e^z and z is an element."""
        factors = factors_of(product)
        for place, factor in enumerate(factors):
            if not isinstance(factor, exp):
                continue
            for other, below in enumerate(factors):
                total = 1 / below
                if isinstance(below, Pow) and getattr(total, "name", None) in self.totals:
                    body = factor.args[0]
                    found = self.share(body, self.totals[total.name], total, self.named)
                    if found is not None:
                        kept = [f for at, f in enumerate(factors) if at not in (place, other)]
                        return Mul(found, *kept)
        return None

    def named(self, total: Any) -> Any:
        """Return the log-sum-exp of a sum of exponentials, at the same indices."""
        if total.name not in self.of_total:
            known = self.totals[total.name]
            name = take_name(f"lse_{total.name.removeprefix('sum_')}", self.taken)
            fold = Reduction(
                name, known.indices, "logsumexp", known.bound, known.body.args[0], known.where
            )
            self.of_total[total.name] = fold
            self.exponents[name] = fold
            self.used.append(fold)
        symbol = self.of_total[total.name].symbol
        return symbol.array[total.indices] if isinstance(total, Element) else symbol

    def weight(self, argument: Add) -> Any:
        """Return e^(x[k] - lse), lse being the log-sum-exp of x[j] over j, as a softmax weight."""
        if len(argument.args) != 2:
            return None
        for term, negated in (argument.args, argument.args[::-1]):
            fold = -negated
            known = self.exponents.get(getattr(fold, "name", ""))
            found = None if known is None else self.share(term, known, fold, lambda use: use)
            if found is not None:
                return found
        return None

    def share(self, term: Any, known: Reduction, use: Any, lse: Any) -> Any:
        """Return the share of `term` in a fold used as `use`, None if it is no term of that fold.

        `lse` gives the log-sum-exp of a use.
        """
        body = known.body.args[0] if known.operation == "sum" else known.body
        if known.where != S.true or not (isinstance(term, Element) and isinstance(body, Element)):
            return None
        if body.array != term.array:
            return None
        renaming = dict(zip(body.indices, term.indices, strict=True))
        places = use.indices if isinstance(use, Element) else ()
        of_this_fold = all(
            renaming.get(own, place) == place
            for own, place in zip(known.indices, places, strict=True)
        )
        if of_this_fold and all(index in renaming for index in known.bound):
            return share(term, lse(use), *(renaming[index] for index in known.bound))
        return None


__all__ = ["Folds"]
