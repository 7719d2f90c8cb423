"""Row functions: the plan of a form as Python source for one row.

Sums run over blocks of 256 terms in the kernel's dtype, added by `block_sum` in a fixed order, and
in float64 across blocks: a float64 accumulator inside a float32 loop is not vectorised, and a
reassociated sum would depend on what else its loop computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sympy import Piecewise, S
from sympy.logic.boolalg import true

from lossgen.language.entry import Definition
from lossgen.language.program import Reduction, Scatter, Statement, expressions
from lossgen.language.symbols import Element, Index
from lossgen.plan import Leaf, Loop, instance, is_conditional, leaves, references

from .form import Form
from .layout import form_items, loop_of, needs_of, optional, path_of
from .names import Names
from .pairs import carried
from .products import PRODUCT
from .scalar import ScalarPrinter
from .source import Source
from .vanishing import finite_names, vanishing_names

_START = {"sum": "0.0", "max": "real(-math.inf)", "min": "real(math.inf)"}
_UPDATE = {"max": "maximum", "min": "minimum"}


class RowWriter:
    """Writes the body of one row function, and notes what it needs from outside."""

    def __init__(self, form: Form, source: Source) -> None:
        self.form = form
        self.source = source
        self.names = Names(form)
        rank = {argument.name: place for place, argument in enumerate(form.arguments)}
        for statement in form.plan.program.statements:
            rank.setdefault(statement.name, len(rank))
        given = {argument.name for argument in form.arguments if argument.shared}
        self.carried = {name for name in carried_in(form) if f"{name}_low" not in rank}
        finite = finite_names(form.plan.program)
        fading = vanishing_names(form.plan.program.statements)
        self.print = ScalarPrinter(self.names.leaf, rank, given, self.low, finite, fading)
        self.slots = 0
        self.guards: list[str] = []
        self.scopes: list[list[tuple[str, tuple[Any, ...]]]] = []
        self.optional = optional(form)
        self.names.declined = self.optional
        self.needs = needs_of(form)

    def low(self, node: Any) -> str | None:
        """Return the second name of a quantity that is carried as a pair."""
        return f"{self.names.leaf(node)}_low" if node.name in self.carried else None

    # structure

    def write(self) -> None:
        """Write all statements, then the scalars that the row function returns."""
        self.items(form_items(self.form))
        if self.returned():
            self.source.line(f"return {', '.join(self.returned())}")

    def returned(self) -> list[str]:
        """Return the names of the scalar outputs, the value first."""
        outputs = self.form.program.outputs
        return [name for name in outputs if name == "loss" or not self.form.axes(name)]

    def items(self, items: list[Leaf | Loop]) -> None:
        """Write the items of one level, with accumulators started before their loops."""
        self.scopes.append([])
        for item in items:
            if isinstance(item, Leaf):
                self.leaf(item, items)
            else:
                self.loop(item)
        self.leave()

    def leave(self) -> None:
        """Forget the definitions that were written since the scope was opened."""
        for key in self.scopes.pop():
            self.names.instances.pop(key, None)

    def loop(self, loop: Loop) -> None:
        """Write one loop: accumulators before it, their final values after it."""
        folded = [leaf.statement for leaf in leaves([loop]) if self.starts_at(leaf.statement, loop)]
        guard = self.guard([leaf.statement for leaf in leaves([loop])])
        with self.asked_for(guard):
            if guard:
                self.guards.append(guard)
            self.loop_body(loop, folded)
            if guard:
                self.guards.pop()

    def loop_body(self, loop: Loop, folded: list[Any]) -> None:
        for statement in folded:
            self.start(statement)
        inner = all(isinstance(item, Leaf) for item in loop.items)
        scalar = [
            leaf.statement for leaf in leaves([loop]) if self.is_scalar_fold(leaf.statement, loop)
        ]
        with self.needed(loop):
            if inner and scalar:
                self.folding_loop(loop, scalar)
            else:
                self.plain_loop(loop)
        for statement in folded:
            self.finish(statement)

    @contextmanager
    def needed(self, loop: Loop) -> Iterator[None]:
        """Write a block for a loop whose results are rarely read."""
        if not is_conditional(loop):
            yield
            return
        cases = dict.fromkeys(leaf.statement.when for leaf in leaves([loop]))  # type: ignore[union-attr]
        for case in cases:
            self.written(self.collected(case))
        with self.source.block(f"if {' or '.join(self.print.condition(case) for case in cases)}:"):
            yield

    def plain_loop(self, loop: Loop) -> None:
        head = f"for {loop.index.name} in range({self.names.extent(loop.index.axis)}):"
        with self.source.block(head):
            self.items(loop.items)

    # folds in innermost loops

    def folding_loop(self, loop: Loop, folds: list[Any]) -> None:
        """Write an innermost loop that folds: in blocks of terms, or a maximum of a whole row."""
        if all(self.direct(fold, loop) for fold in folds) and len(folds) == len(loop.items):
            for fold in folds:
                self.whole_row(fold)
            return
        slots = {fold.name: f"{fold.name}_terms" for fold in folds if not is_count(fold)}
        self.slots = max(self.slots, len(slots))
        places = ", ".join(f"work[{place}]" for place in range(len(slots)))
        if slots:
            self.source.line(f"{', '.join(slots.values())} = {places}")
        size = self.names.extent(loop.index.axis)
        with self.source.block(f"for start in range(0, {size}, BLOCK):"):
            self.blocked(loop, folds, slots, size)

    def blocked(self, loop: Loop, folds: list[Any], slots: dict[str, str], size: str) -> None:
        self.names.block, self.names.views = loop.index, {}
        inside = Source(self.source.depth + 1)
        outer, self.source = self.source, inside
        self.scopes.append([])
        for leaf in leaves(loop.items):
            if isinstance(leaf.statement, Reduction) and leaf.statement in folds:
                self.macros(leaf.statement)
                self.term(leaf.statement, slots.get(leaf.statement.name), loop.index)
            else:
                self.leaf(leaf, loop.items)
        self.leave()
        self.source = outer
        views, self.names.block, self.names.views = self.names.views, None, {}
        for key, seen in views.items():
            self.source.line(f"{seen} = {key}")
        first = next(iter(views.values()), "")
        extent = f"{first}.size" if first else f"min(BLOCK, {size} - start)"
        self.source.line(f"count = {extent}")
        self.source.line(f"for {loop.index.name} in range(count):")
        self.source.lines += inside.lines
        for fold in folds:
            if fold.name in slots:
                self.add_block(fold, slots[fold.name])

    def term(self, fold: Reduction, slot: str | None, index: Index) -> None:
        """Write one term of a fold into its block of terms; count at once."""
        if slot is None:
            self.print.used.add("counted")
            name = self.local(fold)
            self.source.line(f"{name} = counted({name}, {self.print.condition(fold.where)})")
            return
        neutral = {"sum": S.Zero, "max": S.NegativeInfinity, "min": S.Infinity}[fold.operation]
        body = (
            fold.body if fold.where == true else Piecewise((fold.body, fold.where), (neutral, True))
        )
        self.source.line(f"{slot}[{index.name}] = {self.print(body)}")

    def add_block(self, fold: Reduction, slot: str) -> None:
        name = self.local(fold)
        if fold.operation == "sum":
            self.print.used.add("block_sum")
            self.source.line(f"{name} += block_sum({slot}, count)")
        else:
            word = _UPDATE[fold.operation]
            self.print.used |= {word, f"{word}_of"}
            self.source.line(f"{name} = {word}({name}, {word}_of({slot}[:count]))")

    def direct(self, fold: Reduction, loop: Loop) -> bool:
        """Whether a maximum folds a stored row as it is."""
        if fold.operation == "sum" or fold.where != true or not isinstance(fold.body, Element):
            return False
        places = self.names.kept(fold.body.name, fold.body.indices)
        known = fold.body.name in self.names.arrays or fold.body.name in self.form.plan.stored
        return known and bool(places) and places[-1] == loop.index and loop.index not in places[:-1]

    def whole_row(self, fold: Any) -> None:
        word = _UPDATE[fold.operation]
        places = self.names.kept(fold.body.name, fold.body.indices)
        fixed = ", ".join(self.names.index(place) for place in places[:-1])
        row = f"{fold.body.name}[{fixed}]" if fixed else fold.body.name
        name = self.local(fold)
        outer = len(fold.bound) > 1
        self.print.used |= {word, f"{word}_of"} if outer else {f"{word}_of"}
        call = f"{word}_of({row})"
        self.source.line(f"{name} = {f'{word}({name}, {call})' if outer else call}")

    # statements

    def leaf(self, leaf: Leaf, siblings: Sequence[Leaf | Loop]) -> None:
        """Write a statement, under `is not None` where only an optional output needs it.

        So are the definitions that it alone reads: what they read may be computed only there.
        """
        output = self.guard([leaf.statement])
        output = output if output and self.form.axes(output) else None
        if output:
            others = {
                place
                for other in leaves(list(siblings))
                if self.guard([other.statement]) != output
                for place in self.wanted(other.statement)
            }
            self.macros(leaf.statement, others)
        with self.asked_for(output):
            self.scopes.append([])
            self.macros(leaf.statement)
            self.statement(leaf.statement)
            inside = self.scopes.pop()
            if output:
                self.scopes.append(inside)
                self.leave()
            else:
                self.scopes[-1] += inside

    @contextmanager
    def asked_for(self, output: str | None) -> Iterator[None]:
        """Write a block for an output that the caller may decline."""
        if output is None:
            yield
            return
        with self.source.block(f"if {output} is not None:"):
            yield

    def guard(self, statements: list[Statement]) -> str | None:
        """Return the one optional array output that all statements serve, if there is one."""
        if not self.optional:
            return None
        served = {output for statement in statements for output in self.needs[statement.name]}
        if len(served) != 1:
            return None
        output = next(iter(served))
        wanted = output in self.optional and self.form.axes(output) and output not in self.guards
        return output if wanted else None

    def statement(self, statement: Statement) -> None:
        if isinstance(statement, Definition):
            self.definition(statement)
        elif isinstance(statement, Scatter):
            self.add(statement)
        else:
            self.accumulate(statement)

    def definition(self, statement: Definition) -> None:
        if statement.name in self.carried:
            text = self.print.pairs.pair(statement.expression)
            self.source.line(f"{statement.name}, {statement.name}_low = {text}")
            return
        text = self.print(statement.expression)
        if self.is_array_output(statement.name):
            self.store(statement.name, statement.indices, statement.expression)
        elif self.names.kept(statement.name, statement.indices):
            self.source.line(f"{self.names.element(statement.symbol)} = {text}")
        else:
            self.source.line(f"{statement.name} = {text}")

    def store(self, name: str, indices: tuple[Any, ...], expression: Any) -> None:
        """Write an element of an output, scaled; outputs of shared arguments add up over rows."""
        place = self.names.place(name, indices)
        operator = "+=" if self.form.is_shared(name) else "="
        self.source.line(f"{place} {operator} {self.scaled(expression)}")

    def scaled(self, expression: Any) -> str:
        """Return `scale * expression`; a selection with zeros keeps them exact."""
        if expression == 0:
            return self.print(expression)
        if expression in (1, -1):
            return "scale" if expression == 1 else "-scale"
        text, level = self.print.render(expression)
        if level < PRODUCT:
            return f"scale * ({text})"
        return f"-scale * {text[1:]}" if text.startswith("-") else f"scale * {text}"

    def add(self, statement: Scatter) -> None:
        place = f"{statement.name}[{', '.join(self.names.index(i) for i in statement.target)}]"
        own = self.is_array_output(statement.name)
        if statement.replaces:
            text = self.scaled(statement.body) if own else self.print(statement.body)
            self.conditionally(statement.where, f"{place} = {text}")
        else:
            self.conditionally(statement.where, self.added(place, statement.body, own))

    def added(self, place: str, expression: Any, scaled: bool) -> str:
        """Return the statement that adds an expression; a negative product is subtracted."""
        if (expression.is_Mul and expression.could_extract_minus_sign()) or expression == -1:
            expression, operator = -expression, "-="
        else:
            operator = "+="
        text = self.scaled(expression) if scaled else self.print(expression)
        return f"{place} {operator} {text}"

    def accumulate(self, fold: Reduction) -> None:
        """Add one term to a fold outside the innermost loops, or to an array of folds."""
        name = self.accumulator(fold)
        if fold.operation == "sum":
            own = self.is_array_output(fold.name) and self.accumulates(fold)
            self.conditionally(fold.where, self.added(name, fold.body, own))
        else:
            word = _UPDATE[fold.operation]
            self.print.used.add(word)
            self.conditionally(fold.where, f"{name} = {word}({name}, {self.print(fold.body)})")

    def conditionally(self, where: Any, text: str) -> None:
        if where == true:
            self.source.line(text)
        else:
            with self.source.block(f"if {self.print.condition(where)}:"):
                self.source.line(text)

    # accumulators

    def starts_at(self, statement: Statement, loop: Loop) -> bool:
        """Whether `loop` is the outermost loop that a fold is bound over."""
        if not isinstance(statement, Reduction) or loop.index not in statement.bound:
            return False
        return self.outermost_bound(statement) == loop.index

    def outermost_bound(self, fold: Reduction) -> Index:
        path = path_of(form_items(self.form), fold)
        return next(index for index in path if index in fold.bound)

    def accumulates(self, fold: Reduction) -> bool:
        """Whether free indices of a fold run inside its bound loops: an array of accumulators."""
        path = path_of(form_items(self.form), fold)
        first = next(place for place, index in enumerate(path) if index in fold.bound)
        return any(index in fold.indices for index in path[first:])

    def is_scalar_fold(self, statement: Statement, loop: Loop) -> bool:
        """Whether a statement folds into one number in this innermost loop."""
        return (
            isinstance(statement, Reduction)
            and loop.index in statement.bound
            and not self.accumulates(statement)
        )

    def local(self, fold: Reduction) -> str:
        """Return the local name that a fold accumulates under."""
        if self.is_array_output(fold.name) or self.names.kept(fold.name, fold.indices):
            return "_".join([fold.name, *(index.name for index in fold.indices)])
        return fold.name

    def accumulator(self, fold: Reduction) -> str:
        return (
            self.names.place(fold.name, fold.indices)
            if self.accumulates(fold)
            else self.local(fold)
        )

    def start(self, fold: Reduction) -> None:
        if not self.accumulates(fold):
            skip = fold.operation != "sum" and len(fold.bound) == 1 and self.is_whole(fold)
            if not skip:
                zero = "numpy.int32(0)" if is_count(fold) else _START[fold.operation]
                self.source.line(f"{self.local(fold)} = {zero}")
        elif not (self.is_array_output(fold.name) and self.form.is_shared(fold.name)):
            text = f"{self.started(fold)} = real(0)"
            guard = self.guard([fold])
            self.source.line(f"if {guard} is not None:" if guard else text)
            if guard:
                self.source.line(f"    {text}")

    def started(self, fold: Reduction) -> str:
        """Return the part of an array of accumulators that belongs to the loops around the fold."""
        path = path_of(form_items(self.form), fold)
        around = path[: next(place for place, index in enumerate(path) if index in fold.bound)]
        places = self.names.kept(fold.name, fold.indices)
        if not set(places) & set(around):
            return f"{fold.name}[:]"
        parts = [self.names.index(place) if place in around else ":" for place in places]
        return f"{fold.name}[{', '.join(parts)}]"

    def is_whole(self, fold: Reduction) -> bool:
        loop = loop_of(form_items(self.form), fold)
        assert loop is not None
        folds = [leaf.statement for leaf in leaves(loop.items)]
        return all(isinstance(f, Reduction) and self.direct(f, loop) for f in folds)

    def finish(self, fold: Reduction) -> None:
        """Round a finished sum to the dtype, and store it where it is an array element."""
        if self.accumulates(fold):
            return
        name = self.local(fold)
        value = f"real({name})" if fold.operation == "sum" else name
        if self.is_array_output(fold.name):
            operator = "+=" if self.form.is_shared(fold.name) else "="
            text = f"{self.names.place(fold.name, fold.indices)} {operator} scale * {value}"
            guard = self.guard([fold])
            self.source.line(f"if {guard} is not None:" if guard else text)
            if guard:
                self.source.line(f"    {text}")
        elif self.names.kept(fold.name, fold.indices):
            self.source.line(f"{self.names.element(fold.symbol)} = {value}")
        elif fold.operation == "sum":
            self.source.line(f"{name} = {value}")

    def is_array_output(self, name: str) -> bool:
        return name in self.form.outputs and bool(self.form.axes(name))

    # definitions computed where they are read

    def macros(self, statement: Statement, among: set[Any] | None = None) -> None:
        """Write the definitions that a statement reads and that no line above has written."""
        wanted = self.wanted(statement)
        self.written([each for each in wanted if among is None or each in among])

    def written(self, wanted: list[tuple[str, tuple[Any, ...]]]) -> None:
        """Write definitions at the places where they are read."""
        for name, places in wanted:
            expression = instance(self.form.plan.macros[name], places)
            own = self.macro_name(name, places)
            if name in self.carried:
                self.source.line(f"{own}, {own}_low = {self.print.pairs.pair(expression)}")
            else:
                self.source.line(f"{own} = {self.print(expression)}")
            self.names.instances[name, places] = own
            self.scopes[-1].append((name, places))

    def wanted(self, statement: Statement) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the definitions that a statement reads and that are not written, in order."""
        return self.collected(*expressions(statement))

    def collected(self, *read: Any) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the definitions that expressions read and that are not written, in order."""
        wanted: list[tuple[str, tuple[Any, ...]]] = []
        for expression in read:
            self.collect(expression, wanted)
        return wanted

    def collect(self, expression: Any, wanted: list[tuple[str, tuple[Any, ...]]]) -> None:
        for name, places in references(expression):
            known = (name, places) in wanted or (name, places) in self.names.instances
            if name in self.form.plan.macros and not known:
                self.collect(instance(self.form.plan.macros[name], places), wanted)
                wanted.append((name, places))

    def macro_name(self, name: str, places: tuple[Any, ...]) -> str:
        distinct = len(set(places)) == len(places) and all(
            isinstance(place, Index) for place in places
        )
        free = name not in self.names.instances.values()
        return name if distinct and free else "_".join([name, *(str(place) for place in places)])


def is_count(fold: Reduction) -> bool:
    """Whether a fold counts: an integer is added up in any order, so in the loop itself."""
    return fold.operation == "sum" and fold.body == 1 and fold.where != true


def carried_in(form: Form) -> set[str]:
    """Return the local quantities whose rounding errors are carried, see `pairs`."""
    held: dict[str, Any] = {}
    # Of what is compared with its own maximum, one number alone must be read everywhere.
    compared = {
        getattr(statement.body, "name", "")
        for statement in form.plan.program.statements
        if isinstance(statement, Reduction) and statement.operation in ("max", "min")
    }
    for statement in form.plan.program.statements:
        local = isinstance(statement, Definition) and statement.name not in form.program.outputs
        local = local and statement.name not in compared
        if local and statement.name not in form.plan.stored:
            held[statement.name] = statement.expression  # type: ignore[union-attr]
        else:
            held[f"{statement.name} "] = expressions(statement)
    return carried(held)
