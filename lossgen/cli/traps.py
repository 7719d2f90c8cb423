"""The command that asks the traps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import CommandError
from .files import check_writable, write
from .losses import one
from .work import progress

if TYPE_CHECKING:
    from lossgen.traps import Trap


def traps(words: Sequence[str], json: Path | None, page: Path | None) -> int:
    """Ask the traps of the named losses, or all; print the table beside the other libraries."""
    from lossgen import traps as room

    chosen = trapped(words)
    for path in (json, page):
        if path is not None:
            check_writable(path)
    outcomes = []
    with progress("asking") as step:
        for done, trap in enumerate(chosen):
            step(trap.loss, done, len(chosen))
            outcomes.append(room.ask(trap))
    print(room.text(outcomes))
    if json is not None:
        write(json, room.to_json(outcomes) + "\n")
    if page is not None:
        write(page, room.page(outcomes))
    return int(not all(outcome.ok or outcome.missing for outcome in outcomes))


def trapped(words: Sequence[str]) -> list[Trap]:
    """The traps of the losses that the words mean.

    Raises:
        CommandError: for a loss without traps.
    """
    from lossgen.traps import traps

    known = {trap.loss for trap in traps()}
    names = [word if word in known else one(word).name for word in words]
    for name in names:
        if name not in known:
            raise CommandError(
                f"found no trap for {name}; expected one of {', '.join(sorted(known))}"
            )
    return [trap for trap in traps() if not names or trap.loss in names]
