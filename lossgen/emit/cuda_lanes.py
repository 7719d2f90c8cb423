"""Lanes: how the threads that share a row divide its loops, and where they wait for each other.

A loop is divided (`for k in range(lane, extent, lanes)`) where no two lanes write one element; the
outermost such loop of each nest is. A fold over it gathers one partial result per lane. All other
loops are run by every thread, in step, and there lane 0 writes for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lossgen.language.program import Reduction, Scatter, Statement
from lossgen.language.symbols import Index
from lossgen.plan import Leaf, Loop

Owner = int | str
"""Who touches an element: the lane of the index at that position of its place, lane 0, or any."""


def divided(items: list[Leaf | Loop], divisible: Callable[[Loop], bool]) -> set[int]:
    """Return the ids of the loops that the lanes divide: the outermost divisible ones."""
    found: set[int] = set()
    for item in items:
        if isinstance(item, Loop):
            found |= {id(item)} if divisible(item) else divided(item.items, divisible)
    return found


def apart(statement: Statement, index: Index, place: tuple[Any, ...], partial: bool) -> bool:
    """Whether lanes with different values of `index` never write one element.

    `place` is where the statement stores (empty for a local number), `partial` whether it is a
    fold of which each lane may have a result of its own.
    """
    if isinstance(statement, Scatter):
        return index in place
    own = isinstance(statement, Reduction) and partial and index in statement.bound
    return own or not place or index in place


@dataclass
class Access:
    """What a piece of a row function reads from, and writes to, arrays that lanes share."""

    reads: dict[str, set[Owner]] = field(default_factory=dict)
    writes: dict[str, set[Owner]] = field(default_factory=dict)

    def read(self, name: str, places: Iterable[Any], lane: Index | None) -> None:
        """Note a read of `name[places]`, in the loop over `lane` that the lanes divide."""
        self.reads.setdefault(name, set()).add(_owner(tuple(places), lane, "any"))

    def write(self, name: str, places: Iterable[Any], lane: Index | None) -> None:
        """Note a write of `name[places]`."""
        self.writes.setdefault(name, set()).add(_owner(tuple(places), lane, "lane 0"))

    def __or__(self, other: Access) -> Access:
        return Access(_union(self.reads, other.reads), _union(self.writes, other.writes))

    def after(self, before: Access) -> bool:
        """Whether the lanes must wait between `before` and this."""
        return (
            _differ(self.reads, before.writes)
            or _differ(self.writes, before.reads)
            or _differ(self.writes, before.writes)
        )

    def only(self, names: Iterable[str]) -> Access:
        """Return the accesses to some arrays."""
        wanted = set(names)
        reads = {name: owners for name, owners in self.reads.items() if name in wanted}
        writes = {name: owners for name, owners in self.writes.items() if name in wanted}
        return Access(reads, writes)


def _owner(places: tuple[Any, ...], lane: Index | None, nobody: str) -> Owner:
    return places.index(lane) if lane is not None and lane in places else nobody


def _union(one: dict[str, set[Owner]], two: dict[str, set[Owner]]) -> dict[str, set[Owner]]:
    return {name: one.get(name, set()) | two.get(name, set()) for name in {*one, *two}}


def _differ(one: dict[str, set[Owner]], two: dict[str, set[Owner]]) -> bool:
    return any(len(one[name] | two[name]) > 1 for name in one.keys() & two.keys())
