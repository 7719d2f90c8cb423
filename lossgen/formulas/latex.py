"""From LaTeX to a tree: the nodes of what the grammar found."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, v_args

from .derivatives import quotient
from .errors import FormulaError
from .names import LATEX_FUNCTIONS, word
from .parse import Builder, parse
from .scripts import scripted
from .term import Mark, term
from .tokens import Neighbours
from .tree import Kind, Node, node, spanning

_RELATIONS = {
    "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=",
    r"\leqq": "<=", r"\ge": ">=", r"\geq": ">=", r"\geqslant": ">=", r"\geqq": ">=",
    r"\ne": "!=", r"\neq": "!=", r"\not=": "!=",
}  # fmt: skip


def tree(text: str, taken: Container[str] = ()) -> Node:
    """Return the tree of a formula or an equation written in LaTeX.

    `taken` holds the names of arguments: such a name is no function, whatever it looks like.

    Raises:
        FormulaError: with the place, when the text is no formula or can be read in two ways.
    """
    return parse(_grammar(), _LatexBuilder(taken), text)


@cache
def _grammar() -> Lark:
    text = files(__package__).joinpath("latex.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", postlex=Neighbours(), propagate_positions=True)


@v_args(meta=True)
class _LatexBuilder(Builder):
    """Makes nodes of what the grammar found."""

    def __init__(self, taken: Container[str]) -> None:
        super().__init__()
        self.taken = taken

    def formula(self, meta: Any, parts: list[Any]) -> Any:
        return parts[0]

    def equation(self, meta: Any, parts: list[Any]) -> Node:
        return spanning("equation", tuple(parts))

    def sign(self, meta: Any, parts: list[Any]) -> Any:
        return parts[0]

    def sum(self, meta: Any, parts: list[Any]) -> Node:
        terms: list[Node] = []
        negative = None
        for part in parts:
            if isinstance(part, Token):
                negative = part if part.type == "MINUS" else None
                continue
            if negative is not None:
                span = (negative.start_pos or 0, part.end)
                part = node("negative", (part,), span=span)
            terms.append(part)
            negative = None
        return terms[0] if len(terms) == 1 else spanning("sum", tuple(terms))

    def term(self, meta: Any, parts: list[Any]) -> Node:
        marks = [Mark(part) if isinstance(part, Token) else part for part in parts]
        return term(marks, self.taken)

    def factor(self, meta: Any, parts: list[Any]) -> Node:
        return scripted(parts[0], parts[1:], self.taken)

    def above(self, meta: Any, parts: list[Any]) -> Node:
        return node("keyword", tuple(parts), "above", span=_place(meta))

    def below(self, meta: Any, parts: list[Any]) -> Node:
        return node("keyword", tuple(parts[0]), "below", span=_place(meta))

    def below_token(self, meta: Any, parts: list[Any]) -> Node:
        inner = node("list", (self.token_node(parts[0]),), span=_place(meta))
        return node("keyword", (inner,), "below", span=_place(meta))

    def positive_part(self, meta: Any, parts: list[Any]) -> Node:
        return node("keyword", (), "positive", span=_place(meta))

    def group(self, meta: Any, parts: list[Any]) -> Any:
        return parts[0]

    def group_token(self, meta: Any, parts: list[Any]) -> Node:
        if parts[0].type == "NUMBER" and len(parts[0]) > 1:
            raise FormulaError("TeX takes one digit here; use braces", "", *_place(meta))
        return self.token_node(parts[0])

    def token_node(self, token: Token) -> Node:
        """Return the node of a bare token."""
        span = (token.start_pos or 0, token.end_pos or 0)
        if token.type == "INFINITY":
            return node("number", (), "oo", span=span)
        kind: Kind = "number" if token.type == "NUMBER" else "name"
        return node(kind, (), word(token), span=span)

    def subscript(self, meta: Any, parts: list[Any]) -> list[Any]:
        return parts

    def items(self, meta: Any, parts: list[Any]) -> Node:
        inner = [part for part in parts if isinstance(part, Node)]
        return spanning("list", tuple(inner))

    list = items

    def number(self, meta: Any, parts: Any) -> Node:
        return self.token_node(parts[0])

    def name(self, meta: Any, parts: Any) -> Node:
        return self.token_node(parts[0])

    def scientific(self, meta: Any, parts: Any) -> Node:
        raise FormulaError(
            f"{parts[0]} can be a number or a product with e; write 10^{{...}}", "", *_place(meta)
        )

    def accent(self, meta: Any, parts: Any) -> Node:
        mark, inner = parts
        if inner.kind != "name":
            raise FormulaError("an accent goes over one name", "", *_place(meta))
        sign = mark.replace("wide", "").replace("overline", "bar")
        return node("name", inner.parts, f"{sign}{{{inner.text}}}", span=_place(meta))

    def infinity(self, meta: Any, parts: Any) -> Node:
        return self.token_node(parts[0])

    def ones(self, meta: Any, parts: Any) -> Node:
        return node("ones", (), str(parts[0]), span=_place(meta))

    def function(self, meta: Any, parts: Any) -> Node:
        return node("call", (), LATEX_FUNCTIONS[parts[0]], span=_place(meta))

    def folder(self, meta: Any, parts: Any) -> Node:
        return node("fold", (), parts[0][1:], span=_place(meta))

    def bracket(self, meta: Any, parts: Any) -> Node:
        inner = [part for part in parts if not isinstance(part, Token)]
        return node("bracket", tuple(inner), span=_place(meta))

    def absolute(self, meta: Any, parts: Any) -> Node:
        return node("call", (parts[1],), "Abs", span=_place(meta))

    def norm(self, meta: Any, parts: Any) -> Node:
        return node("norm", (parts[1],), span=_place(meta))

    def inner_product(self, meta: Any, parts: Any) -> Node:
        return node("inner", tuple(parts[1:3]), span=_place(meta))

    def quotient(self, meta: Any, parts: Any) -> Node:
        return quotient(parts[1], parts[2], _place(meta))

    def root(self, meta: Any, parts: Any) -> Node:
        _, *degree, body = parts
        if not degree:
            return node("call", (body,), "sqrt", span=_place(meta))
        return node("call", (body, degree[0]), "root", span=_place(meta))

    def indicator(self, meta: Any, parts: Any) -> Node:
        inner = [part for part in parts if not isinstance(part, Token)]
        return node("indicator", tuple(inner), span=_place(meta))

    def cases(self, meta: Any, parts: Any) -> Node:
        rows = [half for row in parts if isinstance(row, tuple) for half in row]
        return node("cases", tuple(rows), span=_place(meta))

    def row(self, meta: Any, parts: Any) -> tuple[Any, ...]:
        return tuple(parts)

    def guard(self, meta: Any, parts: Any) -> Any:
        return parts[-1]

    def otherwise(self, meta: Any, parts: Any) -> Node:
        return node("true", (), span=_place(meta))

    def either(self, meta: Any, parts: Any) -> Node:
        return _joined("or", parts)

    def both(self, meta: Any, parts: Any) -> Node:
        return _joined("and", parts)

    def negation(self, meta: Any, parts: Any) -> Node:
        return node("not", (parts[1],), span=_place(meta))

    def inner(self, meta: Any, parts: Any) -> Any:
        return parts[0]

    def relation(self, meta: Any, parts: Any) -> Node:
        sides = [part for part in parts if isinstance(part, Node)]
        signs = [
            _RELATIONS.get(part.replace(" ", ""), "==") for part in parts if isinstance(part, Token)
        ]
        links = [
            spanning("relation", (left, right), sign)
            for left, right, sign in zip(sides, sides[1:], signs, strict=False)
        ]
        return links[0] if len(links) == 1 else spanning("and", tuple(links))


def _joined(kind: Any, parts: list[Any]) -> Node:
    inner = [part for part in parts if isinstance(part, Node)]
    return inner[0] if len(inner) == 1 else spanning(kind, tuple(inner))


def _place(meta: Any) -> tuple[int, int]:
    return meta.start_pos, meta.end_pos
