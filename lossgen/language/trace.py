"""Tracing: call the author's function once with symbols, and read what it returns."""

from __future__ import annotations

import inspect
import keyword
import math
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sympy import Expr, Symbol, sympify
from sympy.core.parameters import distribute
from sympy.core.sympify import SympifyError

from .domains import Domain
from .entry import Argument, Definition, base, quantity
from .errors import LanguageError
from .symbols import Index
from .validate import check_expression, check_indices, free_indices

_definitions: ContextVar[list[Definition] | None] = ContextVar("definitions", default=None)

# What Python says when a symbol is used as a number, and what the author should write instead.
_ADVICE = (
    (
        "truth value of",
        "Python's if, max, min, and, or, not and chained comparisons cannot decide on symbols; "
        "write Piecewise((a, condition), (b, True)), Max, Min, And or Or",
    ),
    ("ufunc", "NumPy cannot work on symbols; use exp, log, sqrt, Abs, ... of lossgen.language"),
    (
        "convert expression to float",
        "math.* cannot work on symbols; use exp, log, sqrt, Abs, ... of lossgen.language",
    ),
    ("not subscriptable", "only arguments annotated with axes, such as Real[k], take an index"),
)


# Keywords that every call of a loss takes beside its arguments.
OPTIONS = frozenset(
    {"axes", "axis", "class_weight", "ignore_label", "out", "reduction", "sample_weight", "threads"}
    | {"vector", "wrt"}
)


@contextmanager
def undistributed() -> Iterator[None]:
    """Keep SymPy from multiplying numbers into sums.

    `0.9*(x - y)` becomes `0.9*x - 0.9*y` otherwise: 2.9 million ulp wrong in float32 at x near y
    near 1e4.
    """
    with distribute(False):
        yield


def let(name: str, expression: Any, over: Any = ()) -> Any:
    """Name a quantity, and return the name.

    With `over=(i, j)` the quantity is indexed and used as `s[i, j]`. The name is opaque: it is
    never substituted back, and it is found again in the kernel, in the adjoint and in the
    documentation.

    Raises:
        LanguageError: outside a loss, on a name that is taken or no identifier, or when the
            expression has an index that `over` does not name.
    """
    definitions = _definitions.get()
    if definitions is None:
        raise LanguageError(f"let({name!r}, ...) has a meaning only inside a function under @loss")
    check_name(name)
    if any(definition.name == name for definition in definitions):
        raise LanguageError(
            f"let({name!r}, ...): the name is taken by an earlier let; choose another"
        )
    indices = over if isinstance(over, tuple) else (over,)
    for index in indices:
        if not isinstance(index, Index):
            raise LanguageError(f"let({name!r}, over={index}): expected indices made by axis('k')")
    try:
        value = sympify(expression)
    except SympifyError as error:
        raise LanguageError(f"let({name!r}, ...): {expression!r} is no formula") from error
    unbound = free_indices(value) - set(indices)
    if unbound:
        names = ", ".join(sorted(index.name for index in unbound))
        raise LanguageError(
            f"let({name!r}, ...): the index {names} is free; bind it with a fold such as "
            f"SumOver({names}, ...), or name it in over={names}"
        )
    definition = Definition(name, indices, value)
    definitions.append(definition)
    symbol = quantity(name, indices, value)
    return symbol.array if indices else symbol


def check_name(name: object) -> None:
    """Raise LanguageError unless `name` can stand as a variable in a generated file."""
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise LanguageError(f"{name!r} is no name: expected a Python identifier that is no keyword")
    if name.startswith("_"):
        raise LanguageError(f"{name}: names that begin with _ are kept for generated code")


def check_argument(name: str) -> None:
    """Raise LanguageError unless `name` can stand as an argument of a loss."""
    check_name(name)
    if name in OPTIONS:
        raise LanguageError(
            f"{name} is an option of every call of a loss; expected another name for the argument"
        )


def arguments_of(function: Callable[..., Any]) -> tuple[Argument, ...]:
    """Read the signature of a loss: annotations are domains, the `*` divides rows from shared."""
    arguments = []
    for parameter in inspect.signature(function).parameters.values():
        check_argument(parameter.name)
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise LanguageError(f"*{parameter.name}: a loss names each of its arguments")
        domain = _domain(function, parameter)
        shared = parameter.kind is parameter.KEYWORD_ONLY
        default = _default(parameter, domain, shared)
        arguments.append(Argument(parameter.name, domain, shared, default))
    if not any(not argument.shared for argument in arguments):
        raise LanguageError("a loss needs at least one argument before the *, one value per row")
    return tuple(arguments)


