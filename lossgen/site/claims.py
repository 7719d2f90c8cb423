"""The claims of a loss with their evidence, as `lossgen.evidence` keeps them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from lossgen.runtime import Loss

from .sections import table


def claims(loss: Loss) -> str:
    """Return what is claimed of a loss and how that is known; nothing where nobody has looked."""
    if find_spec("lossgen.evidence") is None:
        return ""
    room = import_module("lossgen.evidence")
    found = room.recorded(loss.name)
    if found is None or not room.is_current(loss.entry):
        return ""
    rows = [(claim.name, claim.meaning, claim.evidence) for claim in found]
    return table(("claim", "that is", "evidence"), [list(map(escaped, row)) for row in rows])


def escaped(text: str) -> str:
    """Return text that may stand in a table."""
    return text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")
