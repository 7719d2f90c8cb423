r"""Which argument a name of a formula means: declared with `let`, or by a convention of papers.

A convention maps a name only where nothing else can be meant: the name is not declared, one
argument answers to it, and that argument has no second name in the formula. Else the name stays
unknown, and the error asks for `let`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lossgen.formulas import bounds, lookup
from lossgen.formulas.errors import FormulaError
from lossgen.formulas.names import CONSTANTS, plain
from lossgen.formulas.scope import Scope, key
from lossgen.formulas.tree import Node, walk
from lossgen.language.entry import Entry

# Argument -> what papers call it.
CONVENTIONS: dict[str, tuple[str, ...]] = {
    "prediction": (r"\hat{y}", r"\tilde{y}", r"\mu", "f"),
    "target": ("y", "t"),
    "label": ("y", "c"),
    "logit": ("z", "x", "s"),
    "logits": ("z", "x", "s"),
    "score": (r"\hat{y}", "s", "f", "z"),
    "prob": ("p", r"\hat{p}", r"\hat{y}"),
    "mask": ("g", "y"),
    "log_prob": (r"\ell", "z"),
    "anchor": ("a",),
    "positive": ("p",),
    "negative": ("n",),
    "margin": ("m", r"\alpha"),
    "features": ("x", "f"),
    "centers": ("c",),
    "query": ("q",),
    "key": ("k",),
    "temperature": (r"\tau", "T"),
    "quantile": (r"\tau", "q"),
    "smooth": (r"\epsilon", r"\varepsilon", "s"),
    "precision": (r"\Lambda", "P"),
    "weights": ("w", r"\theta"),
    "strength": (r"\lambda",),
    "mean": (r"\mu", "m"),
    "pos_weight": ("w",),
}
# The letter of the observation in a sum over a batch: y_i of one number a row.
_SAMPLE = ("i", "n")


def declared(scope: Scope, entry: Entry, let: Sequence[str]) -> dict[str, Any]:
    """Return the names that `let` declares: "p=prob" says that p is the argument prob.

    Raises:
        FormulaError: for a text of another form, or an argument that the loss has not.
    """
    found: dict[str, Any] = {}
    known = {argument.name: argument for argument in entry.arguments}
    for text in let:
        name, _, argument = (part.strip() for part in text.partition("="))
        if argument not in known or not name:
            raise FormulaError(
                f"expected NAME=ARGUMENT, with one of {', '.join(known)} on the right", text
            )
        found[key(scope.tree(name))] = known[argument].symbol
    return found


def conventional(scope: Scope, entry: Entry, texts: Iterable[str]) -> dict[str, Any]:
    """Return what undeclared names of LaTeX mean by convention, where that is unambiguous."""
    trees = [scope.tree(text) for text in texts]
    parts = [part for tree in trees for part in walk(tree)]
    own = {lookup.key_or_none(tree.parts[0], None) for tree in trees if tree.kind == "equation"}
    own |= {tree.parts[0].text for tree in trees if tree.kind == "equation"}
    bound = {name for part in parts if part.kind == "fold" for name in bounds.names(part)}
    below = {place.text for part in parts for place in lookup.indices_of(part) if not place.parts}
    unknown = {
        plain(part.text)
        for part in parts
        if part.kind == "name" and not any(lookup.symbols(scope, part))
    } - own - bound - set(CONSTANTS) - {scope.loss}  # fmt: skip
    taken = {
        symbol for part in parts if part.kind == "name" for symbol, _ in lookup.symbols(scope, part)
    }
    free = [argument for argument in entry.arguments if argument.symbol not in taken]
    answers = {
        name: [
            each
            for each in free
            if name in CONVENTIONS.get(each.name, ())
            and (name not in below or (each.domain.values is not None and name == "y"))
        ]
        for name in unknown
    }
    return _unambiguous(answers)


def _unambiguous(answers: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the names that one argument answers to, unless it answers to two of them."""
    single = {name: found[0] for name, found in answers.items() if len(found) == 1}
    names = [argument.name for argument in single.values()]
    return {
        name: argument.symbol
        for name, argument in single.items()
        if names.count(argument.name) == 1
    }


def without_sample(scope: Scope, texts: Sequence[str]) -> dict[str, Any]:
    """Return numbers of one row under the subscript of their observation: y_i beside z_i.

    All of them have to carry it, and nothing else may.
    """
    trees = [scope.tree(text) for text in texts]
    parts = [part for tree in trees for part in walk(tree)]
    bound = {name for part in parts if part.kind == "fold" for name in bounds.names(part)}
    for letter in _SAMPLE:
        if letter in bound or letter in scope.names:
            continue
        found = [part for part in parts if part.kind == "name" and _carries(part, letter)]
        names = {plain(part.text) for part in found}
        bare = {plain(part.text) for part in parts if part.kind == "name" and not part.parts}
        numbers = {name: scope.names.get(name) for name in names}
        if found and not names & bare and all(_is_number(symbol) for symbol in numbers.values()):
            return {key(part): numbers[plain(part.text)] for part in found}
    return {}


def _carries(part: Node, letter: str) -> bool:
    return len(part.parts) == 1 and part.parts[0].kind == "name" and part.parts[0].text == letter


def _is_number(symbol: Any) -> bool:
    return symbol is not None and not getattr(symbol, "axes", ())


def spelled(name: str) -> str:
    """Return a Python name for a name of a formula."""
    found = re.sub(r"\W+", "_", name).strip("_")
    return found if found and not found[0].isdigit() else f"x_{found}"
