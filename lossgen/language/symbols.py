"""Symbols of the language: indices over axes, extents, arrays and their elements.

All are SymPy objects, so that a formula is an ordinary SymPy expression. None carries a Dummy or
a running number: two processes build equal expressions, and equal expressions print equally.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from sympy import Basic, Expr, Symbol, sympify
from sympy.core.sympify import SympifyError

from .errors import LanguageError


class _Tagged(Symbol):
    """A symbol whose identity includes what it ranges over, besides its name."""

    __slots__ = ("tag",)
    tag: tuple[Any, ...]

    def __new__(cls, name: str, tag: tuple[Any, ...], **assumptions: bool) -> _Tagged:
        symbol = Symbol.__xnew__(cls, name, **assumptions)
        symbol.tag = tag
        return symbol

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.tag)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.tag), self._assumptions_orig

    def __iter__(self) -> Iterator[NoReturn]:
        raise LanguageError(
            f"{self.name} is not iterable: Python's sum, max, min, sorted and for cannot run over "
            "a symbol; write SumOver(k, ...), MaxOver(k, ...) or MinOver(k, ...) over its axis"
        )


class Index(_Tagged):
    """An index over an axis; `axis("k")` is the axis k and its default index at once."""

    def __new__(cls, name: str, axis: str | tuple[str]) -> Index:
        axis = axis if isinstance(axis, str) else axis[0]
        return super().__new__(cls, name, (axis,), integer=True, nonnegative=True)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.tag), {}

    @property
    def axis(self) -> str:
        """Name of the axis that the index runs over."""
        return str(self.tag[0])

    @property
    def size(self) -> Size:
        """Extent of the axis."""
        return Size(self.axis)

    def indices(self, names: str) -> tuple[Index, ...]:
        """Return further indices over the same axis: `i, j = n.indices("i j")`."""
        return tuple(Index(name, self.axis) for name in names.replace(",", " ").split())


class Size(_Tagged):
    """The extent of an axis, an integer that may be 0."""

    def __new__(cls, axis: str, tag: tuple[Any, ...] = ()) -> Size:
        return super().__new__(cls, axis, ("size",), integer=True, nonnegative=True)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name,), {}


class Label(_Tagged):
    """An integer argument whose value is a place in an axis."""

    @property
    def axis(self) -> str:
        """Name of the axis that the value points into."""
        return str(self.tag[0])

    def __new__(cls, name: str, tag: tuple[str, ...], **assumptions: bool) -> Label:
        return super().__new__(cls, name, tag, integer=True, nonnegative=True)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.tag), {}


class Array(_Tagged):
    """A named array: an argument with axes, or a quantity with indices.

    `tag` is (axes, values): the names of its axes, and the axis that its values, which are then
    labels, point into.
    """

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the axes, outermost first."""
        return tuple(self.tag[0])

    @property
    def values(self) -> str | None:
        """Axis that the integer values point into; None for numbers."""
        return self.tag[1]

    def __getitem__(self, indices: Any) -> Element:
        given = indices if isinstance(indices, tuple) else (indices,)
        return Element(self, *(as_index(self, place, index) for place, index in enumerate(given)))


class Element(Expr):
    """One element of an array: `logits[k]`, `logits[label]`, `s[i, j]`."""

    def __new__(cls, array: Array, *indices: Basic) -> Element:
        if len(indices) != len(array.axes):
            raise LanguageError(
                f"{array.name} has {len(array.axes)} axes ({', '.join(array.axes)}), "
                f"but is used with {len(indices)} indices"
            )
        return Expr.__new__(cls, array, *indices)

    @property
    def array(self) -> Array:
        """The array."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Any, ...]:
        """The indices, one for each axis of the array."""
        return self.args[1:]

    @property
    def axis(self) -> str | None:
        """Axis that an element of a label array points into."""
        return self.array.values

    @property
    def name(self) -> str:
        """Name of the array."""
        return str(self.array.name)

    is_commutative = True

    def _eval_is_real(self) -> bool | None:
        return self.array.is_real

    def _eval_is_integer(self) -> bool | None:
        return self.array.is_integer

    def _eval_is_positive(self) -> bool | None:
        return self.array.is_positive

    def _eval_is_nonnegative(self) -> bool | None:
        return self.array.is_nonnegative

    def _eval_is_finite(self) -> bool | None:
        return self.array.is_finite

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}[{', '.join(printer._print(index) for index in self.indices)}]"

    def __iter__(self) -> Iterator[NoReturn]:
        raise LanguageError(f"{self} is one number and cannot be iterated over")


def axis(name: str) -> Index:
    """Return the axis `name`, which is also its default index."""
    if not isinstance(name, str) or not name.isidentifier():
        raise LanguageError(f"axis({name!r}): expected one identifier, such as axis('k')")
    return Index(name, name)


def axis_of(index: Any) -> str | None:
    """Return the axis that an index expression runs over or points into, None if it has none."""
    return getattr(index, "axis", None)


def as_index(array: Array, place: int, index: Any) -> Basic:
    """Return `index` as an index of `array`, or raise the error that names both axes."""
    try:
        index = sympify(index)
    except SympifyError as error:
        raise LanguageError(f"{array.name}[{index!r}]: an index must be an axis index") from error
    if place >= len(array.axes):
        return index
    expected, found = array.axes[place], axis_of(index)
    if found != expected:
        what = f"runs over axis {found}" if found else "is no index"
        raise LanguageError(
            f"{array.name}[{index}]: axis {place + 1} of {array.name} is {expected}, "
            f"but {index} {what}; use an index of axis {expected}, such as {expected}.indices('i')"
        )
    return index
