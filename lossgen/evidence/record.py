"""The claims of the shipped losses, kept in a file that their pages print.

To find them takes seconds a loss, for the whole catalogue minutes; a page, or a build, has no time
for that. Each is kept with a fingerprint of its formula, so that a stale one is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lossgen.language.entry import Entry
from lossgen.runtime import Loss

from .claim import Claims, from_dict


def record_file() -> Path:
    """Return the file of the shipped losses' claims."""
    return Path(__file__).with_name("claims.json")


def fingerprint(entry: Entry) -> str:
    """Return a hash of what claims are about: arguments, quantities and value."""
    parts = [*map(str, entry.arguments), *map(str, entry.definitions), str(entry.value), *entry.wrt]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def recording(losses: Sequence[Loss], found: Sequence[Claims]) -> str:
    """Return the text of the file."""
    kept = {
        loss.name: {"fingerprint": fingerprint(loss.entry), **claims.to_dict()}
        for loss, claims in zip(losses, found, strict=True)
    }
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


@cache
def _kept() -> dict[str, Any]:
    path = record_file()
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def recorded(name: str) -> Claims | None:
    """Return the claims of a shipped loss as they were found last; None if there are none."""
    found = _kept().get(name)
    return None if found is None else from_dict(found)


def is_current(entry: Entry) -> bool:
    """Whether the claims that are kept are about the formula as it is now."""
    return _kept().get(entry.name, {}).get("fingerprint") == fingerprint(entry)
