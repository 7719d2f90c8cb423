"""Running a grammar: every failure becomes one error with its place, whatever the text."""

from __future__ import annotations

from lark import Lark
from lark.exceptions import UnexpectedInput, VisitError
from lark.visitors import Transformer_NonRecursive

from .errors import FormulaError
from .tree import LONGEST, Node

# Brackets that may be open at once; a tree is a few times as deep.
_OPEN = 40


class Builder(Transformer_NonRecursive):
    """Turns what a grammar found into nodes, without recursion: text may be nested deeply."""


def parse(grammar: Lark, builder: Builder, text: str) -> Node:
    """Return the tree of `text`.

    Raises:
        FormulaError: with the place, when the grammar does not know the text.
    """
    _check_size(text)
    try:
        found = builder.transform(grammar.parse(text))
    except FormulaError as error:
        error.text = text
        raise
    except VisitError as error:
        if isinstance(error.orig_exc, FormulaError):
            error.orig_exc.text = text
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise _unexpected(error, text) from None
    assert isinstance(found, Node)
    return found


def _check_size(text: str) -> None:
    if len(text) > LONGEST:
        raise FormulaError(f"found {len(text)} characters; a formula has at most {LONGEST}")
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if depth > _OPEN:
            raise FormulaError(
                f"more than {_OPEN} open brackets; give inner parts a name", text, place
            )


def _unexpected(error: UnexpectedInput, text: str) -> FormulaError:
    place = error.pos_in_stream
    if place is None or place < 0 or place >= len(text) or getattr(error, "token", None) == "":
        return FormulaError("the formula ends too early", text, len(text))
    end = getattr(getattr(error, "token", None), "end_pos", None) or place + 1
    return FormulaError(f"{text[place:end]!r} cannot stand here", text, place, end)
