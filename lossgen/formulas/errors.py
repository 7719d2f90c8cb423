"""The one exception of formulas: text that cannot be read, with the place marked."""

from __future__ import annotations

_SHOWN = 60  # characters of a long formula that are shown on each side of the place


class FormulaError(ValueError):
    """A formula that is no formula, is ambiguous, or has a name that nobody declared.

    `text` is the formula, `start` and `end` mark the place; `str` shows it with a line of carets.
    """

    def __init__(
        self, message: str, text: str = "", start: int = 0, end: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.start = start
        self.end = max(start + 1, end or 0)

    def __str__(self) -> str:
        if not self.text:
            return self.message
        low, high = max(0, self.start - _SHOWN), min(len(self.text), self.end + _SHOWN)
        line = "".join(" " if letter.isspace() else letter for letter in self.text[low:high])
        head, tail = "... " if low else "", " ..." if high < len(self.text) else ""
        marks = " " * (len(head) + self.start - low) + "^" * (min(self.end, high + 1) - self.start)
        return f"{self.message}\n    {head}{line}{tail}\n    {marks}"
