"""An indenting builder of Python source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

INDENT = "    "
WIDTH = 100


class Source:
    """Lines of source at a current depth."""

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.depth = depth

    def line(self, text: str = "") -> None:
        """Add a line, broken at commas where it is too long."""
        indent = INDENT * self.depth
        if len(indent) + len(text) <= WIDTH or "(" not in text:
            self.lines.append(indent + text if text else "")
            return
        self.lines += [indent + part for part in _broken(text, WIDTH - len(indent))]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a line that opens a block, and indent what follows."""
        self.line(head)
        self.depth += 1
        yield
        self.depth -= 1

    def text(self) -> str:
        """Return all lines."""
        return "\n".join(self.lines) + "\n"


def _broken(text: str, width: int) -> list[str]:
    """Break a long line: an assigned expression at its operators, a call at its commas."""
    head, equals, value = text.partition(" = ")
    if not equals:
        head, equals, value = text.partition(" += ")
    if equals and value.startswith("scale * (") and _partner(value, 8) == len(value) - 1:
        equals, value = f"{equals}scale * ", value[9:-1]
    pieces = _at_operators(value) if equals else []
    if len(pieces) > 1:
        inner = [INDENT + piece for piece in pieces]
        nested = [line for piece in inner for line in _continued(piece, width)]
        return [f"{head}{equals}(", *nested, ")"]
    return _at_commas(text, width)


def _continued(piece: str, width: int) -> list[str]:
    if len(piece) <= width:
        return [piece]
    inner = _at_operators(piece.strip(), skip=1)
    if len(inner) < 2:
        return _opened(piece, width)
    parts = [INDENT + inner[0], *(INDENT * 2 + part for part in inner[1:])]
    return [line for part in parts for line in _opened(part, width)]


def _opened(piece: str, width: int) -> list[str]:
    """Break a line with the coefficients of polynomials: a call at its commas, else at operators.

    Of all calls only these have so many arguments that a line of them cannot be read.
    """
    opening = piece.find("(")
    if len(piece) <= width or "rational(" not in piece:
        return [piece]
    depth, text = piece[: len(piece) - len(piece.lstrip())], piece.strip()
    if piece[opening - 1].isidentifier() or _partner(piece, opening) < len(piece) - 1:
        return [depth + line for line in _at_commas(text, width - len(depth))]
    inner = [INDENT + part for part in _at_operators(piece[opening + 1 : -1])]
    lines = [line for part in inner for line in _continued(part, width - len(depth))]
    return [piece[: opening + 1], *(depth + line for line in lines), depth + ")"]


def _at_operators(text: str, skip: int = 0) -> list[str]:
    """Break an expression before the operators that bind least."""
    for words in ((" if ", " else "), (" + ", " - "), (" * ", " / "))[skip:]:
        places = [
            place for place in _top_places(text) for word in words if text.startswith(word, place)
        ]
        if places:
            edges = [0, *(place + 1 for place in places), len(text)]
            return [text[a:b].strip() for a, b in pairwise(edges)]
    return [text]


def _top_places(text: str) -> list[int]:
    depth, places = 0, []
    for place, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if depth == 0 and character == " ":
            places.append(place)
    return places


def _at_commas(text: str, width: int) -> list[str]:
    """Break `head(a, b, c)tail` after the first bracket and before its partner, filling lines."""
    opening = text.index("(")
    closing = _partner(text, opening)
    head, inner, tail = text[: opening + 1], text[opening + 1 : closing], text[closing:]
    parts = _top_level(inner)
    if len(parts) == 1:
        return [text]
    lines, current = [head], INDENT
    for place, part in enumerate(parts):
        piece = part + ("," if place < len(parts) - 1 else "")
        if len(current) + len(piece) > width and current.strip():
            lines.append(current.rstrip())
            current = INDENT
        current += piece + " "
    lines.append(current.rstrip())
    lines.append(tail)
    return lines


def _partner(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


def _top_level(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return parts
