"""The command that says what is known of a loss: proved, tested or refuted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .errors import CommandError
from .files import check_writable, write
from .losses import named, shipped
from .work import progress


def claims(words: Sequence[str], json: Path | None, record: bool) -> int:
    """Print the claims of losses, of the whole catalogue without words."""
    from lossgen.evidence import claims, record_file, recording

    if record and words:
        raise CommandError(f"found --record with {words[0]}; it keeps the claims of all losses")
    losses = named(words) if words else list(shipped().values())
    for path in (json, record_file() if record else None):
        if path is not None:
            check_writable(path)
    found = []
    with progress("trying") as step:
        for done, loss in enumerate(losses):
            step(loss.name, done, len(losses))
            found.append(claims(loss))
            print(found[-1], flush=True)
    if json is not None:
        write(json, "[" + ",\n".join(each.to_json() for each in found) + "]\n")
    if record:
        write(record_file(), recording(losses, found))
    return 0
