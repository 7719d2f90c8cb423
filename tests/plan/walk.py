"""A plan carried out as it stands: loops in their order, storage only where the plan keeps it.

An independent reading of the tree: a definition with indices is computed where it is read, a
quantity keeps the indices in `stored` and no others, a fold starts before the first loop that it is
bound over. `steps` counts computed bodies, which is what a plan costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.evaluator import START, number, placed, sizes
from mpmath import mpf

from lossgen.language.entry import Definition
from lossgen.language.program import Reduction, Scatter
from lossgen.language.symbols import Index
from lossgen.plan import Leaf, Loop, Plan, leaves


class Walk:
    """One run of a plan at a point."""

    def __init__(self, plan: Plan, point: Mapping[str, Any]) -> None:
        self.plan = plan
        self.sizes = sizes(plan.program, point)
        self.given = {a.name: placed(point[a.name]) for a in plan.program.arguments}
        self.kept: dict[str, dict[tuple[int, ...], Any]] = {}
        self.steps = 0
        self.started: set[str] = set()
        self.items(plan.items, {})

    def items(self, items: list[Leaf | Loop], at: dict[Index, int]) -> None:
        for item in items:
            if isinstance(item, Leaf):
                self.leaf(item.statement, at)
            else:
                self.loop(item, at)

    def loop(self, loop: Loop, at: dict[Index, int]) -> None:
        starting = [
            leaf.statement
            for leaf in leaves([loop])
            if isinstance(leaf.statement, Reduction)
            and loop.index in leaf.statement.bound
            and leaf.statement.name not in self.started
        ]
        for fold in starting:
            if all(index in at for index in fold.indices):
                self.store(fold.name, self.place(fold, at), START[fold.operation])
            else:
                self.clear(fold, at)
            self.started.add(fold.name)
        for place in range(self.sizes[loop.index.axis]):
            self.items(loop.items, {**at, loop.index: place})
        self.started -= {fold.name for fold in starting}

    def clear(self, fold: Reduction, at: Mapping[Index, int]) -> None:
        """Start an array of accumulators, at the indices of the loops around it alone."""
        positions = self.positions(fold.name)
        keep = [index for here, index in enumerate(fold.indices) if here in positions]
        fixed = {here: at[index] for here, index in enumerate(keep) if index in at}
        found = self.kept.setdefault(fold.name, {})
        for place in list(found):
            if all(place[here] == value for here, value in fixed.items()):
                del found[place]

    def leaf(self, statement: Any, at: dict[Index, int]) -> None:
        match statement:
            case Definition():
                number = self.number(statement.expression, at)
                self.store(statement.name, self.place(statement, at), number)
            case Scatter():
                if self.number(statement.where, at):
                    place = tuple(int(self.number(index, at)) for index in statement.target)
                    found = self.kept.setdefault(statement.name, {})
                    before = mpf(0) if statement.replaces else found.get(place, mpf(0))
                    found[place] = before + self.number(statement.body, at)
            case Reduction():
                if self.number(statement.where, at):
                    place, body = self.place(statement, at), self.number(statement.body, at)
                    self.store(statement.name, place, self.fold(statement, place, body))

    def fold(self, statement: Reduction, place: tuple[int, ...], body: Any) -> Any:
        before = self.kept[statement.name].get(place, START[statement.operation])
        match statement.operation:
            case "sum":
                return before + body
            case "max":
                return max(before, body)
            case "min":
                return min(before, body)
        raise AssertionError(f"{statement.operation} is not laid out")

    def store(self, name: str, place: tuple[int, ...], value: Any) -> None:
        found = self.kept.setdefault(name, {})
        if not self.positions(name):
            found.clear()  # one local number
        found[place] = value

    def positions(self, name: str) -> tuple[int, ...]:
        if name in self.plan.program.outputs:
            return tuple(range(9))
        return self.plan.stored.get(name, ())

    def place(self, statement: Any, at: Mapping[Index, int]) -> tuple[int, ...]:
        keep = self.positions(statement.name)
        return tuple(at[index] for here, index in enumerate(statement.indices) if here in keep)

    def number(self, expression: Any, at: Mapping[Index, int]) -> Any:
        self.steps += 1
        return number(expression, at, self.look_up, self.sizes)

    def look_up(self, name: str, place: tuple[int, ...]) -> Any:
        if name in self.given:
            return self.given[name][place]
        if name in self.plan.macros:
            macro = self.plan.macros[name]
            return self.number(macro.expression, dict(zip(macro.indices, place, strict=True)))
        keep = self.positions(name)
        kept = tuple(index for here, index in enumerate(place) if here in keep)
        found = self.kept[name]
        return found[kept] if kept in found else self.start(name)

    def start(self, name: str) -> Any:
        """What a fold is worth that no element has reached."""
        folds = (s for s in self.plan.program.statements if s.name == name)
        return next(START[fold.operation] for fold in folds if isinstance(fold, Reduction))

    def output(self, name: str) -> dict[tuple[int, ...], Any]:
        """Return an output by place; an accumulator that no row reached is 0."""
        return self.kept.get(name, {})
