"""The tables of the site: which loss for which task, and what other libraries do differently."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Choice:
    """A row of the chooser: for this task, in this situation, that loss, for this reason."""

    task: str
    situation: str
    loss: str
    reason: str


@dataclass(frozen=True)
class Peer:
    """What a loss is called elsewhere, and in what it differs there."""

    loss: str
    library: str
    name: str
    difference: str


@cache
def choices() -> tuple[Choice, ...]:
    """Return the rows of the chooser, in the order in which they are shown."""
    return tuple(Choice(**row) for row in _rows("chooser.csv"))


@cache
def peers() -> tuple[Peer, ...]:
    """Return what is known of other libraries."""
    return tuple(Peer(**row) for row in _rows("peers.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("lossgen.site").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