def _domain(function: Callable[..., Any], parameter: inspect.Parameter) -> Domain:
    annotation = parameter.annotation
    if isinstance(annotation, str):
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        scope = {name: cell.cell_contents for name, cell in cells.items()}
        try:
            annotation = eval(
                annotation, function.__globals__, scope
            )  # the author's own annotation
        except NameError as error:
            raise LanguageError(
                f"{parameter.name}: the annotation {annotation} uses a name that is not known at "
                f"module level ({error}); define the axis at module level"
            ) from error
    if not isinstance(annotation, Domain):
        found = "no annotation" if annotation is parameter.empty else repr(annotation)
        raise LanguageError(
            f"{parameter.name}: expected a domain such as Real, Positive, Unit, Real[k] or "
            f"Label[k], found {found}"
        )
    if annotation.name == "Label" and annotation.values is None:
        raise LanguageError(
            f"{parameter.name}: write Label[k], with the axis that its values point into"
        )
    return annotation


def _default(parameter: inspect.Parameter, domain: Domain, shared: bool) -> float | None:
    if parameter.default is parameter.empty:
        return None
    if not shared or domain.axes:
        raise LanguageError(f"{parameter.name}: only a scalar after the * has a default")
    return check_default(parameter.name, parameter.default, domain)


def check_default(name: str, given: Any, domain: Domain) -> float:
    """Return a default as a number, or raise LanguageError where it lies outside the domain."""
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value) or not domain.contains(value):
        raise LanguageError(f"{name}={given!r}: the default must be a number in {domain}")
    return value


def trace(
    name: str, function: Callable[..., Any], arguments: tuple[Argument, ...]
) -> tuple[tuple[Definition, ...], Expr]:
    """Call `function` once with the symbols of its arguments.

    Returns the named quantities in the author's order, and the value.
    """
    definitions: list[Definition] = []
    token = _definitions.set(definitions)
    try:
        with undistributed():
            given = {argument.name: argument.symbol for argument in arguments}
            value = sympify(function(**given))
    except LanguageError as error:
        raise LanguageError(f"{name}: {error}") from error
    except SympifyError as error:
        raise LanguageError(f"{name} returns {error.expr!r}, which is no formula") from error
    except Exception as error:
        raise LanguageError(_explain(name, function, error)) from error
    finally:
        _definitions.reset(token)
    if not isinstance(value, Expr):
        raise LanguageError(f"{name} returns {value}, which is no number; expected a formula")
    _check(name, arguments, definitions, value)
    return tuple(definitions), value


def _explain(name: str, function: Callable[..., Any], error: Exception) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.name == function.__name__ and frame.filename == function.__code__.co_filename
    ]
    where = f"{name}, line {lines[-1]}" if lines else name
    text = str(error).splitlines()[0] if str(error) else ""
    for sign, advice in _ADVICE:
        if sign in text:
            return f"{where}: {advice}"
    return f"{where}: {type(error).__name__}: {text}"


def _check(
    name: str, arguments: tuple[Argument, ...], definitions: list[Definition], value: Expr
) -> None:
    names = {argument.name for argument in arguments}
    for definition in definitions:
        if definition.name in names:
            raise LanguageError(
                f"{name}: let({definition.name!r}, ...) takes the name of an argument; "
                "choose another"
            )
    check_indices(
        name,
        names | {definition.name for definition in definitions},
        arguments,
        [*(definition.expression for definition in definitions), value],
    )
    known: set[Symbol] = {base(argument.symbol) for argument in arguments}
    for definition in definitions:
        check_expression(name, definition.expression, known)
        known.add(base(definition.symbol))
    check_expression(name, value, known)
    unbound = free_indices(value)
    if unbound:
        index = min(unbound, key=str)
        raise LanguageError(
            f"{name} returns a value for each {index}; bind it with a fold such as "
            f"MeanOver({index}, ...) or SumOver({index}, ...)"
        )
    _check_used(name, arguments, definitions, value)


def _check_used(
    name: str, arguments: tuple[Argument, ...], definitions: list[Definition], value: Expr
) -> None:
    used = set(value.free_symbols)
    for definition in reversed(definitions):
        if base(definition.symbol) not in used:
            raise LanguageError(f"{name}: let({definition.name!r}, ...) is never used")
        used |= definition.expression.free_symbols
    for argument in arguments:
        if argument.symbol not in used:
            raise LanguageError(
                f"{name}: the formula never uses {argument.name}; drop it from the signature "
                "(a condition such as x == y is False at once: write Eq(x, y))"
            )
