r"""Derivatives as they are written: \partial L / \partial x, \frac{d}{dx} L, \nabla L.

A `derivative` has what is differentiated and the names in which, each as often as it is; an
operator that waits for its function is a `derivative` whose text is "of".
"""

from __future__ import annotations

from .errors import FormulaError
from .tree import Node, node

_PARTIAL, _NABLA = r"\partial", r"\nabla"
_UPRIGHT = ("d", r"\mathrm{d}", _PARTIAL)


def is_sign(piece: Node) -> bool:
    r"""Whether a factor is \partial or \nabla, with a power or a subscript or without."""
    return _base(piece).kind == "name" and _base(piece).text in (_PARTIAL, _NABLA)


def signed(sign: Node, operand: Node | None) -> Node:
    r"""Return \partial or \nabla with the factor behind it."""
    order = _order(sign)
    span = (sign.start, operand.end if operand else sign.end)
    parts = (operand,) if operand else ()
    if _base(sign).text == _PARTIAL:
        return node("partial", parts, str(order), span=span)
    names = _base(sign).parts * order
    if operand is None:
        raise FormulaError("a derivative of what?", "", *span)
    return node("derivative", (*parts, *names), str(order), span=span)


def quotient(above: Node, below: Node, span: tuple[int, int]) -> Node:
    """Return a fraction, or the derivative that it is."""
    over, names = _bare(above), _names(_bare(below))
    if over.kind == "partial" and names:
        if over.parts and over.parts[0].kind == "partial":
            raise FormulaError("a derivative of what?", "", *span)
        if int(over.text) != len(names):
            raise FormulaError("as many names as the order of the derivative go below", "", *span)
        return node(
            "derivative", (*over.parts, *names), over.text if over.parts else "of", span=span
        )
    return node("quotient", (above, below), span=span)


def operated(factors: list[Node]) -> list[Node]:
    """Return factors, each operator joined with the factor behind it."""
    found: list[Node] = []
    for factor in factors:
        last = found[-1] if found else None
        if last is not None and last.kind == "derivative" and last.text == "of":
            span = (last.start, factor.end)
            parts = (factor, *last.parts)
            found[-1] = node("derivative", parts, str(len(last.parts)), span=span)
        else:
            found.append(factor)
    return found


def written(left: Node) -> Node:
    r"""Return a left side, with dL/dx in other letters than \partial taken for what it is."""
    if left.kind != "quotient":
        return left
    sides = [_differentials(_bare(part)) for part in left.parts]
    if sides[0] is None or sides[1] is None or sides[0].kind != "partial":
        return left
    return quotient(sides[0], sides[1], (left.start, left.end))


def _differentials(part: Node) -> Node | None:
    """Return `d x`, in letters, as with the sign; None if that is not what it is."""
    sign, *operand = part.parts if part.kind == "product" else (part,)
    span = (part.start, part.end)
    if len(operand) == 2 and operand[1].kind == "bracket":  # d L(x)
        operand = [node("product", tuple(operand), span=span)]
    if len(operand) == 1 and _base(sign).text in _UPRIGHT:
        return node("partial", tuple(operand), str(_order(sign)), span=span)
    joined = part.kind == "name" and part.text[:1] == "d" and len(part.text) > 1
    if joined:  # dL of plain text
        named = node("name", part.parts, part.text[1:], span=(part.start + 1, part.end))
        return node("partial", (named,), "1", span=span)
    return None


def _names(below: Node) -> tuple[Node, ...]:
    """Return the names below a derivative, each as often as it stands there."""
    parts = below.parts if below.kind == "product" else (below,)
    found: list[Node] = []
    for part in parts:
        if part.kind != "partial" or len(part.parts) != 1:
            return ()
        operand = part.parts[0]
        times = _order(operand)
        found += [_base(operand)] * times
    return tuple(found)


def _order(sign: Node) -> int:
    if sign.kind != "power":
        return 1
    power = sign.parts[1]
    if power.kind != "number" or power.text not in ("1", "2"):
        raise FormulaError("only first and second derivatives are read", "", sign.start, sign.end)
    return int(power.text)


def _base(part: Node) -> Node:
    return part.parts[0] if part.kind == "power" else part


def _bare(part: Node) -> Node:
    """Return what stands in the braces of a fraction."""
    inner = part
    while inner.kind == "bracket" and len(inner.parts) == 1 and inner.parts[0].kind != "list":
        inner = inner.parts[0]
    return inner
