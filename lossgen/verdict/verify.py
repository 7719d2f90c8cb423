"""`verify`: a claim, the exact answers, the simplest point at which they differ, a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lossgen.formulas.errors import FormulaError
from lossgen.language.entry import Entry
from lossgen.runtime.errors import ArgumentError, ArgumentTypeError

from . import claim as claims
from .judge import judged
from .question import Subject, What
from .regions import Region, regions
from .statement import stated
from .verdict import UNREADABLE, Verdict

Given = str | Callable[..., Any]
Texts = str | Sequence[str]


def verify(
    loss: Any = None,
    *,
    value: Given | None = None,
    gradient: Given | None = None,
    hessian: Given | None = None,
    wrt: str | None = None,
    python: str | None = None,
    what: What = "gradient",
    domain: Texts = (),
    where: Texts = (),
    let: Texts = (),
    strict: bool = False,
) -> Verdict:
    r"""Say whether a formula is the value, the gradient or the Hessian of a loss.

    A formula is LaTeX, as papers and the pages of the losses write it, or text in SymPy's syntax.
    It uses the names of the arguments, of the author's quantities, and of definitions, in `where`
    or after a semicolon. Text is parsed, never evaluated as code. A function of arrays, or
    `python="module:function"`, is imported and called.

    >>> verify(huber, gradient=r"\max(-\delta, \min(\delta, r))", where=r"r = \hat{y} - y")
    >>> verify(value="-log(p)", gradient="-1/p", wrt="p", domain="p in (0, 1)")

    Without a loss, `value` states it: then `wrt` says in which of its names it is differentiated,
    and what has no domain is a real number.

    Args:
        loss: the loss, shipped or a user's own; None for the one that `value` states.
        value: formula, or function, of the value.
        gradient: of the derivative with respect to `wrt`.
        hessian: of the second derivative: its diagonal where `wrt` has axes, or all of it where
            the formula has two indices.
        wrt: argument of the derivative; the one that `loss.gradient` takes by default.
        python: a function to judge instead of a formula, and `what` it computes.
        what: "value", "gradient" or "hessian".
        domain: where the formula is claimed to hold, such as "y in {0, 1}".
        where: definitions of names, such as "r = y - x".
        let: names of arguments, such as "p = prob".
        strict: whether kinks and ends of the domain count too.

    Raises:
        ArgumentTypeError: unless exactly one formula or function is given.
        ArgumentError: when `wrt` is no argument that is differentiated.
    """
    given: dict[What, Any] = {"value": value, "gradient": gradient, "hessian": hessian}
    if loss is None:
        given["value"] = None
    asked: list[tuple[What, Given]] = [(w, text) for w, text in given.items() if text is not None]
    if python is not None:
        asked.append((what, python))
    name = "this loss" if loss is None else loss.entry.name
    if len(asked) != 1:
        raise ArgumentTypeError(
            f"{name}: found {len(asked)} claims; give exactly one of "
            "value=, gradient=, hessian= and python="
        )
    (kind, text), texts = asked[0], _listed(where)
    is_function = python is not None or callable(text)
    try:
        named = regions(_listed(domain))
        if loss is None:
            entry, named = _stated(value, wrt, named, texts, () if is_function else (str(text),))
            texts, subject = (), Subject(entry, kind, entry.wrt[0], True)
        else:
            subject = _subject(loss.entry, kind, wrt)
            _check_names(subject.entry, named)
        claim = (
            claims.function(subject, text)
            if is_function
            else claims.formula(subject, str(text), texts, _listed(let))
        )
        verdict = judged(claim, named)
    except FormulaError as error:
        return Verdict(UNREADABLE, f"This cannot be read as a formula of {name}: {error}")
    return verdict.strict() if strict else verdict


def _listed(texts: Texts) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _stated(
    value: Any, wrt: str | None, named: dict[str, Region], where: Sequence[str], claims: Any
) -> tuple[Entry, dict[str, Region]]:
    if not isinstance(value, str) or wrt is None:
        raise ArgumentTypeError(
            "without a loss, value= has to be the formula of one, and wrt= one of its names"
        )
    return stated(value, wrt, named, where, claims)


def _subject(entry: Entry, what: What, wrt: str | None) -> Subject:
    argument = wrt or entry.wrt[0]
    if argument not in entry.gradients:
        raise ArgumentError(
            f"{entry.name}: wrt={argument!r} is not differentiated; expected one of "
            f"{', '.join(entry.gradients)}"
        )
    return Subject(entry, what, argument, chosen=wrt is not None)


def _check_names(entry: Entry, named: dict[str, Region]) -> None:
    known = [argument.name for argument in entry.arguments]
    for name in named:
        if name not in known:
            raise FormulaError(
                f"{name} has a domain and is no argument; expected one of {', '.join(known)}"
            )
