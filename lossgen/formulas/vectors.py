r"""Vectors and matrices in formulas: `x - y`, `\lVert x \rVert`, `x^\top y`, softmax(z).

A tensor is an expression of one element, and the indices at which it is taken. What two conventions
read in two ways (`x y` of two vectors, `x^2` of a vector) is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Abs, Add, Basic, Function, Integer, Mul, Piecewise, Pow, S, exp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction

from lossgen.language.folds import LogSumExp, MaxOver, MeanOver, SumOver
from lossgen.language.symbols import Index

from .names import equal


class ShapeError(ValueError):
    """Vectors that do not go together, or an operation that has no one meaning for them."""


@dataclass(frozen=True)
class Tensor:
    """One element of a vector or matrix, `places` its indices; a number has none.

    `row` says that a vector was transposed, `ones` that this is the vector of ones.
    """

    expression: Any
    places: tuple[Index, ...] = ()
    row: bool = False
    ones: bool = False

    @property
    def rank(self) -> int:
        """How many indices it has."""
        return len(self.places)

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes of its indices."""
        return tuple(place.axis for place in self.places)


def renamed(expression: Any, names: Mapping[Any, Any]) -> Any:
    """Return an expression with indices replaced; unlike xreplace it evaluates nothing."""
    if expression in names:
        return names[expression]
    if not expression.args or not names:
        return expression
    parts = [renamed(part, names) for part in expression.args]
    if all(new is old for new, old in zip(parts, expression.args, strict=True)):
        return expression
    return rebuilt(expression, parts)


def rebuilt(expression: Any, parts: Sequence[Any]) -> Any:
    """Return an expression with other parts, unevaluated."""
    evaluated = (Add, Mul, Pow, Function, Piecewise, Relational, BooleanFunction)
    if isinstance(expression, evaluated):
        return expression.func(*parts, evaluate=False)
    return expression.func(*parts)


def aligned(parts: Sequence[Tensor]) -> tuple[list[Any], Tensor]:
    """Return the elements of tensors at the same places, and one of them for its shape.

    Numbers are the same at every place.

    Raises:
        ShapeError: when their axes differ.
    """
    shape = next((part for part in parts if part.places), parts[0])
    for part in parts:
        if part.places and (part.axes, part.row) != (shape.axes, shape.row):
            raise ShapeError(
                f"one part runs over {_shown(shape)}, another over {_shown(part)}; both have to be "
                "of one shape"
            )
    elements = [
        renamed(part.expression, dict(zip(part.places, shape.places, strict=False)))
        for part in parts
    ]
    return elements, shape


def _shown(tensor: Tensor) -> str:
    return ", ".join(tensor.axes) + (" (a row)" if tensor.row else "")


def mapped(make: Callable[..., Any], parts: Sequence[Tensor]) -> Tensor:
    """Return a function of tensors, element by element."""
    elements, shape = aligned(parts)
    return replace(shape, expression=make(*elements), ones=False)


def times(left: Tensor, right: Tensor) -> Tensor:
    r"""Return the product of what stands side by side.

    Raises:
        ShapeError: for two vectors, of which neither is transposed.
    """
    if left.ones and left.row and right.rank == 1:
        return _summed(right.places[0], right.expression)
    if not left.rank or not right.rank:
        shape = left if left.rank else right
        return replace(shape, expression=_product(left, right), ones=False)
    if left.rank == 1 and right.rank == 1 and right.row and not left.row:
        return Tensor(_product(left, right), (*left.places, *right.places))
    if left.rank == 2 or left.row:
        return _contracted(left, right)
    raise ShapeError(r"a product of two vectors: write x^\top y, \langle x, y \rangle or x \odot y")


def _product(left: Tensor, right: Tensor) -> Any:
    return Mul(left.expression, right.expression, evaluate=False)


def _contracted(left: Tensor, right: Tensor) -> Tensor:
    """Return the sum over the last index of one and the first of the other."""
    inner, outer = left.places[-1], right.places[0]
    if inner.axis != outer.axis or (right.rank == 1 and right.row):
        raise ShapeError(f"a product over {_shown(left)} and {_shown(right)}")
    element = renamed(right.expression, {outer: inner})
    summed = SumOver(inner, Mul(left.expression, element, evaluate=False))
    places = (*left.places[:-1], *right.places[1:])
    return Tensor(summed, places, row=left.rank == 1 and right.rank == 2)


