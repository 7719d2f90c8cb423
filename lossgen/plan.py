"""The plan: which fold lives in which loop, what is shared, and what is stored.

Statements are placed one after another into a tree of loops. A statement joins an existing loop
when everything it reads was finished before that loop, or is produced by the same iteration; a sum
may also join through a bound index, and then accumulates. A quantity keeps only those dimensions
that its readers see from outside the loops they share with it; most become local scalars.
Definitions with indices are not stored: they are computed again where they are read (core: storing
and recomputing softmax weights differ by less than 8 percent).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from lossgen.language.entry import Definition
from lossgen.language.program import Program, Reduction, Scatter, Statement, expressions
from lossgen.language.symbols import Element, Index


class PlanError(ValueError):
    """A program that cannot be laid out as loops; a defect of lossgen, not of the loss."""


@dataclass
class Leaf:
    """One statement, its indices renamed to those of the loops around it."""

    statement: Statement


@dataclass
class Loop:
    """A loop over an axis, and what happens in each iteration."""

    index: Index
    items: list[Leaf | Loop] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """A tree of loops for one program.

    `macros` are the definitions that are computed where they are read; `stored` gives, for each
    quantity that outlives a loop, the positions of its indices that are kept.
    """

    program: Program
    items: list[Leaf | Loop]
    macros: dict[str, Definition]
    stored: dict[str, tuple[int, ...]]


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
                if joined is not None and not _names(items[position + 1 :]) & reads:
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
        inside = _names([loop])
        consumes = any(name in inside for name, _ in self.reads(statement))
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
        """Return the index positions of each quantity that its readers see from outside its loops."""
        kept: dict[str, set[int]] = {}
        final = {id(statement): path for statement, path in self.paths}
        for source, path in self.paths:
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


def loops_of(statement: Statement) -> tuple[Index, ...]:
    """Return the indices that a statement loops over, free ones first."""
    if isinstance(statement, Definition):
        return statement.indices
    if isinstance(statement, Reduction):
        return (*statement.indices, *statement.bound)
    return statement.bound


def _free(statement: Statement) -> tuple[Index, ...]:
    return () if isinstance(statement, Scatter) else statement.indices


def _is_sum(statement: Statement) -> bool:
    return isinstance(statement, Reduction) and statement.operation == "sum"


def rename(statement: Statement, own: Index, wanted: Index) -> Statement:
    """Write the statement with `wanted` for its index `own` (and the other way round)."""
    if own == wanted:
        return statement
    swap = {own: wanted, wanted: own}

    def swapped(indices: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(index.xreplace(swap) for index in indices)

    if isinstance(statement, Definition):
        expression = statement.expression.xreplace(swap)
        return replace(statement, indices=swapped(statement.indices), expression=expression)
    body, where = statement.body.xreplace(swap), statement.where.xreplace(swap)
    if isinstance(statement, Reduction):
        indices, bound = swapped(statement.indices), swapped(statement.bound)
        return replace(statement, indices=indices, bound=bound, body=body, where=where)
    target, bound = swapped(statement.target), swapped(statement.bound)
    return replace(statement, target=target, bound=bound, body=body, where=where)


def references(expression: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the names that an expression reads, with their indices, in a stable order."""
    found = {(node.name, node.indices) for node in expression.atoms(Element)}
    arrays = {node.array for node in expression.atoms(Element)}
    for symbol in expression.free_symbols - arrays:
        if not isinstance(symbol, Index):
            found.add((symbol.name, ()))
    return sorted(found, key=str)


def instance(macro: Definition, places: tuple[Any, ...]) -> Any:
    """Return the expression of a definition at the indices `places`."""
    return macro.expression.xreplace(dict(zip(macro.indices, places, strict=True)))


def leaves(items: list[Leaf | Loop]) -> list[Leaf]:
    """Return all leaves below `items`, in order."""
    found: list[Leaf] = []
    for item in items:
        found += [item] if isinstance(item, Leaf) else leaves(item.items)
    return found


def _names(items: list[Leaf | Loop]) -> set[str]:
    return {leaf.statement.name for leaf in leaves(items)}


def _after(items: list[Leaf | Loop], reads: set[str]) -> int:
    """Return the first place after all that is read, and after the leaves that stand there."""
    last = 0
    for position, item in enumerate(items):
        if _names([item]) & reads:
            last = position + 1
    while last < len(items) and isinstance(items[last], Leaf):
        last += 1
    return last


def check(result: Plan) -> None:
    """Raise PlanError if a name is read before its statement is complete, or defined twice."""
    defined = {argument.name for argument in result.program.arguments}
    _check(result, result.items, defined, [])


def _check(result: Plan, items: list[Leaf | Loop], defined: set[str], loops: list[Index]) -> None:
    for item in items:
        if isinstance(item, Loop):
            inner = set(defined)
            _check(result, item.items, inner, [*loops, item.index])
            defined |= {
                leaf.statement.name
                for leaf in leaves([item])
                if not isinstance(leaf.statement, Scatter)
            }
            continue
        statement = item.statement
        for expression in expressions(statement):
            for name, places in references(expression):
                _require(result, name, places, defined, statement.name)
        if not isinstance(statement, Scatter):
            if statement.name in defined:
                raise PlanError(f"{result.program.name}: {statement.name} is defined twice")
            defined.add(statement.name)


def _require(result: Plan, name: str, places: tuple[Any, ...], defined: set[str], reader: str) -> None:
    if name in result.macros:
        for inner, at in references(instance(result.macros[name], places)):
            _require(result, inner, at, defined, reader)
    elif name not in defined | _axes(result):
        raise PlanError(f"{result.program.name}: {reader} reads {name} before it is complete")


def _axes(result: Plan) -> set[str]:
    return {axis for argument in result.program.arguments for axis in argument.domain.axes}


def show(items: list[Leaf | Loop], depth: int = 0) -> str:
    """Return the tree of loops as indented text."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Loop):
            lines.append("    " * depth + f"for {item.index}:")
            lines.append(show(item.items, depth + 1))
        else:
            lines.append("    " * depth + str(item.statement.name))
    return "\n".join(lines)
