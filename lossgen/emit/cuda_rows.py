"""Row functions for the device: the plan of a form for the threads ("lanes") that share one row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from lossgen.language.entry import Definition
from lossgen.language.program import Reduction, Scatter, Statement, expressions
from lossgen.language.symbols import Index
from lossgen.plan import Leaf, Loop, instance, leaves, references

from .cuda_lanes import Access, apart, divided
from .form import Form
from .layout import form_items
from .rows import RowWriter
from .source import Source

_START = {"sum": "real(0)", "max": "real(-math.inf)", "min": "real(math.inf)"}


class LaneWriter(RowWriter):
    """Writes the body of one row function for the device.

    `lane` is the index of the loop around that the lanes divide, `since` what they have read and
    written since they last waited for each other.
    """

    def __init__(self, form: Form, source: Source) -> None:
        super().__init__(form, source)
        self.tree = form_items(form)
        self.divided = divided(self.tree, self.divisible)
        self.lane: Index | None = None
        self.since = Access()

    def write(self) -> None:
        """Write all statements, then the scalars that the row function returns."""
        # What the lanes keep from row to row: scratch, and the gradients of shared arguments.
        outputs = {name for name in self.form.outputs if not self.form.is_shared(name)}
        lasting = [name for name in self.mutable() if name not in outputs]
        self.since = self.rehearsed(self.tree).only(lasting)
        self.items(self.tree)
        if self.returned():
            self.source.line(f"return {', '.join(self.returned())}")

    # who touches what

    def mutable(self) -> set[str]:
        """Return the arrays that the row function writes."""
        outputs = {name for name in self.form.outputs if self.form.axes(name)}
        return outputs | set(self.form.plan.stored)

    def place_of(self, statement: Statement) -> tuple[Any, ...]:
        """Return the place in an array that a statement writes, empty for a local number."""
        if isinstance(statement, Scatter):
            return statement.target
        return self.names.kept(statement.name, statement.indices)

    def reads(self, statement: Statement) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the places of written arrays that a statement reads, through definitions."""
        found: list[tuple[str, tuple[Any, ...]]] = []
        for expression in expressions(statement):
            for name, places in references(expression):
                if name in self.form.plan.macros:
                    macro = instance(self.form.plan.macros[name], places)
                    found += self.reads(Definition(name, (), macro))
                elif name in self.mutable():
                    found.append((name, self.names.kept(name, places)))
        return found

    def access(self, statements: list[Statement], lane: Index | None) -> Access:
        """Return what statements touch; a fold of numbers stores only when it is finished."""
        access = Access()
        for statement in statements:
            for name, places in self.reads(statement):
                access.read(name, places, lane)
            stores = not isinstance(statement, Reduction) or self.accumulates(statement)
            within = lane is not None and lane in self.place_of(statement)
            if self.place_of(statement) and (stores or within):
                access.write(statement.name, self.place_of(statement), lane)
        return access

    def divisible(self, loop: Loop) -> bool:
        """Whether lanes may divide a loop: none writes, or reads, what is another's to write."""
        statements = [leaf.statement for leaf in leaves([loop])]
        access = self.access(statements, loop.index)
        return not Access(reads=access.reads).after(Access(writes=access.writes)) and all(
            apart(each, loop.index, self.place_of(each), self.is_number(each))
            for each in statements
        )

    def is_number(self, statement: Statement) -> bool:
        """Whether a statement is a fold that gathers one number, not an array of them."""
        return isinstance(statement, Reduction) and not self.accumulates(statement)

    def settle(self, access: Access) -> None:
        """Let the lanes wait for each other, if they must, before `access`."""
        if access.after(self.since):
            self.wait()
        self.since |= access

    def wait(self) -> None:
        """Let the lanes wait for each other."""
        self.print.used.add("wait")
        self.source.line("wait(lanes)")
        self.since = Access()

    def rehearsed(self, items: list[Leaf | Loop]) -> Access:
        """Return what is touched since the last wait at the end of an iteration of `items`."""
        source, self.source = self.source, Source()
        before = self.since
        self.items(items)
        after, self.since, self.source = self.since, before, source
        return after

    # structure

    def items(self, items: list[Leaf | Loop]) -> None:
        """Write the items of one level."""
        self.scopes.append([])
        for item in items:
            if isinstance(item, Loop):
                self.loop(item)
                continue
            if self.lane is None:
                self.settle(self.access([item.statement], None))
            self.leaf(item, items)
        self.leave()

    @contextmanager
    def asked_for(self, output: str | None) -> Iterator[None]:
        """Write a block for an output that is empty where the caller declines it."""
        if output is None:
            yield
            return
        before = self.since
        with self.source.block(f"if {output}.size > 0:"):
            yield
        self.since |= before

    def loop_body(self, loop: Loop, folded: list[Any]) -> None:
        for fold in folded:
            self.start(fold)
        if id(loop) in self.divided:
            self.divided_loop(loop)
        else:
            self.whole_loop(loop)
        for fold in folded:
            self.finish(fold)

    def divided_loop(self, loop: Loop) -> None:
        """Write a loop of which each lane takes every `lanes`-th iteration."""
        self.settle(self.access([leaf.statement for leaf in leaves([loop])], loop.index))
        self.lane = loop.index
        extent = self.names.extent(loop.index.axis)
        with self.source.block(f"for {loop.index.name} in range(lane, {extent}, lanes):"):
            self.items(loop.items)
        self.lane = None

    def whole_loop(self, loop: Loop) -> None:
        """Write a loop that every thread runs.

        What one iteration leaves unsettled meets the next; where what came before the loop makes
        the lanes wait, they wait once, before it.
        """
        if self.lane is None:
            before, self.since = self.since, Access()
            carried = self.rehearsed(loop.items)
            waits = self.waits(loop.items, carried)
            self.since = before
            if self.waits(loop.items, before | carried) > waits:
                self.wait()
            self.since |= carried
        self.plain_loop(loop)

    def waits(self, items: list[Leaf | Loop], since: Access) -> int:
        """Return how often the lanes wait in `items`, after `since`."""
        self.since = since
        source, self.source = self.source, Source()
        self.items(items)
        text, self.source = self.source.text(), source
        return text.count("wait(lanes)")

    # statements

    def for_all(self) -> Any:
        """Open a block for a write: of the lane that has the element, or of lane 0 for all."""
        return self.source.block("if lane == 0:") if self.lane is None else nullcontext()

    def definition(self, statement: Definition) -> None:
        with self.for_all() if self.place_of(statement) else nullcontext():
            super().definition(statement)

    def add(self, statement: Scatter) -> None:
        with self.for_all():
            super().add(statement)

    def accumulate(self, fold: Reduction) -> None:
        with self.for_all() if self.accumulates(fold) else nullcontext():
            super().accumulate(fold)

    # accumulators

    def start(self, fold: Reduction) -> None:
        """Write the start of a fold: a number, or an array of zeros, divided like the fold."""
        if not self.accumulates(fold):
            self.source.line(f"{self.local(fold)} = {_START[fold.operation]}")
        elif not (self.is_array_output(fold.name) and self.form.is_shared(fold.name)):
            with self.asked_for(self.guard([fold])):
                self.zeros(fold)

    def zeros(self, fold: Reduction) -> None:
        places = self.place_of(fold)
        open_places = [index for index in places if index != self.lane]
        own = [loop.index for loop in self.path(fold) if id(loop) in self.divided]
        shared = next((index for index in own if index in open_places), open_places[0])
        if self.lane is None:
            access = Access()
            access.write(fold.name, places, shared)
            self.settle(access)
        depth = self.source.depth
        for index in open_places:
            divides = self.lane is None and index == shared
            extent = self.names.extent(index.axis)
            bounds = f"lane, {extent}, lanes" if divides else extent
            self.source.line(f"for {index.name} in range({bounds}):")
            self.source.depth += 1
        self.source.line(f"{self.names.place(fold.name, places)} = {_START[fold.operation]}")
        self.source.depth = depth

    def finish(self, fold: Reduction) -> None:
        """Gather what the lanes folded, and store it where it is an element of an array."""
        if self.accumulates(fold):
            return
        name = self.local(fold)
        if any(id(loop) in self.divided and loop.index in fold.bound for loop in self.path(fold)):
            function = f"group_{fold.operation}"
            self.print.used.add(function)
            self.source.line(f"{name} = {function}({name}, lane, lanes, shared)")
            self.since = Access()  # the lanes have waited for each other
        place = self.place_of(fold)
        if not place:
            return
        output = self.is_array_output(fold.name)
        operator = "+=" if output and self.form.is_shared(fold.name) else "="
        value = f"scale * {name}" if output else name
        with self.asked_for(self.guard([fold]) if output else None):
            if self.lane is None:
                access = Access()
                access.write(fold.name, place, None)
                self.settle(access)
            with self.for_all():
                self.source.line(f"{self.names.place(fold.name, place)} {operator} {value}")

    def path(self, statement: Statement) -> list[Loop]:
        """Return the loops around a statement, outermost first."""
        return _path(self.tree, statement)


def _path(items: list[Leaf | Loop], statement: Statement) -> list[Loop]:
    for item in items:
        if isinstance(item, Loop) and any(leaf.statement is statement for leaf in leaves([item])):
            return [item, *_path(item.items, statement)]
    return []
