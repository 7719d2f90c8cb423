"""The answer of an audit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

RIGHT, WRONG, CANNOT = range(3)


class AuditError(AssertionError):
    """A function that was to be right is not; the message is the audit."""


@dataclass(frozen=True)
class Digits:
    """How near a function comes in one dtype: the worst error, in ulps and in decimal digits.

    `points` is how many numbers were compared, moderate ones or those over the range of the dtype.
    """

    dtype: str
    points: int
    ulps: float
    kept: float
    of: float
    where: str

    def __str__(self) -> str:
        if self.ulps < 1:
            return f"{self.dtype}: all digits kept at {self.points} points"
        lost = f"{self.ulps:,.0f} ulp" if self.ulps < 1e9 else f"{self.ulps:.0e} ulp"
        return (
            f"{self.dtype}: keeps {self.kept:.1f} of {self.of:.1f} digits ({lost}) at worst, "
            f"at {self.where}"
        )


@dataclass(frozen=True)
class Finding:
    """What was found of the value, the gradient or the Hessian diagonal.

    `code` is 0 right, 1 wrong. `point`, `expected` and `found` are of the smallest failing input;
    `kinks` is a point where the convention is another; `refused` counts rows at which the function
    raised, and `failures` says where it is not a number although the exact answer is one.
    """

    what: str
    code: int
    points: int
    point: str = ""
    expected: str = ""
    found: str = ""
    diagnosis: str = ""
    kinks: str = ""
    refused: int = 0
    failures: tuple[str, ...] = ()
    digits: tuple[Digits, ...] = ()

    def lines(self) -> list[str]:
        """Return the finding as text."""
        return [f"{self.what}: {self._verdict()}", *(f"  {each}" for each in self._remarks())]

    def _verdict(self) -> str:
        if self.point:
            said = f"wrong at {self.point}: should be {self.expected}, is {self.found}"
            return f"{said}\n  diagnosis: {self.diagnosis}" if self.diagnosis else said
        if self.failures:
            return f"right at {self.points} points, in exact arithmetic"
        return f"right at {self.points} points"

    def _remarks(self) -> list[str]:
        found = [*self.failures]
        if self.kinks:
            found.append(f"another convention at kinks, such as {self.kinks}")
        if self.refused:
            found.append(f"raised at {self.refused} other points")
        return [*found, *map(str, self.digits)]


@dataclass(frozen=True)
class Audit:
    """What was found of a function: `code` 0 right, 1 wrong, 2 it cannot be asked."""

    function: str
    loss: str
    code: int
    framework: str = ""
    binding: str = ""
    reduction: str = ""
    findings: tuple[Finding, ...] = field(default=())
    message: str = ""

    def __bool__(self) -> bool:
        return self.code == RIGHT

    def __str__(self) -> str:
        if self.code == CANNOT:
            return f"{self.function} cannot be asked as {self.loss}: {self.message}"
        sound = not self.message and not any(finding.point for finding in self.findings)
        word = "is" if sound else "is not"
        head = f"{self.function} {word} {self.loss} ({self.framework}; called with {self.binding})"
        if sound and self.code == WRONG:
            head += ", but fails in floats"
        reduced = [f"reduction: {self.reduction}"] if self.reduction else []
        notes = [self.message] if self.message else []
        body = [line for finding in self.findings for line in finding.lines()]
        return "\n".join([head, *(f"  {line}" for line in (*reduced, *notes, *body))])

    __repr__ = __str__

    def __getitem__(self, what: str) -> Finding:
        return next(finding for finding in self.findings if finding.what == what)

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the audit as a JSON document; what is not a number is a string."""
        return json.dumps(self.to_dict(), indent=1)

    def raise_if_failed(self) -> Audit:
        """Return this audit, or raise AuditError with its text unless the function is right."""
        if self.code != RIGHT:
            raise AuditError(str(self))
        return self
