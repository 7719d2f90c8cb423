"""Which argument of a function is which argument of a loss."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from lossgen.language.entry import Argument, Entry

from .errors import ForeignError

# How libraries call the argument that is predicted, the one that it is compared with, and others.
_PREDICTED = (
    "input", "y_pred", "y_score", "y_prob", "y_proba", "pred", "preds", "prediction",
    "predictions", "logit", "logits", "pred_decision", "input1", "x", "a", "u",
)  # fmt: skip
_COMPARED = (
    "target", "targets", "y_true", "y", "label", "labels", "true", "input2", "y2", "b", "v",
)  # fmt: skip
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "variance": ("var",), "quantile": ("alpha", "q", "tau"), "delta": ("beta", "threshold"),
    "beta": ("delta",), "label": _COMPARED, "smooth": ("eps", "epsilon"),
    "temperature": ("tau", "t"),
}  # fmt: skip


@dataclass(frozen=True)
class Binding:
    """A function with, for each of its arguments, the argument of the loss that it gets.

    `named` maps arguments of the function to those of the loss, `places` lists those that it takes
    by position; `options` are given to it besides.
    """

    function: Callable[..., Any]
    named: Mapping[str, str]
    places: tuple[str, ...]
    options: Mapping[str, Any]

    @property
    def given(self) -> tuple[str, ...]:
        """The arguments of the loss that the function gets."""
        return (*self.places, *self.named.values())

    def __call__(self, **arguments: Any) -> Any:
        """Call the function with arguments of the loss."""
        by_place = [arguments[name] for name in self.places]
        by_name = {own: arguments[name] for own, name in self.named.items()}
        return self.function(*by_place, **by_name, **self.options)

    def __str__(self) -> str:
        texts = [*self.places, *(f"{own}={name}" for own, name in self.named.items())]
        return ", ".join([*texts, *(f"{own}={value!r}" for own, value in self.options.items())])


def find(reference: str) -> Callable[..., Any]:
    """Import the function `module:function`; the folder one stands in is searched too.

    Raises:
        ForeignError: when there is none.
    """
    module, colon, name = reference.partition(":")
    if not colon or not name:
        raise ForeignError(f"found {reference}; expected module:function")
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise ForeignError(
            f"{reference} cannot be found: {error}; expected module:function"
        ) from None
    finally:
        sys.path.remove(here)
    if not callable(found):
        raise ForeignError(f"{reference} is a {type(found).__name__}; expected a function")
    return found


def bind(
    function: Callable[..., Any],
    entry: Entry,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Binding:
    """Return which argument of a function is which of a loss.

    `names` says it outright, `{"input": "prediction"}`; else equal names, then the usual names of
    libraries, then the order decide. `options` are for the function alone, but a parameter of the
    loss with the same name has that value too.

    Raises:
        ForeignError: when an argument of either side has no counterpart.
    """
    names, options = dict(names or {}), dict(options or {})
    public = [a for a in entry.arguments if a.name not in entry.prepared]
    for own, name in names.items():
        if name not in {a.name for a in public}:
            known = ", ".join(a.name for a in public)
            raise ForeignError(f"{own}={name}: {entry.name} has no {name}; expected one of {known}")
    own_names = _own_names(function)
    if own_names is None:
        needed = tuple(a.name for a in public if not a.shared)
        return Binding(
            function, names, tuple(n for n in needed if n not in names.values()), options
        )
    found = dict(names)
    free = [own for own in own_names if own not in found and own not in options]
    for look in (_equal, _usual):
        for argument in public:
            if argument.name in found.values():
                continue
            match = look(argument, entry, free)
            if match is not None:
                found[match] = argument.name
                free.remove(match)
    rest = [a.name for a in public if not a.shared and a.name not in found.values()]
    waiting = [own for own in free if own_names[own]]
    found.update(zip(waiting, rest, strict=False))
    _check(function, entry, found, own_names, options, rest[len(waiting) :], waiting[len(rest) :])
    by_place = tuple(found.pop(own) for own in _only_by_place(function) if own in found)
    return Binding(function, found, by_place, options)


def required(function: Callable[..., Any], options: Mapping[str, Any]) -> list[str] | None:
    """Return the arguments that a function must be given; None if nobody knows."""
    names = _own_names(function)
    if names is None:
        return None
    return [name for name, needed in names.items() if needed and name not in options]


def _own_names(function: Callable[..., Any]) -> dict[str, bool] | None:
    """Return the arguments of a function and whether each must be given; None if nobody knows."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return None
    return {p.name: p.default is p.empty for p in parameters if p.kind is not p.VAR_KEYWORD}


def _only_by_place(function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY]


def _equal(argument: Argument, entry: Entry, free: list[str]) -> str | None:
    return argument.name if argument.name in free else None


def _usual(argument: Argument, entry: Entry, free: list[str]) -> str | None:
    rows = [a.name for a in entry.per_row if a.name not in entry.prepared]
    usual: tuple[str, ...] = _SYNONYMS.get(argument.name, ())
    if not argument.shared and len(rows) == 2:
        usual += _PREDICTED if argument.name == rows[0] else _COMPARED
    elif rows and argument.name == rows[0]:
        usual += _PREDICTED
    return next((own for own in usual if own in free), None)


def _check(
    function: Any, entry: Entry, found: Mapping[str, str], own_names: Mapping[str, bool],
    options: Mapping[str, Any], missing: list[str], waiting: list[str],
) -> None:  # fmt: skip
    name = getattr(function, "__name__", "the function")
    keywords = _takes_keywords(function)
    unknown = [own for own in (*found, *options) if own not in own_names and not keywords]
    if unknown:
        raise ForeignError(
            f"{name} has no argument {unknown[0]}; expected one of {', '.join(own_names)}"
        )
    if waiting:
        raise ForeignError(
            f"{name} needs {waiting[0]}, and {entry.name} has nothing left for it; give it: "
            f"--set {waiting[0]}=VALUE, or --let {waiting[0]}=ARGUMENT"
        )
    if missing:
        raise ForeignError(
            f"{entry.name} has {missing[0]}, and {name} takes nothing for it; say which of "
            f"{', '.join(own_names)} it is: --let NAME={missing[0]}"
        )


def _takes_keywords(function: Any) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(p.kind is p.VAR_KEYWORD for p in parameters)
