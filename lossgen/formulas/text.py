"""From plain text in SymPy's syntax to the same tree as from LaTeX. Nothing is evaluated."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, v_args

from .errors import FormulaError
from .names import FOLD_TYPES
from .parse import Builder, parse
from .tree import Node, node, spanning

# Relations and connectives that SymPy writes as functions.
_RELATIONS = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
_CONNECTIVES = {"And": "and", "Or": "or", "Not": "not"}
_FOLDS = {"Sum": "SumOver", "Product": "ProductOver"}  # as SymPy calls them
_CONSTANTS = {"True": "true", "False": "false"}


def tree(text: str) -> Node:
    """Return the tree of a formula or an equation written in SymPy's syntax.

    Raises:
        FormulaError: with the place, when the text is no formula.
    """
    if (place := text.find("^")) >= 0:
        raise FormulaError(
            "^ is a power in some languages and not in Python; write **", text, place
        )
    return parse(_grammar(), _TextBuilder(), text)


@cache
def _grammar() -> Lark:
    text = files(__package__).joinpath("text.lark").read_text(encoding="utf-8")
    return Lark(
        text, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False
    )


@v_args(meta=True)
class _TextBuilder(Builder):
    """Makes nodes of what the grammar found."""

    def formula(self, meta: Any, parts: Any) -> Any:
        return parts[0]

    def equation(self, meta: Any, parts: Any) -> Node:
        return spanning("equation", tuple(parts))

    def either(self, meta: Any, parts: Any) -> Node:
        return spanning("or", tuple(parts))

    def both(self, meta: Any, parts: Any) -> Node:
        return spanning("and", tuple(parts))

    def negation(self, meta: Any, parts: Any) -> Node:
        return node("not", tuple(parts), span=_span(meta))

    def comparison(self, meta: Any, parts: Any) -> Node:
        if len(parts) == 1:
            return parts[0]
        links = [
            spanning("relation", (parts[place], parts[place + 2]), str(parts[place + 1]))
            for place in range(0, len(parts) - 2, 2)
        ]
        return links[0] if len(links) == 1 else spanning("and", tuple(links))

    def sum(self, meta: Any, parts: Any) -> Node:
        terms = parts[:1]
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            span = (sign.start_pos, part.end)
            terms.append(part if sign == "+" else node("negative", (part,), span=span))
        return terms[0] if len(terms) == 1 else spanning("sum", tuple(terms))

    def term(self, meta: Any, parts: Any) -> Node:
        factors = parts[:1]
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            if sign == "*":
                factors.append(part)
            elif sign == "@":
                factors = [spanning("dot", (_product(factors), part))]
            else:
                factors = [spanning("quotient", (_product(factors), part))]
        return _product(factors)

    def minus(self, meta: Any, parts: Any) -> Node:
        return node("negative", (parts[-1],), span=_span(meta))

    def plus(self, meta: Any, parts: Any) -> Any:
        return parts[-1]

    def raised(self, meta: Any, parts: Any) -> Node:
        return spanning("power", tuple(parts))

    def number(self, meta: Any, parts: Any) -> Node:
        return node("number", (), str(parts[0]), span=_span(meta))

    def name(self, meta: Any, parts: Any) -> Node:
        text = str(parts[0])
        return node(_CONSTANTS.get(text, "name"), (), text, span=_span(meta))  # type: ignore[arg-type]

    def attribute(self, meta: Any, parts: Any) -> Node:
        span = _span(meta)
        if parts[1] == "T":
            inner = node("name", (), str(parts[0]), span=(span[0], span[1] - 2))
            return node("transpose", (inner,), span=span)
        if parts[1] != "size":
            raise FormulaError("only the size of an axis is read with a dot", "", *span)
        return node("size", (), str(parts[0]), span=span)

    def element(self, meta: Any, parts: Any) -> Node:
        base, indices = parts[0], parts[1].parts
        if base.kind == "name":
            return node("name", (*base.parts, *indices), base.text, span=_span(meta))
        return node("element", (base, *indices), span=_span(meta))

    def bracket(self, meta: Any, parts: Any) -> Any:
        return parts[0]

    def tuple(self, meta: Any, parts: Any) -> Node:
        more = parts[1].parts if len(parts) > 1 else ()
        return node("list", (parts[0], *more), span=_span(meta))

    def parts(self, meta: Any, parts: Any) -> Node:
        return spanning("list", tuple(parts))

    def keyword(self, meta: Any, parts: Any) -> Node:
        return node("keyword", (parts[1],), str(parts[0]), span=_span(meta))

    def call(self, meta: Any, parts: Any) -> Node:
        name, span = str(parts[0]), _span(meta)
        given: Any = parts[1].parts if len(parts) > 1 else ()
        name = _FOLDS.get(name, name)
        if name in FOLD_TYPES:
            return _fold(name, given, span)
        if name == "Piecewise":
            return _cases(given, span)
        if name == "where" and len(given) == 3:
            condition, *values = given
            rows = (values[0], condition, values[1], node("true", (), span=span))
            return node("cases", rows, span=span)
        if name == "Derivative" and len(given) > 1:
            return node("derivative", given, str(len(given) - 1), span=span)
        if name in _RELATIONS and len(given) == 2:
            return node("relation", given, _RELATIONS[name], span=span)
        if name in _CONNECTIVES and given:
            return node(_CONNECTIVES[name], given, span=span)  # type: ignore[arg-type]
        return node("call", given, name, span=span)


def _product(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else spanning("product", tuple(factors))


def _fold(name: str, given: tuple[Node, ...], span: tuple[int, int]) -> Node:
    """Return a fold in our order, `SumOver(k, body)`, or in SymPy's, `Sum(body, (k, 1, n))`."""
    where = [part for part in given if part.kind == "keyword"]
    plain = [part for part in given if part.kind != "keyword"]
    if len(plain) < 2 or any(part.text != "where" for part in where) or len(where) > 1:
        raise FormulaError(
            f"expected {name}(k, body) or {name}(k, body, where=condition)", "", *span
        )
    *indices, body = plain
    if all(_is_range(part) for part in plain[1:]):
        body, *indices = plain
    items = [node("range", item.parts, span=(item.start, item.end)) if item.kind == "list" else item
             for item in indices]  # fmt: skip
    items += [node("among", part.parts, span=(part.start, part.end)) for part in where]
    return node("fold", (spanning("list", tuple(items)), body), name, span=span)


def _is_range(part: Node) -> bool:
    return part.kind == "list" and len(part.parts) == 3


def _cases(given: tuple[Node, ...], span: tuple[int, int]) -> Node:
    if not given or any(part.kind != "list" or len(part.parts) != 2 for part in given):
        raise FormulaError("expected Piecewise((value, condition), ..., (value, True))", "", *span)
    return node("cases", tuple(half for part in given for half in part.parts), span=span)


def _span(meta: Any) -> Any:
    return meta.start_pos, meta.end_pos
