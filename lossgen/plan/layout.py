"""The plan: which fold lives in which loop, what is shared, and what is stored.

Statements are placed one after another into a tree of loops. A statement joins an existing loop
when everything it reads was finished before that loop, or is produced by the same iteration; a sum
may also join through a bound index, and then accumulates. A quantity keeps only those dimensions
that its readers see from outside the loops they share with it; most become local scalars.
Definitions with indices are not stored: they are computed again where they are read (core: storing
and recomputing softmax weights differ by less than 8 percent).
"""

from __future__ import annotations

from typing import Any

from sympy.logic.boolalg import true

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Scatter, Statement, expressions
from lossgen.language.symbols import Index

from .legality import check
from .tree import Leaf, Loop, Plan, instance, leaves, loops_of, names_of, references, rename


def plan(program: Program) -> Plan:
    """Lay out a lowered program as loops.

    Raises:
        PlanError: when a name is read before it is complete, or defined twice.
    """
    layout = _Layout(program)
    for statement in layout.tasks:
        layout.place(statement, layout.items, ())
    result = Plan(program, layout.items, layout.macros, layout.storage())
    check(result)
    return result


class _Layout:
    """The tree under construction, and where each statement went."""

    def __init__(self, program: Program) -> None:
        self.program = program
        scattered = {s.name for s in program.statements if isinstance(s, Scatter)}
        self.macros = {
            s.name: s
            for s in program.statements
            if isinstance(s, Definition)
            and s.indices
            and s.name not in {*program.outputs, *scattered}
        }
        self.tasks = [s for s in program.statements if s.name not in self.macros]
        self.produced = {s.name for s in self.tasks}
        self.items: list[Leaf | Loop] = []
        self.paths: list[tuple[Statement, tuple[Loop, ...]]] = []

    def place(
        self,
        statement: Statement,
        items: list[Leaf | Loop],
        path: tuple[Loop, ...],
        done: tuple[Index, ...] = (),
    ) -> None:
        """Put a statement into `items`; the indices in `done` are those of the loops around."""
        rest = list(dict.fromkeys(index for index in loops_of(statement) if index not in done))
        reads = {name for name, _ in self.reads(statement)}
        if isinstance(statement, Scatter):
            reads.add(statement.name)
        if not rest:
            items.insert(_after(items, reads), Leaf(statement))
            self.paths.append((statement, path))
            return
        for position, loop in enumerate(items):
            if isinstance(loop, Loop):
                joined = self.join(statement, loop, rest, done)
                if joined is not None and not names_of(items[position + 1 :]) & reads:
                    self.place(joined, loop.items, (*path, loop), (*done, loop.index))
                    return
        index = rest[0]
        loop = Loop(index)
        items.insert(_after(items, reads), loop)
        self.place(statement, loop.items, (*path, loop), (*done, index))

    def join(
        self, statement: Statement, loop: Loop, rest: list[Index], done: tuple[Index, ...]
    ) -> Statement | None:
        """Return the statement renamed so that it runs inside `loop`, or None where it may not."""
        free = _free(statement)
        inside = names_of([loop])
        consumes = any(name in inside for name, _ in self.reads(statement))
        if is_conditional(loop) != _is_conditional(statement) and not set(rest) & set(free):
            return None
        for own in rest:
            if own.axis != loop.index.axis:
                continue
            # Another order than the author's is taken only where it saves an array: a sum over i of
            # what this very loop over i produces is accumulated here.
            if own != rest[0] and not (consumes and (own in free or _is_sum(statement))):
                continue
            renamed = rename(statement, own, loop.index)
            if self.legal(renamed, loop):
                return renamed
        return None

    def legal(self, statement: Statement, loop: Loop) -> bool:
        """Whether all that the statement reads from the loop is complete in the same iteration."""
        inside = {id(leaf.statement): leaf.statement for leaf in leaves([loop])}
        by_name: dict[str, list[Statement]] = {}
        for found in inside.values():
            by_name.setdefault(found.name, []).append(found)
        reads = self.reads(statement)
        if isinstance(statement, Scatter) and statement.name in by_name:
            return False
        for name, places in reads:
            for source in by_name.get(name, []):
                if isinstance(source, Scatter) or loop.index not in source.indices:
                    return False
                tied = [at for at, index in enumerate(source.indices) if index == loop.index]
                if any(places[at] != loop.index for at in tied):
                    return False
        return True

    def reads(self, statement: Statement) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the stored quantities that a statement reads, with the indices, through macros."""
        found: list[tuple[str, tuple[Any, ...]]] = []
        for expression in expressions(statement):
            for name, places in references(expression):
                if name in self.macros:
                    macro = self.macros[name]
                    inner = instance(macro, places)
                    found += self.reads(Definition(name, (), inner))
                elif name in self.produced:
                    found.append((name, places))
        return found

    def storage(self) -> dict[str, tuple[int, ...]]:
        """Return the index positions of each quantity that readers see from outside its loops."""
        kept: dict[str, set[int]] = {}
        final = {id(statement): path for statement, path in self.paths}
        for source, _ in self.paths:
            if isinstance(source, Scatter):
                continue
            kept.setdefault(source.name, set())
            for reader, other in self.paths:
                own = self.reads(reader)
                if isinstance(reader, Scatter) and reader.name == source.name:
                    own = [*own, (source.name, ())]
                if not any(name == source.name for name, _ in own):
                    continue
                shared = {
                    loop.index
                    for loop, twin in zip(final[id(source)], other, strict=False)
                    if loop is twin
                }
                kept[source.name] |= {
                    at for at, index in enumerate(source.indices) if index not in shared
                }
        return {name: tuple(sorted(places)) for name, places in kept.items() if places}


def _free(statement: Statement) -> tuple[Index, ...]:
    return () if isinstance(statement, Scatter) else statement.indices


def is_conditional(loop: Loop) -> bool:
    """Whether nobody reads what a loop computes unless a condition holds."""
    return all(_is_conditional(leaf.statement) for leaf in leaves([loop]))


def _is_conditional(statement: Statement) -> bool:
    return isinstance(statement, Reduction) and statement.when != true


def _is_sum(statement: Statement) -> bool:
    return isinstance(statement, Reduction) and statement.operation == "sum"


def _after(items: list[Leaf | Loop], reads: set[str]) -> int:
    """Return the first place after all that is read, and after the leaves that stand there."""
    last = 0
    for position, item in enumerate(items):
        if names_of([item]) & reads:
            last = position + 1
    while last < len(items) and isinstance(items[last], Leaf):
        last += 1
    return last