def dot(left: Tensor, right: Tensor) -> Tensor:
    r"""Return `x \cdot y` or `\langle x, y \rangle`: of numbers the product."""
    if left.rank == 1 and right.rank == 1:
        return _contracted(left, replace(right, row=False))
    if left.rank > 1 or right.rank > 1:
        raise ShapeError("a dot product of matrices; write the sum with its indices")
    return times(left, right)


def transposed(tensor: Tensor) -> Tensor:
    """Return the transpose of a vector or a matrix."""
    if tensor.rank == 2:
        return replace(tensor, places=tensor.places[::-1])
    if tensor.rank == 1 or tensor.ones:
        return replace(tensor, row=not tensor.row)
    raise ShapeError("the transpose of a number")


def norm(tensor: Tensor, order: str) -> Tensor:
    r"""Return the norm of a vector, of order 2 where `order` is empty, or that of a matrix."""
    if tensor.rank == 0:
        return Tensor(Abs(tensor.expression, evaluate=False))
    if order in {1: ("", "2"), 2: ("F", "\\mathrm{F}")}.get(tensor.rank, ()):
        square = Pow(tensor.expression, Integer(2), evaluate=False)
        return Tensor(Pow(SumOver(*tensor.places, square), S.Half, evaluate=False))
    size = Abs(tensor.expression, evaluate=False)
    if tensor.rank == 1 and order == "1":
        return _summed(tensor.places[0], size)
    if tensor.rank == 1 and order == "oo":
        return Tensor(MaxOver(tensor.places[0], size))
    raise ShapeError("norms of order 1, 2 and \\infty of vectors are read, and F of matrices")


def _summed(place: Index, body: Any) -> Tensor:
    return Tensor(SumOver(place, body))


def softmax(tensor: Tensor, logarithm: bool = False) -> Tensor:
    """Return the softmax of a vector, or its logarithm."""
    (place,) = _vector(tensor, "softmax")
    bound = _another(place, tensor.expression)
    total = LogSumExp(bound, renamed(tensor.expression, {place: bound}))
    share = Add(tensor.expression, Mul(S.NegativeOne, total, evaluate=False), evaluate=False)
    return replace(tensor, expression=share if logarithm else exp(share, evaluate=False))


def folded(kind: Any, tensor: Tensor, name: str) -> Tensor:
    """Return a fold of all elements of a vector."""
    (place,) = _vector(tensor, name)
    return Tensor(kind(place, tensor.expression))


def diagonal(tensor: Tensor) -> Tensor:
    """Return the diagonal matrix of a vector."""
    (place,) = _vector(tensor, "diag")
    other = _another(place, tensor.expression)
    entry = Mul(tensor.expression, equal(place, other), evaluate=False)
    return Tensor(entry, (place, other))


def _another(place: Index, expression: Any) -> Index:
    """Return an index over the same axis that the expression does not use."""
    used, name = {index.name for index in expression.atoms(Index)}, f"{place.name}*"
    while name in used:
        name += "*"
    return Index(name, place.axis)


def _vector(tensor: Tensor, name: str) -> tuple[Index, ...]:
    if tensor.rank != 1:
        found = "a number" if tensor.rank == 0 else "a matrix"
        raise ShapeError(f"{name} takes a vector, found {found}")
    return tensor.places


def element(tensor: Tensor, indices: Sequence[Basic]) -> Tensor:
    """Return one element of a vector or matrix."""
    if len(indices) != tensor.rank:
        raise ShapeError(f"found {len(indices)} indices, of what has {tensor.rank}")
    for index, place in zip(indices, tensor.places, strict=True):
        if getattr(index, "axis", None) != place.axis:
            raise ShapeError(f"{index} is no index over {place.axis}")
    return Tensor(renamed(tensor.expression, dict(zip(tensor.places, indices, strict=True))))


# Name of a function of vectors -> how many arguments, and what it makes.
CALLS: dict[str, tuple[int, Callable[..., Tensor]]] = {
    "softmax": (1, softmax),
    "log_softmax": (1, lambda tensor: softmax(tensor, logarithm=True)),
    "logsumexp": (1, lambda tensor: folded(LogSumExp, tensor, "logsumexp")),
    "mean": (1, lambda tensor: folded(MeanOver, tensor, "mean")),
    "norm": (1, lambda tensor: norm(tensor, "")),
    "dot": (2, dot),
    "diag": (1, diagonal),
    "transpose": (1, transposed),
}
