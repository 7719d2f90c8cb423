"""`identify`: which loss of the catalogue a function is, told by its values at fixed points.

Every loss is tried with every order of its arguments; a factor, a constant, and parameters that the
function hides are fitted. What fits at all points is listed; nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

import numpy as np

from lossgen import losses
from lossgen.checks.recipes import above, moderate, on_grid, tame
from lossgen.checks.samples import defaults, drawn, generator, others, sizes_of
from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from .asking import REDUCTIONS, Asked, asked
from .binding import bind, find, required
from .errors import ForeignError
from .fitting import Fit, fitted
from .frameworks import candidates

FLOAT64 = np.dtype(np.float64)
# Far and near numbers: a Huber loss with a large delta is a square at moderate ones.
_ROWS = [moderate] * 6 + [on_grid] * 4 + [tame] * 8 + [above] * 2
_ENOUGH = 8  # finite values that tell one loss from another


@dataclass(frozen=True)
class Match:
    """A loss that a function is: `factor` times it, plus `constant`.

    `arguments` maps those of the function to those of the loss; `parameters` are values that the
    function hides, `fitted` if they are not the defaults; `reduction` is that of several rows,
    empty if it is neither none, mean nor sum.
    """

    loss: str
    factor: float
    constant: float
    reduction: str
    arguments: Mapping[str, str]
    parameters: Mapping[str, float]
    fitted: bool = False

    def __str__(self) -> str:
        factor = "" if self.factor == 1 else "-" if self.factor == -1 else f"{self.factor:.10g} * "
        constant = "" if self.constant == 0 else f" {self.constant:+.10g}"
        given = [f"{name}={own}" for own, name in self.arguments.items()]
        given += [f"{name}={value:.10g}" for name, value in self.parameters.items()]
        reduced = f", reduction {self.reduction}" if self.reduction else ""
        return f"{factor}{self.loss}({', '.join(given)}){constant}{reduced}"


@dataclass(frozen=True)
class Identification:
    """The losses that a function is: none, one, or several that agree at all points tried."""

    function: str
    matches: tuple[Match, ...]
    points: int
    message: str = ""

    def __bool__(self) -> bool:
        return bool(self.matches)

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)

    def __str__(self) -> str:
        if self.message:
            return f"{self.function} cannot be asked: {self.message}"
        if not self.matches:
            return f"{self.function} is no loss of the catalogue, nor a multiple of one"
        if len(self.matches) == 1:
            return f"{self.function} is {self.matches[0]}"
        lines = [
            f"{self.function} is each of these, which nothing tells apart at the points tried:"
        ]
        return "\n".join([*lines, *(f"  {match}" for match in self.matches)])

    __repr__ = __str__

    def to_json(self) -> str:
        """Return the identification as a JSON document."""
        return json.dumps(asdict(self), indent=1)


def identify(
    function: Callable[..., Any] | str,
    *,
    options: Mapping[str, Any] | None = None,
    framework: str | None = None,
    among: Sequence[Loss] | None = None,
    step: Callable[[str, int, int], None] | None = None,
) -> Identification:
    """Return the losses that a function is, by its values at fixed points.

    Args:
        function: any callable, or the text "module:function".
        options: what it is given besides its arguments.
        framework: "numpy", "torch" or "jax", where it is not seen by itself.
        among: the losses to try; the whole catalogue by default.
        step: is called with the name, how many are done, and of how many.
    """
    name = function if isinstance(function, str) else getattr(function, "__qualname__", "function")
    try:
        found = find(function) if isinstance(function, str) else function
        frameworks = candidates(found, framework)
    except ForeignError as error:
        return Identification(name, (), 0, str(error))
    tried = list(among) if among is not None else _catalogue()
    matches: list[Match] = []
    answered, last = 0, ""
    for done, loss in enumerate(tried):
        if step is not None:
            step(loss.name, done, len(tried))
        for order in _orders(found, loss.entry, options or {}):
            try:
                match = _match(_asked(found, loss, order, options or {}, frameworks), loss)
            except ForeignError as error:
                # What the function says itself tells more than that its arguments do not fit.
                last = str(error) if "raised" in str(error) or not last else last
                continue
            answered += 1
            if match is not None:
                matches.append(match)
                break  # another order of a symmetric loss is the same loss
    message = "" if answered else last or "it takes no arguments that a loss has"
    # Those with the parameters that one would expect come first.
    matches.sort(key=lambda match: match.fitted)
    return Identification(name, tuple(matches), answered, message)


def _catalogue() -> list[Loss]:
    return [getattr(losses, name) for name in sorted(dir(losses))]


def _orders(function: Any, entry: Entry, options: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the ways in which the arguments of a function can be those of a loss."""
    rows = [a.name for a in entry.per_row if a.name not in entry.prepared]
    own = required(function, options)
    if own is not None and len(own) > len(rows):
        return
    if own is None or len(own) < len(rows):  # by place, or by the usual names
        yield {}
        return
    usual = dict(zip(own, rows, strict=True))
    try:
        bound = bind(function, entry, None, options).named
        usual = {mine: bound.get(mine, usual[mine]) for mine in own}
    except ForeignError:
        pass
    seen = [usual] if len(set(usual.values())) == len(rows) else []
    yield from seen
    for order in permutations(rows):
        names = dict(zip(own, order, strict=True))
        if names not in seen:
            yield names


