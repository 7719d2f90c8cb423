"""Names as they are typeset: the LaTeX of arguments, quantities, indices and extents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lossgen.language.entry import Entry
from lossgen.language.program import Program, Scatter, expressions
from lossgen.language.symbols import Index

GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
    ]
)
ACCENTS = ("hat", "bar", "tilde")
LOSS = "loss"
_LOSS_LETTERS = ("L", r"\mathcal{L}", r"\ell")


@dataclass(frozen=True)
class Notation:
    """LaTeX of the names of a loss.

    `names` covers arguments and quantities without their indices, `axes` the indices of each axis
    in the order of their first use, `extents` how many places each axis has. `loss` is the letter
    of the value, and `adjoints` gives the quantity whose derivative a name is: `d_r` that of `r`.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extents: Mapping[str, str] = field(default_factory=dict)
    loss: str = _LOSS_LETTERS[0]
    adjoints: Mapping[str, str] = field(default_factory=dict)

    def name(self, name: str) -> str:
        """Return the LaTeX of a name, declared or made from its spelling."""
        return self.names.get(name) or typeset(name)

    def element(self, name: str, indices: Iterable[str] = ()) -> str:
        """Return the LaTeX of a name with indices, which are LaTeX already."""
        if name == LOSS:
            return self.loss
        if name in self.adjoints:
            below = self.element(self.adjoints[name], indices)
            return rf"\frac{{\partial {self.loss}}}{{\partial {below}}}"
        return subscripted(self.name(name), tuple(indices))

    def knows(self, symbol: str) -> bool:
        """Whether an argument, quantity, index or extent is typeset as `symbol`."""
        return (
            symbol in self.names.values() or symbol in self.extents.values() or symbol == self.loss
        )


def notation(entry: Entry, *programs: Program) -> Notation:
    """Return the notation of an entry and of the programs derived from it.

    The author's own (`entry.notation`) comes first. A name whose subscript could be taken for an
    index is written out instead: `d_k` with an index k becomes the upright "d k".
    """
    axes = indices_by_axis(entry, programs)
    letters = {index for found in axes.values() for index in found}
    wanted = [argument.name for argument in entry.arguments]
    wanted += [definition.name for definition in entry.definitions]
    derived = [statement.name for program in programs for statement in program.statements]
    adjoints = adjoints_of(wanted, derived)
    letters |= {typeset(argument.name) for argument in entry.arguments if argument.domain.values}
    names: dict[str, str] = {}
    for name in dict.fromkeys([*wanted, *derived]):
        if name != LOSS and name not in adjoints:
            names[name] = entry.notation.get(name) or _chosen(name, letters, set(names.values()))
    taken = letters | set(names.values())
    extents: dict[str, str] = {}
    for axis in axes:
        extents[axis] = _first_free(axis, taken | set(extents.values()))
    free = (letter for letter in _LOSS_LETTERS if letter not in taken | set(extents.values()))
    return Notation(names, axes, extents, next(free, r"\mathrm{loss}"), adjoints)


def adjoints_of(written: Iterable[str], derived: Iterable[str]) -> dict[str, str]:
    """Return which of the `derived` names are the derivatives of which other name.

    A name that the author wrote is never one, whatever it looks like.
    """
    known = {*written, *derived}
    return {
        name: name[2:]
        for name in derived
        if name.startswith("d_") and name[2:] in known and name not in written
    }


def typeset(name: str) -> str:
    r"""Return a name as it is set in print.

    Single letters are italic, Greek names letters, words upright; what follows an underscore is a
    subscript, or an accent: `y_hat`, `p_t`, `pos_weight`, `lambda_1`. A second index over an axis
    (`k_2`) gets a prime.
    """
    if second := re.fullmatch(r"([A-Za-z])_([23])", name):
        return second[1] + "'" * (int(second[2]) - 1)
    parts = [part for part in name.split("_") if part] or [name]
    numbered = re.fullmatch(r"([A-Za-z]+?)(\d+)", parts[0])
    if numbered:
        parts[:1] = [numbered[1], numbered[2]]
    base, *rest = parts
    text = _word(base)
    while rest and rest[0] in ACCENTS:
        text = rf"\{rest.pop(0)}{{{text}}}"
    return subscripted(text, tuple(_word(part) for part in rest))


def subscripted(text: str, indices: tuple[str, ...]) -> str:
    """Return `text` with indices, appended to the subscript that it may have."""
    if not indices:
        return text
    joined = ",".join(indices)
    if _ends_with_subscript(text):
        return f"{text[:-1]},{joined}}}"
    if re.search(r"_[A-Za-z0-9]$", text):
        return f"{text[:-1]}{{{text[-1]},{joined}}}"
    return f"{text}_{{{joined}}}"


def _ends_with_subscript(text: str) -> bool:
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += {"}": 1, "{": -1}.get(text[place], 0)
        if depth == 0:
            return text[place] == "{" and text[place - 1] == "_"
    return False


def upright(name: str) -> str:
    """Return a name written out in upright letters, underscores as spaces."""
    return rf"\mathrm{{{name.replace('_', chr(92) + ' ')}}}"


def _word(part: str) -> str:
    if part in GREEK:
        return f"\\{part}"
    return part if len(part) == 1 or part.isdigit() else rf"\mathrm{{{part}}}"


def _chosen(name: str, indices: set[str], names: set[str]) -> str:
    subscripts = {typeset(part) for part in name.split("_")[1:]}
    text = typeset(name)
    return upright(name) if text in names or subscripts & indices else text


def _first_free(axis: str, taken: set[str]) -> str:
    for candidate in (typeset(axis), typeset(axis.upper()), f"N_{{{typeset(axis)}}}"):
        if candidate not in taken:
            return candidate
    return upright(f"size_{axis}")


def indices_by_axis(entry: Entry, programs: Iterable[Program]) -> dict[str, tuple[str, ...]]:
    """Return the LaTeX of the indices that formulas use, by axis, in order of first use."""
    found: dict[str, list[str]] = {}
    for argument in entry.arguments:
        for axis in (*argument.domain.axes, argument.domain.values):
            if axis:
                found.setdefault(axis, [])
    for index in _indices(entry, programs):
        known = found.setdefault(index.axis, [])
        if index.name not in known:
            known.append(index.name)
    return {axis: tuple(map(typeset, names or [axis])) for axis, names in found.items()}


def _indices(entry: Entry, programs: Iterable[Program]) -> Iterable[Index]:
    texts = [definition.expression for definition in entry.definitions] + [entry.value]
    for definition in entry.definitions:
        yield from definition.indices
    for expression in texts:
        yield from sorted(expression.atoms(Index), key=lambda index: index.name)
    for program in programs:
        for statement in program.statements:
            if not isinstance(statement, Scatter):
                yield from statement.indices
            for expression in expressions(statement):
                yield from sorted(expression.atoms(Index), key=lambda index: index.name)
