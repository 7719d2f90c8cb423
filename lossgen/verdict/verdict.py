"""The answer of a verification."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

RIGHT, WRONG, UNREADABLE = range(3)


class VerificationError(AssertionError):
    """A formula that was to be right is wrong or unreadable; the message is the verdict."""


@dataclass(frozen=True)
class Verdict:
    """What was found: `code` 0 right, 1 wrong, 2 unreadable, and a paragraph that says it.

    `point`, `expected` and `found` are of the first simple point at which a formula is wrong;
    `diagnosis` is what is probably the matter, where something fits, and `cause` one word for it:
    sign, factor, extent, term, cofactor, condition, swapped, transposed, argument, order, link or
    digits. `exceptions` are points at which a right formula does not hold: kinks, ends of the
    domain. `proof` says what was done: "symbolic" or "points", at as many `points`. `read` tells
    for which arguments names were taken by convention.
    """

    code: int
    message: str
    point: str = ""
    expected: str = ""
    found: str = ""
    diagnosis: str = ""
    cause: str = ""
    exceptions: tuple[str, ...] = ()
    proof: str = ""
    points: int = 0
    read: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.code == RIGHT

    def __str__(self) -> str:
        return self.message

    def strict(self) -> Verdict:
        """Return this verdict, or a wrong one if there are exceptions or digits are lost."""
        if self.code != RIGHT or not (self.exceptions or self.cause):
            return self
        return replace(self, code=WRONG, message=f"{self.message} Strictly that is wrong.")

    def raise_if_failed(self) -> Verdict:
        """Return this verdict, or raise VerificationError with its message unless it is right."""
        if self.code != RIGHT:
            raise VerificationError(self.message)
        return self

    def to_json(self) -> str:
        """Return the verdict as a JSON object, with the answer as a word."""
        answer = {RIGHT: "right", WRONG: "wrong", UNREADABLE: "unreadable"}[self.code]
        if self.code == RIGHT and self.exceptions:
            answer = "right except"
        return json.dumps({"answer": answer, **asdict(self)}, indent=2)
