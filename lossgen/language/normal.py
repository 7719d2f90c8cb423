"""Normal form: an entry as a program in which every fold is a named quantity.

Unnamed folds get a name made of what they fold; equal folds share one. Without names the
Hessian-vector product of a squared MaxOver evaluates a fold inside its own fold.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Expr, Mul, Piecewise, Pow, S, Symbol
from sympy.logic.boolalg import true

from .entry import Definition, Entry, quantity
from .folds import Fold, LogSumExp, MaxOver, MeanOver, MinOver, SumOver
from .functions import count
from .program import Operation, Program, Reduction, Statement, take_name
from .symbols import Element, Index, Size
from .trace import undistributed
from .validate import free_indices

_OPERATIONS: dict[type[Fold], tuple[Operation, str]] = {
    SumOver: ("sum", "sum"),
    MeanOver: ("sum", "mean"),
    MaxOver: ("max", "largest"),
    MinOver: ("min", "smallest"),
    LogSumExp: ("logsumexp", "lse"),
}


def program(entry: Entry) -> Program:
    """Return the program that computes the value of `entry`, under the name `loss`."""
    with undistributed():
        builder = _Builder(entry)
        for definition in entry.definitions:
            builder.define(definition.name, definition.indices, definition.expression)
        builder.define("loss", (), entry.value)
    return Program(entry.name, entry.arguments, tuple(builder.statements), ("loss",))


class _Builder:
    """Statements in order, and which fold already has which name."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.statements: list[Statement] = []
        self.known: dict[Any, Any] = {}
        self.rank = {argument.name: place for place, argument in enumerate(entry.arguments)}
        taken = {argument.name for argument in entry.arguments}
        taken |= {argument.domain.values for argument in entry.arguments if argument.domain.values}
        taken |= {name for argument in entry.arguments for name in argument.domain.axes}
        self.scope: list[Index] = []
        self.taken = taken | {definition.name for definition in entry.definitions} | {"loss"}

    def define(self, name: str, indices: tuple[Index, ...], expression: Expr) -> None:
        """Add the statement (and those of the folds inside) that computes `expression`."""
        self.scope = list(indices)
        if isinstance(expression, Fold) and not isinstance(expression, MeanOver):
            self.reduce(name, indices, expression)
        else:
            self.statements.append(Definition(name, indices, self.flatten(expression, inner=False)))

    def reduce(self, name: str, indices: tuple[Index, ...], fold: Fold) -> None:
        """Add the reduction `name` that computes `fold`."""
        operation = _OPERATIONS[type(fold)][0]
        body, where = self.inside(fold)
        self.statements.append(Reduction(name, indices, operation, fold.bound, body, where))
        self.known.setdefault((operation, fold.bound, body, where), quantity(name, indices))

    def flatten(self, expression: Any, inner: bool = True) -> Any:
        """Replace each fold, root and difference of two arguments by a name."""
        if isinstance(expression, MeanOver):
            return self.mean(expression)
        if isinstance(expression, Fold):
            return self.named(expression)
        if not expression.args or isinstance(expression, Element):
            return expression
        if isinstance(expression, Add):
            return self.differences(expression)
        parts = [self.flatten(part) for part in expression.args]
        rebuilt = _rebuild(expression, parts)
        return self.root(rebuilt) if inner and _is_root(rebuilt) else rebuilt

    def root(self, expression: Expr) -> Any:
        """Name a square root inside a formula: its derivative is written with the root itself."""
        key = ("root", expression)
        if key not in self.known:
            free = free_indices(expression)
            indices = tuple(index for index in self.scope if index in free)
            statement = Definition(take_name("root", self.taken), indices, expression)
            self.statements.append(statement)
            self.known[key] = statement.symbol
        return self.known[key]

    def inside(self, fold: Fold) -> tuple[Any, Any]:
        """Flatten body and condition of a fold, its bound indices being the innermost loops."""
        outer = self.scope
        self.scope = [*outer, *(index for index in fold.bound if index not in outer)]
        flat = self.flatten(fold.body), self.flatten(fold.where)
        self.scope = outer
        return flat

    def named(self, fold: Fold, name: str | None = None) -> Any:
        """Return the name of a fold, adding its statement if no equal fold has one."""
        operation, prefix = _OPERATIONS[type(fold)]
        body, where = self.inside(fold)
        key = (operation, fold.bound, body, where)
        if key not in self.known:
            indices = self.ordered(fold)
            chosen = take_name(name or "_".join([prefix, *self.words(fold)]), self.taken)
            statement = Reduction(chosen, indices, operation, fold.bound, body, where)
            self.statements.append(statement)
            self.known[key] = statement.symbol
        return self.known[key]

    def mean(self, fold: MeanOver) -> Expr:
        """Return a mean as a sum divided by a count, 0 where nothing takes part."""
        total = self.named(SumOver(*fold.bound, fold.body, where=fold.where))
        if fold.where == true:
            return total / count(*(index.size for index in fold.bound))
        members = Reduction(
            take_name(f"count_{'_'.join(self.words(fold))}", self.taken),
            self.ordered(fold), "sum", fold.bound, S.One, self.flatten(fold.where),
        )  # fmt: skip
        key = ("sum", fold.bound, S.One, members.where)
        if key not in self.known:
            self.statements.append(members)
            self.known[key] = members.symbol
        number = self.known[key]
        return Piecewise((total / number, number > 0), (S.Zero, True))

    def differences(self, expression: Add) -> Expr:
        """Give the difference of two arguments a name, so that no later step merges it into a sum.

        It is exact where its operands are close (Sterbenz); a flat sum such as x - y + c is not.
        """
        terms = list(expression.args)
        plus = [term for term in terms if self.is_argument(term)]
        minus = [-term for term in terms if self.is_argument(-term)]
        if len(terms) == 2 and len(plus) == 1 and len(minus) == 1:
            return self.difference(plus[0], minus[0])
        named: list[Expr] = []
        for left in sorted(plus, key=self.order):
            partners = [right for right in minus if free_indices(right) == free_indices(left)]
            if partners:
                right = min(partners, key=self.order)
                minus.remove(right)
                terms.remove(left)
                terms.remove(-right)
                named.append(self.difference(left, right))
        return Add(*named, *(self.flatten(term) for term in terms))

    def difference(self, left: Any, right: Any) -> Any:
        """Return the name of `left - right`; minus that of `right - left` if `right` is first."""
        if self.order(right) < self.order(left):
            return -self.difference(right, left)
        for definition in self.entry.definitions:
            if definition.expression == left - right:
                return left - right
        free = free_indices(left - right)
        indices = tuple(index for index in self.scope if index in free)
        # x[b] - y[b] is an element of the vector that x[a] - y[a] has named.
        key = ("difference", *(side.xreplace(_numbered(indices)) for side in (left, right)))
        if key not in self.known:
            name = take_name(_difference_name(left.name, right.name), self.taken)
            statement = Definition(name, indices, left - right)
            self.statements.append(statement)
            self.known[key] = statement
        return quantity(self.known[key].name, indices)

    def is_argument(self, term: Any) -> bool:
        """Whether a term is a bare real argument of the rows."""
        return (
            isinstance(term, Symbol | Element)
            and self.rank.get(term.name) is not None
            and not term.is_integer
        )

    def order(self, term: Any) -> tuple[int, str]:
        """Position of an argument in the signature."""
        return self.rank[term.name], str(term)

    def ordered(self, fold: Fold) -> tuple[Index, ...]:
        """Return the free indices of a fold in the order of the loops around it."""
        found: list[Index] = list(self.scope)
        for node in _preorder(fold):
            if isinstance(node, Index) and node not in fold.bound and node not in found:
                found.append(node)
        free = free_indices(fold)
        return tuple(index for index in found if index in free)

    def words(self, fold: Fold) -> list[str]:
        """Return up to two names that the body of a fold mentions, in order of the signature."""
        names = {
            symbol.name
            for symbol in (fold.body.free_symbols or fold.where.free_symbols)
            if not isinstance(symbol, Index | Size)
        }
        names = names or {
            symbol.name for symbol in fold.where.free_symbols if not isinstance(symbol, Index)
        }
        return sorted(names, key=lambda name: (self.rank.get(name, len(self.rank)), name))[:2]


def _numbered(indices: tuple[Index, ...]) -> dict[Index, Index]:
    """Return the indices under names that only tell their order and their axis."""
    return {index: Index(f"_{place}", index.axis) for place, index in enumerate(indices)}


def _is_root(expression: Basic) -> bool:
    return isinstance(expression, Pow) and expression.exp == S.Half and not expression.is_number


def _difference_name(left: str, right: str) -> str:
    if {left, right} in ({"prediction", "target"}, {"x", "y"}):
        return "residual"
    return f"{left}_minus_{right}"


def _preorder(expression: Basic) -> Any:
    yield expression
    for part in expression.args:
        yield from _preorder(part)


def _rebuild(expression: Basic, parts: list[Any]) -> Any:
    if all(new is old for new, old in zip(parts, expression.args, strict=True)):
        return expression
    return Mul(*parts) if isinstance(expression, Mul) else expression.func(*parts)
