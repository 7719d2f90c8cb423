"""The answer of a verification."""

from __future__ import annotations

from dataclasses import dataclass

RIGHT, WRONG, UNREADABLE = range(3)


class VerificationError(AssertionError):
    """A formula that was to be right is wrong or unreadable; the message is the verdict."""


@dataclass(frozen=True)
class Verdict:
    """What was found: `code` 0 right, 1 wrong, 2 unreadable, and a paragraph that says it.

    `point`, `expected` and `found` are of the first simple point at which a formula is wrong;
    `diagnosis` is what is probably the matter, where something fits.
    """

    code: int
    message: str
    point: str = ""
    expected: str = ""
    found: str = ""
    diagnosis: str = ""

    def __bool__(self) -> bool:
        return self.code == RIGHT

    def __str__(self) -> str:
        return self.message

    def raise_if_failed(self) -> Verdict:
        """Return this verdict, or raise VerificationError with its message unless it is right."""
        if self.code != RIGHT:
            raise VerificationError(self.message)
        return self
