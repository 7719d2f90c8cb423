"""Tokens of LaTeX that their neighbours decide: which bar opens, which digit belongs to a macro."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from lark import Token

from .errors import FormulaError

# A plain sign that stands on both sides -> the names of its two halves.
_PAIRS = {"BAR": ("LBAR", "RBAR"), "NORM": ("LNORM", "RNORM")}
# What takes the next token or two, which of `12` are single digits.
_TAKES = {"FRAC": 2, "SQRT": 1}
_OPENING, _CLOSING = ("{", "(", "[", r"\{"), ("}", ")", "]", r"\}")


class Neighbours:
    """Runs over the tokens of a formula and turns those that can be two things into one."""

    always_accept = tuple(_PAIRS)

    def process(self, stream: Iterable[Token]) -> Iterator[Token]:
        """Yield the tokens with plain bars opened or closed, and digits divided."""
        return _paired(_divided(_bare(list(stream))))


def _bare(tokens: list[Token]) -> Iterator[Token]:
    r"""Drop the brace of \left\{ \begin{array}, which \right. closes."""
    for token, following in zip_longest(tokens, tokens[1:]):
        if not (token.type == "LBRACE" and following is not None and following.type == "BEGIN"):
            yield token


def _divided(tokens: Iterable[Token]) -> Iterator[Token]:
    r"""Take digits one by one where TeX does: \frac12 is a half."""
    wanted = 0
    for token in tokens:
        if wanted and token.type == "NUMBER" and token.isdigit() and len(token) > 1:
            if len(token) > wanted:
                raise FormulaError(
                    "TeX takes one digit here; use braces", "", token.start_pos or 0, token.end_pos
                )
            yield from _digits(token)
            wanted -= len(token)
        else:
            yield token
            wanted = _TAKES.get(token.type, max(wanted - 1, 0) if token.type == "NUMBER" else 0)


def _digits(token: Token) -> Iterator[Token]:
    start = token.start_pos or 0
    for place, digit in enumerate(token):
        yield Token(
            token.type, digit, start + place, token.line, token.column, token.end_line,
            token.end_column, start + place + 1,
        )  # fmt: skip


def _paired(tokens: Iterable[Token]) -> Iterator[Token]:
    """Open or close each plain bar: the innermost bracket says which."""
    stack: list[str] = []
    last: Token | None = None
    for token in tokens:
        if token.type in _PAIRS:
            if token.type == "BAR" and last is not None and last.value == "|":
                raise FormulaError(
                    "bars side by side can be read in two ways; write \\left| ... \\right|, "
                    "or \\lVert ... \\rVert for a norm",
                    "", last.start_pos or 0, token.end_pos,
                )  # fmt: skip
            opens = not (stack and stack[-1] == token.type)
            if opens:
                stack.append(token.type)
            else:
                stack.pop()
            token = Token.new_borrow_pos(_PAIRS[token.type][not opens], token.value, token)
        elif token.value in _OPENING or token.type == "SUBSTACK":
            stack.append(token.value)
        elif token.value in _CLOSING and stack:
            stack.pop()
        last = token
        yield token
