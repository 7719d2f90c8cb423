"""`audit`: a function that somebody wrote, beside the exact mathematics of a loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lossgen.language.entry import Entry
from lossgen.runtime import Loss
from lossgen.runtime.errors import ArgumentError
from lossgen.verdict.points import Row

from .asking import WHAT, Asked, asked, reduction
from .binding import Binding, bind, find
from .errors import ForeignError
from .finding import finding
from .frameworks import candidates
from .report import CANNOT, RIGHT, WRONG, Audit
from .rows import near

FLOAT64 = np.dtype(np.float64)


def audit(
    function: Callable[..., Any] | str,
    loss: Loss,
    *,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    gradient: Callable[..., Any] | str | None = None,
    wrt: str | None = None,
    framework: str | None = None,
) -> Audit:
    """Compare a function with the exact value, gradient and Hessian diagonal of a loss.

    >>> lossgen.audit(torch.nn.functional.huber_loss, huber, options={"reduction": "mean"})

    The function is called with one row at a time. Its derivatives are those of its framework,
    where that has them; for NumPy a `gradient` can be given beside it.

    Args:
        function: any callable, or the text "module:function".
        loss: the loss that it should be, shipped or a user's own.
        names: its arguments with those of the loss, `{"input": "prediction"}`; only where equal
            names, the usual names of libraries and the order do not tell.
        options: what it is given besides. A parameter of the loss of that name has the same value.
        gradient: a function that computes the derivative in `wrt`, of the same arguments.
        wrt: the argument of the derivatives; the one that `loss.gradient` takes by default.
        framework: "numpy", "torch" or "jax", where it is not seen by itself.
    """
    return _audited(function, loss, gradient, names, options, wrt, framework)


def audit_gradient(
    function: Callable[..., Any] | str,
    loss: Loss,
    *,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    wrt: str | None = None,
    framework: str | None = None,
) -> Audit:
    """Compare a function that computes the derivative of a loss with the exact one.

    It gets rows of arguments as `audit` gives them, and returns one number for each of `wrt`.
    """
    return _audited(function, loss, function, names, options, wrt, framework, ("gradient",))


def _audited(
    function: Any, loss: Loss, gradient: Any, names: Any, options: Any, wrt: str | None,
    framework: str | None, whats: tuple[str, ...] = WHAT,
) -> Audit:  # fmt: skip
    entry: Entry = loss.entry
    argument = wrt or entry.wrt[0]
    if argument not in entry.gradients:
        known = ", ".join(entry.gradients)
        raise ArgumentError(f"{entry.name}: wrt={argument!r} is not differentiated; give {known}")
    name = function if isinstance(function, str) else _name(function)
    try:
        found = find(function) if isinstance(function, str) else function
        binding = bind(found, entry, names, options)
        beside = None if gradient is None else _beside(gradient, entry, names)
        fixed = _fixed(entry, binding, options or {})
        free = tuple(name for name in binding.given if name not in fixed)
        rows = near(entry, free, fixed)
        subject = asked(entry, binding, candidates(found, framework), argument, beside, rows)
    except ForeignError as error:
        return Audit(name, entry.name, CANNOT, message=str(error))
    findings = [finding(subject, what, rows, fixed) for what in subject.answers if what in whats]
    reduced, note = _reduced(subject, rows) if "value" in whats else ("", "")
    wrong = any(each.code == WRONG for each in findings) or bool(note)
    subject_name = entry.name if "value" in whats else f"the derivative of {entry.name}"
    return Audit(
        name, subject_name, WRONG if wrong else RIGHT, subject.framework.name, str(binding),
        reduced, tuple(findings), note,
    )  # fmt: skip


def _name(function: Any) -> str:
    name = getattr(function, "__qualname__", type(function).__name__)
    return f"{getattr(function, '__module__', '')}:{name}".lstrip(":")


def _beside(gradient: Any, entry: Entry, names: Mapping[str, str] | None) -> Binding:
    found = find(gradient) if isinstance(gradient, str) else gradient
    return bind(found, entry, names)


def _fixed(entry: Entry, binding: Binding, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the loss that the options of the function set."""
    found = {}
    for argument in entry.shared:
        if argument.name in options:
            found[argument.name] = options[argument.name]
        elif argument.default is None and argument.name not in binding.given:
            raise ForeignError(
                f"{entry.name} needs {argument.name}, which the function does not take; "
                f"give it: --set {argument.name}=VALUE"
            )
    return found


def _answers(function: Asked, row: Row) -> bool:
    """Whether a function gives a number at a row; some take hard labels only."""
    try:
        return len(function.numbers("value", row, FLOAT64)) == 1
    except ForeignError:
        return False


def _reduced(function: Asked, rows: Sequence[Row]) -> tuple[str, str]:
    """Return how the function reduces several rows, and what is wrong with that."""
    answering = [row for row in rows if _answers(function, row)]
    first = answering[0]
    alike = [
        row
        for row in answering
        if all(np.shape(row[name]) == np.shape(first[name]) for name in first)
        and all(np.array_equal(row[a.name], first[a.name]) for a in function.entry.shared)
    ][:3]
    if len(alike) < 2:
        return "", ""
    found = reduction(function, alike, FLOAT64)
    return found, "" if found else (
        f"of {len(alike)} rows it returns neither their losses, nor the mean, nor the sum"
    )
