"""`@loss` and `from_expression`: from a Python function or an expression to a loss."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, overload

from sympy import Expr, Symbol, sympify

from lossgen.runtime import Loss
from lossgen.runtime.loss import user_loss

from .domains import Domain
from .entry import Argument, Entry
from .errors import LanguageError
from .interface import interface
from .trace import arguments_of, check_argument, check_default, check_name, trace


@overload
def loss(function: Callable[..., Any], /) -> Loss: ...
@overload
def loss(
    function: None = None,
    /,
    *,
    source: str = "",
    aliases: tuple[str, ...] = (),
    wrt: str | tuple[str, ...] = (),
    prepare: Callable[..., dict[str, Any]] | None = None,
    notation: Mapping[str, str] | None = None,
    claims: tuple[str, ...] = (),
    notes: str = "",
) -> Callable[[Callable[..., Any]], Loss]: ...
def loss(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a loss of a function that returns a SymPy expression.

    The function is called once, with symbols. Arguments before the `*` have one value per row,
    those after it are shared by all rows; annotations are domains. Works bare and called.

    Options:
        source: paper or textbook of the definition.
        aliases: other names under which `lossgen.find` leads here.
        wrt: what `gradient` differentiates with respect to by default (the first real argument).
        prepare: computes the trailing `Label[n][n]` arguments from the others, one row at a time.
        notation: LaTeX of arguments and quantities, by name.
        claims: properties to test, such as "convex".
        notes: convention or caveat to print on the page of the loss.

    Raises:
        LanguageError: when the function says something that has no meaning as mathematics.
    """
    if function is None:
        return lambda given: loss_of(given, options)
    return loss_of(function, options)


def loss_of(function: Callable[..., Any], options: Mapping[str, Any]) -> Loss:
    """Return the loss that `function` writes down, with the options of `loss`."""
    return user_loss(read(function, options), interface)


def read(function: Callable[..., Any], options: Mapping[str, Any]) -> Entry:
    """Trace `function` into an entry."""
    name = getattr(function, "__name__", "loss")
    if not callable(function) or not hasattr(function, "__code__"):
        raise LanguageError(f"@loss expects a function, found {function!r}")
    try:
        check_name(name)
        arguments = arguments_of(function)
        prepared = _prepared(arguments, options.get("prepare"))
    except LanguageError as error:
        raise LanguageError(f"{name}: {error}") from error
    _check_options(name, options)
    definitions, value = trace(name, function, arguments)
    given = dict(options)
    wrt = _wrt(name, arguments, given.pop("wrt", ()))
    notation = dict(given.pop("notation", None) or {})
    summary = inspect.cleandoc(function.__doc__ or "")
    return Entry(
        name, arguments, definitions, value, summary=summary, wrt=wrt, prepared=prepared,
        notation=notation, **given,
    )  # fmt: skip


def from_expression(
    name: str,
    expression: Expr,
    *,
    arguments: Mapping[Symbol, Domain],
    parameters: Mapping[Symbol, Domain | tuple[Domain, float]] | None = None,
    **options: Any,
) -> Loss:
    """Make a loss of an expression somebody already has.

    `arguments` gives the domain of each symbol with one value per row, `parameters` that of each
    shared one, with its default: `{a: (Positive, 3.0)}`.

    Raises:
        LanguageError: naming the free symbols that neither mapping mentions.
    """
    check_name(name)
    _check_options(name, options)
    expression = sympify(expression)
    declared = [_declared(name, symbol, domain, False) for symbol, domain in arguments.items()]
    declared += [_declared(name, symbol, one, True) for symbol, one in (parameters or {}).items()]
    if not arguments:
        raise LanguageError(
            f"{name}: arguments= names nothing; expected a symbol with one value per row"
        )
    missing = sorted(
        symbol.name
        for symbol in expression.free_symbols - set(arguments) - set(parameters or {})
        if isinstance(symbol, Symbol)
    )
    if missing:
        raise LanguageError(
            f"{name}: the expression also has the free symbols {', '.join(missing)}; name each in "
            "arguments= (one value per row) or parameters= (shared)"
        )
    symbols = [*arguments, *(parameters or {})]
    renamed = dict(zip(symbols, (argument.symbol for argument in declared), strict=True))
    definitions, value = trace(name, lambda **_: expression.xreplace(renamed), tuple(declared))
    wrt = _wrt(name, tuple(declared), options.pop("wrt", ()))
    entry = Entry(name, tuple(declared), definitions, value, wrt=wrt, **options)
    return user_loss(entry, interface)


def _declared(name: str, symbol: Symbol, given: Any, shared: bool) -> Argument:
    domain, default = given if isinstance(given, tuple) else (given, None)
    try:
        check_argument(symbol.name)
        if default is not None:
            default = check_default(symbol.name, default, domain)
    except LanguageError as error:
        raise LanguageError(f"{name}: {error}") from error
    if not isinstance(domain, Domain):
        raise LanguageError(
            f"{name}: {symbol.name} has {domain!r}; expected a domain such as Real or Positive"
        )
    return Argument(symbol.name, domain, shared, default)


def _check_options(name: str, options: Mapping[str, Any]) -> None:
    known = {"source", "aliases", "wrt", "prepare", "notation", "claims", "notes", "summary"}
    for unknown in sorted(set(options) - known):
        raise LanguageError(
            f"{name}: {unknown}= is no option of a loss; expected one of {sorted(known)}"
        )


def _wrt(
    name: str, arguments: tuple[Argument, ...], given: str | tuple[str, ...]
) -> tuple[str, ...]:
    given = given or _first_real(name, arguments)
    wrt = (given,) if isinstance(given, str) else tuple(given)
    known = {argument.name for argument in arguments if argument.domain.differentiable}
    for unknown in sorted(set(wrt) - known):
        raise LanguageError(
            f"{name}: wrt={unknown!r} is no real argument; expected one of {sorted(known)}"
        )
    return wrt


def _first_real(name: str, arguments: tuple[Argument, ...]) -> str:
    for argument in arguments:
        if argument.domain.differentiable:
            return argument.name
    raise LanguageError(
        f"{name} has no real argument, so it has no gradient; expected one, such as x: Real"
    )


def _prepared(arguments: tuple[Argument, ...], prepare: object) -> tuple[str, ...]:
    if prepare is None:
        return ()
    names: list[str] = []
    for argument in reversed([argument for argument in arguments if not argument.shared]):
        if argument.domain.name != "Label" or not argument.domain.axes:
            break
        names.append(argument.name)
    if not names:
        raise LanguageError(
            "prepare= computes trailing arguments such as order: Label[n][n]; there are none"
        )
    return tuple(reversed(names))