def _asked(
    function: Any, loss: Loss, names: Mapping[str, str], options: Mapping[str, Any],
    frameworks: Any,
) -> Asked:  # fmt: skip
    entry = loss.entry
    binding = bind(function, entry, names, options)
    rows = list(next(_batches(entry, ())).rows)[:4]
    return asked(entry, binding, frameworks, entry.wrt[0], None, rows)


def _batches(entry: Entry, taken: Sequence[str]) -> Iterator[Any]:
    """Yield rows of two sizes, so that a factor 1/n is no constant.

    In the second the parameters that the function takes are others than by default.
    """
    sizes = (sizes_of(entry) * 2)[:2]
    for number, (draw, size) in enumerate(zip((defaults, others), sizes, strict=True)):
        random = generator(entry, 0, 4000 + number)
        plain, drawn_ones = (each(entry, size, random, FLOAT64) for each in (defaults, draw))
        shared = {name: drawn_ones[name] if name in taken else plain[name] for name in plain}
        yield drawn(entry, size, shared, FLOAT64, random, _ROWS)


def _match(function: Asked, loss: Loss) -> Match | None:
    """Return how a function is a loss, None if it is not."""
    entry = loss.entry
    batches = list(_batches(entry, function.binding.given))
    said = [_values(function, batch) for batch in batches]
    found = np.concatenate(said)
    if np.isfinite(found).sum() < _ENOUGH:
        raise ForeignError("it has too few finite values")
    free = [a for a in entry.shared if not a.domain.axes and a.name not in function.binding.given]

    def values(parameters: Mapping[str, float]) -> Any:
        with np.errstate(all="ignore"):
            each = [
                loss(**batch.columns, **{**batch.shared, **parameters}, reduction="none")
                for batch in batches
            ]
        return np.concatenate([np.ravel(array) for array in each])

    fit: Fit | None = fitted(values, found, free)
    if fit is None:
        return None
    arguments = dict(function.binding.named)
    arguments |= {f"#{at + 1}": name for at, name in enumerate(function.binding.places)}
    return Match(
        entry.name, fit.factor, fit.constant, _reduction(function, batches[0], said[0]),
        arguments, fit.parameters, fit.searched,
    )  # fmt: skip


def _values(function: Asked, batch: Any) -> Any:
    """Return the value of each row, asked one at a time."""
    return np.array([_single(function, row) for row in batch.rows])


def _single(function: Asked, row: Any) -> float:
    try:
        found = function.numbers("value", row, FLOAT64)
    except ForeignError:
        return np.nan
    if len(found) != 1:
        raise ForeignError(f"it returns {len(found)} numbers for one row")
    return found[0]


def _reduction(function: Asked, batch: Any, single: Any) -> str:
    finite = np.flatnonzero(np.isfinite(single))[:5]
    try:
        together = np.array(function.batch("value", [batch.rows[at] for at in finite], FLOAT64))
    except ForeignError:
        return ""
    for name, reduce in REDUCTIONS.items():
        wanted = reduce(single[finite])
        if wanted.shape == together.shape and np.allclose(wanted, together, rtol=1e-6):
            return name
    return ""
