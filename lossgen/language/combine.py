"""Combinations of losses, again losses: sums, multiples, new names, lifting over an axis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Symbol, sympify

from lossgen.runtime import Loss
from lossgen.runtime.loss import user_loss

from .domains import Domain
from .entry import Argument, Definition, Entry, base
from .errors import LanguageError
from .folds import Fold, MeanOver
from .interface import interface
from .symbols import Element, Index
from .trace import check_argument, check_name, undistributed


def add(left: Loss, right: Loss) -> Loss:
    """Return the sum of two losses; arguments are joined by name.

    A shared argument or named quantity that both have with different meaning gets the name of its
    loss as prefix.

    Raises:
        LanguageError: when an argument of one name has different domains or axes.
    """
    first, second = left.entry, right.entry
    second = _apart(first, second)
    for argument in second.arguments:
        _require_same(first, second, argument)
    known = {argument.name for argument in first.arguments}
    joined = [*first.arguments, *(a for a in second.arguments if a.name not in known)]
    _require_one_prepare(first, second)
    with undistributed():
        value = first.value + second.value
    entry = replace(
        first,
        name=f"{first.name}_plus_{second.name}",
        arguments=tuple(sorted(joined, key=lambda argument: argument.shared)),
        definitions=(*first.definitions, *second.definitions),
        value=value,
        summary=f"Sum of {first.name} and {second.name}.",
        source="", aliases=(), claims=(), notes="",
        prepare=first.prepare or second.prepare,
        prepared=first.prepared or second.prepared,
        notation={**second.notation, **first.notation},
    )  # fmt: skip
    return user_loss(entry, interface)


def multiply(loss: Loss, factor: Any) -> Loss:
    """Return `factor` times a loss; the factor is a number.

    Raises:
        LanguageError: when the factor is no real number.
    """
    number = sympify(factor)
    if not number.is_number or number.is_real is not True:
        raise LanguageError(f"{loss.name}: found the factor {factor!r}; expected a real number")
    entry: Entry = loss.entry
    with undistributed():
        value = number * entry.value
    changed = replace(
        entry, name=f"scaled_{entry.name}", value=value, source="", aliases=(), claims=()
    )
    return user_loss(changed, interface)


def rename(loss: Loss, **names: str) -> Loss:
    """Return a loss with other names of its arguments: `rename(target="mask")`.

    Raises:
        LanguageError: for an unknown argument, or a new name that is taken.
    """
    entry: Entry = loss.entry
    known = {argument.name for argument in entry.arguments}
    for new in names.values():
        if list(names.values()).count(new) > 1:
            raise LanguageError(f"{entry.name}: the name {new} is given twice; choose another")
    for old, new in names.items():
        (check_argument if old in known else check_name)(new)
        if old not in known:
            raise LanguageError(
                f"{entry.name} has no argument {old}; it has {', '.join(sorted(known))}"
            )
        if new in (known | {d.name for d in entry.definitions}) - set(names):
            raise LanguageError(f"{entry.name}: the name {new} is taken; choose another")
    return user_loss(_renamed(entry, names), interface)


def over(loss: Loss, index: Index, fold: type[Fold] = MeanOver) -> Loss:
    """Return the mean (or another fold) of a pointwise loss over an axis.

    Every argument with one value per row gets the axis.

    Raises:
        LanguageError: when the loss has axes already.
    """
    entry: Entry = loss.entry
    if any(argument.domain.axes or argument.domain.values for argument in entry.per_row):
        raise LanguageError(
            f"{entry.name} has axes already; over() lifts a loss of one number per argument"
        )
    if not isinstance(index, Index):
        raise LanguageError(
            f"{entry.name}.over({index!r}): expected an axis, such as k = axis('k')"
        )
    taken = {argument.name for argument in entry.arguments}
    if index.name in taken | {definition.name for definition in entry.definitions}:
        raise LanguageError(f"{entry.name}: the name {index.name} is taken; choose another axis")
    mapping: dict[Any, Any] = {}
    arguments = []
    for argument in entry.arguments:
        lifted = argument
        if not argument.shared:
            lifted = replace(argument, domain=replace(argument.domain, axes=(index.axis,)))
            mapping[argument.symbol] = lifted.symbol[index]
        arguments.append(lifted)
    definitions = []
    with undistributed():
        for definition in entry.definitions:
            new = Definition(definition.name, (index,), definition.expression.xreplace(mapping))
            mapping[definition.symbol] = new.symbol
            definitions.append(new)
        value = fold(index, entry.value.xreplace(mapping))
    changed = replace(
        entry, name=f"{entry.name}_over_{index.axis}", arguments=tuple(arguments),
        definitions=tuple(definitions), value=value, aliases=(), claims=(), source="",
    )  # fmt: skip
    return user_loss(changed, interface)


def _renamed(entry: Entry, names: dict[str, str]) -> Entry:
    """Return the entry with other names of arguments and quantities."""
    mapping: dict[Any, Any] = {}
    arguments = tuple(replace(a, name=names.get(a.name, a.name)) for a in entry.arguments)
    for old, new in zip(entry.arguments, arguments, strict=True):
        mapping[old.symbol] = new.symbol
    definitions = []
    with undistributed():
        for definition in entry.definitions:
            new_name = names.get(definition.name, definition.name)
            changed = Definition(
                new_name, definition.indices, substituted(definition.expression, mapping)
            )
            mapping[base(definition.symbol)] = base(changed.symbol)
            definitions.append(changed)
        value = substituted(entry.value, mapping)
    return replace(
        entry, arguments=arguments, definitions=tuple(definitions), value=value, aliases=(),
        wrt=tuple(names.get(name, name) for name in entry.wrt),
        notation={names.get(name, name): text for name, text in entry.notation.items()},
    )  # fmt: skip


def substituted(expression: Any, mapping: dict[Any, Any]) -> Any:
    """Replace symbols and arrays; elements are rebuilt on the new array."""
    if isinstance(expression, Element):
        places = tuple(substituted(place, mapping) for place in expression.indices)
        return Element(mapping.get(expression.array, expression.array), *places)
    if isinstance(expression, Symbol):
        return mapping.get(expression, expression)
    if not expression.args:
        return expression
    parts = [substituted(part, mapping) for part in expression.args]
    return expression.func(*parts)


def _apart(first: Entry, second: Entry) -> Entry:
    """Rename quantities and shared arguments of `second` that clash with those of `first`."""
    names = {definition.name for definition in first.definitions}
    names |= {argument.name for argument in first.arguments}
    clashes = {d.name: f"{second.name}_{d.name}" for d in second.definitions if d.name in names}
    for argument in second.shared:
        if argument.name in names and argument not in first.arguments:
            clashes[argument.name] = f"{second.name}_{argument.name}"
    return _renamed(second, clashes) if clashes else second


def _require_same(first: Entry, second: Entry, argument: Argument) -> None:
    for other in first.arguments:
        if other.name == argument.name and _kind(other.domain) != _kind(argument.domain):
            advice = (
                "use over(k) on the one without the axis"
                if other.domain.axes != argument.domain.axes
                else ("rename one of them")
            )
            raise LanguageError(
                f"{first.name} + {second.name}: {argument.name} is {other.domain} in the one and "
                f"{argument.domain} in the other; {advice}"
            )
    rows = {
        len(a.domain.axes)
        for entry in (first, second)
        for a in entry.per_row
        if a.domain.differentiable
    }
    common = {a.name for a in first.per_row} & {a.name for a in second.per_row}
    if len(rows) > 1 and not common:
        raise LanguageError(
            f"{first.name} + {second.name}: a row of the one has axes and a row of the other has "
            "none; lift the pointwise one with over(k)"
        )


def _kind(domain: Domain) -> tuple[Any, ...]:
    return (domain.axes, domain.values, domain.integer)


def _require_one_prepare(first: Entry, second: Entry) -> None:
    if first.prepare and second.prepare and first.prepare is not second.prepare:
        raise LanguageError(
            f"{first.name} + {second.name}: both compute arguments beforehand; one may"
        )
