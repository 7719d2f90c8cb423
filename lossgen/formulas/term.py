r"""What stands side by side in a term of LaTeX: products, functions without brackets, folds.

`\log p_{k}` takes one factor, `\sum_{k}` all that follows in its term. What papers write in two
senses (`\log p (1 - p)`, `a / b c`) is refused.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from lark import Token

from .derivatives import is_sign, operated, quotient, signed
from .errors import FormulaError
from .names import VECTOR_FUNCTIONS, function_of
from .tree import Kind, Node, node, spanning

_BETWEEN: dict[str, Kind] = {"DOT": "dot", "HADAMARD": "hadamard"}


@dataclass(frozen=True, slots=True)
class Mark:
    r"""A sign between factors: \cdot, \odot or /."""

    token: Token

    @property
    def start(self) -> int:
        return self.token.start_pos or 0

    @property
    def end(self) -> int:
        return self.token.end_pos or 0

    @property
    def divides(self) -> bool:
        """Whether the sign is a slash."""
        return bool(self.token.type == "SLASH")


Piece = Node | Mark


def term(pieces: list[Piece], taken: Container[str]) -> Node:
    """Return the product of the pieces of a term; `taken` holds names that are no functions.

    Raises:
        FormulaError: where a sign has nothing on one side, or the pieces can be read in two ways.
    """
    _check_signs(pieces)
    done: Node | None = None  # what a dot separates from the factors behind it
    sign: Mark | None = None
    factors: list[Node] = []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if isinstance(piece, Mark):
            place += 1
            if piece.divides:
                below, place = _divisor(pieces, place, taken)
                factors = [quotient(_product(factors), below, (factors[0].start, below.end))]
            else:
                done, sign, factors = _joined(done, sign, factors), piece, []
        elif piece.kind == "fold" and piece.parts:
            factors.append(_fold(piece, pieces[place + 1 :], taken))
            break
        else:
            factor, place = _applied(pieces, place, taken)
            factors.append(factor)
    return _joined(done, sign, factors)


def _joined(done: Node | None, sign: Mark | None, factors: list[Node]) -> Node:
    product = _product(factors)
    if done is None or sign is None:
        return product
    return spanning(_BETWEEN[sign.token.type], (done, product))


def _check_signs(pieces: list[Piece]) -> None:
    for place, piece in enumerate(pieces):
        if isinstance(piece, Mark):
            ends = place in (0, len(pieces) - 1)
            if ends or isinstance(pieces[place - 1], Mark):
                raise FormulaError(
                    "a factor is missing beside this sign", "", piece.start, piece.end
                )


def _product(factors: list[Node]) -> Node:
    factors = operated(factors)
    return factors[0] if len(factors) == 1 else spanning("product", tuple(factors))


def _fold(fold: Node, rest: list[Piece], taken: Container[str]) -> Node:
    if not rest:
        raise FormulaError("nothing follows to fold", "", fold.start, fold.end)
    body = term(rest, taken)
    return node("fold", (fold.parts[0], body), fold.text, span=(fold.start, body.end))


def _divisor(pieces: list[Piece], place: int, taken: Container[str]) -> tuple[Node, int]:
    """Return what stands behind a slash, one factor, and the place after it."""
    first = pieces[place]
    if isinstance(first, Node) and first.kind == "fold" and first.parts:
        return _fold(first, pieces[place + 1 :], taken), len(pieces)
    below, after = _applied(pieces, place, taken)
    more = below.kind == "partial"  # d x_i d x_j
    while more and after < len(pieces) and not isinstance(pieces[after], Mark):
        following, after = _applied(pieces, after, taken)
        below = spanning("product", (below, following))
    if after < len(pieces) and not isinstance(pieces[after], Mark):
        raise FormulaError(
            "what follows a slash can be read as above or below it; use \\frac or brackets",
            "", below.start, pieces[after].end,
        )  # fmt: skip
    return below, after


def _applied(pieces: list[Piece], place: int, taken: Container[str]) -> tuple[Node, int]:
    """Return the factor at `place`, a function with its argument, and the place after it."""
    piece = pieces[place]
    assert isinstance(piece, Node)
    if is_sign(piece):
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        operand = following if isinstance(following, Node) else None
        return signed(piece, operand), place + 1 + (operand is not None)
    power, function = _function(piece, pieces[place + 1 : place + 2], taken)
    if function is None:
        return piece, place + 1
    if place + 1 >= len(pieces) or isinstance(pieces[place + 1], Mark):
        raise FormulaError("a function without an argument", "", piece.start, piece.end)
    argument, after = _argument(function, pieces, place + 1, taken)
    last = pieces[after - 1]
    call = node("call", argument, function.text, span=(piece.start, last.end))
    if function.parts:  # softmax_j(z)
        call = node("element", (call, *function.parts), span=(call.start, call.end))
    if isinstance(last, Node) and last.kind == "element" and last.parts[0].kind == "bracket":
        call = node("element", (call, *last.parts[1:]), span=(call.start, call.end))
    return (call if power is None else spanning("power", (call, power))), after


def _function(
    piece: Node, following: list[Piece], taken: Container[str]
) -> tuple[Node | None, Node | None]:
    r"""Return the power and the function of a piece such as `\log` or `\log^{2}`, else None."""
    power, base = (piece.parts[1], piece.parts[0]) if piece.kind == "power" else (None, piece)
    if base.kind == "call" and not base.parts:
        known: str | None = base.text
    elif base.kind == "fold" and not base.parts:
        known = function_of(base.text, taken)
        if known is None:
            raise FormulaError(
                f"say what this runs over, as in \\{base.text}_{{k}}", "", base.start, base.end
            )
    elif base.kind == "name" and following and _is_bracket(following[0]):
        known = function_of(base.text, taken)
        known = known if not base.parts or known in VECTOR_FUNCTIONS else None
    else:
        known = None
    if known is None:
        return None, None
    if power is not None and not (
        power.kind == "number" and power.text.isdigit() and power.text != "0"
    ):
        raise FormulaError("a power of a function has to be 1, 2, ...", "", power.start, power.end)
    indices = base.parts if base.kind == "name" else ()
    return power, node("call", indices, known, span=(base.start, base.end))


def _argument(
    function: Node, pieces: list[Piece], place: int, taken: Container[str]
) -> tuple[tuple[Node, ...], int]:
    """Return what a function is applied to, and the place after it."""
    piece = pieces[place]
    assert isinstance(piece, Node)
    if piece.kind == "element" and piece.parts[0].kind == "bracket":
        piece = piece.parts[0]
    if piece.kind == "bracket":
        return piece.parts[0].parts if piece.parts[0].kind == "list" else piece.parts, place + 1
    if piece.kind == "power" and piece.parts[0].kind == "bracket":
        raise FormulaError(
            "the power can belong to the argument or to the function; bracket one of them",
            "", function.start, piece.end,
        )  # fmt: skip
    if piece.kind == "fold" and piece.parts:
        return (_fold(piece, pieces[place + 1 :], taken),), len(pieces)
    argument, after = _applied(pieces, place, taken)
    if after < len(pieces) and not _begins_anew(pieces[after]):
        raise FormulaError(
            "what the function takes can be read in two ways; bracket its argument",
            "", function.start, pieces[after].end,
        )  # fmt: skip
    return (argument,), after


def _begins_anew(piece: Piece) -> bool:
    """Whether a piece cannot belong to the argument of the function before it."""
    if isinstance(piece, Mark):
        return not piece.divides
    base = piece.parts[0] if piece.kind == "power" else piece
    return base.kind in ("fold", "call") and (base.kind == "fold" or not base.parts)


def _is_bracket(piece: Piece) -> bool:
    base = piece
    if isinstance(base, Node) and base.kind in ("power", "element"):
        base = base.parts[0]
    return isinstance(base, Node) and base.kind == "bracket"
