"""CPU kernels: row functions, and batch functions that map them over blocks of rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from lossgen.language.entry import Argument

from .form import Form
from .rows import RowWriter
from .source import Source

# What each batch function does, for its docstring.
SUMMARY = {
    "value": "Weighted loss of each row.",
    "gradient": "Gradient of each row, times its weight and `scale`.",
    "value_and_gradient": "Value and gradient in one pass.",
    "derivatives": "Value, gradient and Hessian diagonal in one pass.",
    "hessian_vector_product": "Hessian of each row times `vector`.",
}


@dataclass
class Written:
    """Source of one form, and what the module must import or allocate for it."""

    source: Source
    functions: set[str] = field(default_factory=set)
    slots: int = 0


def write_form(form: Form) -> Written:
    """Return the row function and the batch function of a form."""
    source = Source()
    writer = write_row(form, source)
    source.line()
    source.line()
    batch = _Batch(form, source, writer)
    batch.write()
    return Written(source, writer.print.used | batch.used, writer.slots)


def write_row(form: Form, source: Source) -> RowWriter:
    """Write the row function of a form."""
    inside = Source(1)
    writer = RowWriter(form, inside)
    writer.write()
    # A loop over rows is vectorised only if it holds no call: LLVM leaves a long row function out.
    source.line("@inlined" if form.elementwise else "@kernel")
    source.line(f"def {form.name}_row({', '.join(row_parameters(form, writer))}):")
    source.line(f'    """{row_summary(form, writer)}"""')
    source.lines += inside.lines
    return writer


def row_parameters(form: Form, writer: RowWriter) -> list[str]:
    """Return the parameters of a row function: inputs, scale, scratch, outputs."""
    names = ["real", *(argument.name for argument in form.arguments)]
    arrays = array_outputs(form)
    if arrays:
        names.append("scale")
    names += scratch(form)
    if writer.slots:
        names.append("work")
    return names + arrays


def array_outputs(form: Form) -> list[str]:
    """Return the outputs that are arrays."""
    return [name for name in form.outputs if form.axes(name)]


def scratch(form: Form) -> list[str]:
    """Return the quantities that need an array of their own."""
    return [name for name in form.plan.stored if name not in form.outputs]


def row_summary(form: Form, writer: RowWriter) -> str:
    """Return what a row function returns and writes, in words."""
    returned = ["the loss" if name == "loss" else name for name in writer.returned()]
    written = array_outputs(form)
    parts = []
    if returned:
        parts.append(f"return {_list(returned)}")
    if written:
        parts.append(f"write {_list(written)}, times `scale`")
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]} of one row."


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


class _Batch:
    """Writes the batch function of a form."""

    def __init__(self, form: Form, source: Source, writer: RowWriter) -> None:
        self.form = form
        self.source = source
        self.writer = writer
        self.used: set[str] = set()
        self.per_row = [argument for argument in form.arguments if not argument.shared]
        self.optional = writer.optional

    def write(self) -> None:
        form, line = self.form, self.source.line
        line("@kernel")
        line(f"def {form.name}({', '.join(self.parameters())}):")
        line(f'    """{SUMMARY[form.name]}"""')
        self.source.depth = 1
        line(f"real = {self.floating()}.dtype.type")
        self.allocate()
        if form.elementwise:
            self.elementwise()
        else:
            self.row_by_row()
        self.source.depth = 0

    def parameters(self) -> list[str]:
        """Return the parameters of the batch function, in the order of the kernel interface."""
        names = [argument.name for argument in self.form.arguments if argument.name != "vector"]
        names.append("weight")
        if self.form.name != "value":
            names.append("scale")
        if self.form.has_value:
            names += ["totals", "value"]
        if any(argument.name == "vector" for argument in self.form.arguments):
            names.append("vector")
        return names + list(self.form.outputs)

    def floating(self) -> str:
        return next(a.name for a in self.per_row if a.domain.differentiable)

    def allocate(self) -> None:
        dtype = f"{self.floating()}.dtype"
        for name in scratch(self.form):
            statement = next(s for s in self.form.plan.program.statements if s.name == name)
            axes = [statement.indices[at].axis for at in self.form.plan.stored[name]]  # type: ignore[union-attr]
            sizes = ", ".join(self.extent(axis) for axis in axes)
            shape = sizes if len(axes) == 1 else f"({sizes})"
            self.source.line(f"{name} = numpy.empty({shape}, {dtype})")
        if self.writer.slots:
            self.source.line(f"work = numpy.empty(({self.writer.slots}, ROOM), {dtype})")
            self.used.add("ROOM")
        if self.form.has_value:
            self.source.line(f"losses = numpy.empty(ROOM, {dtype})")
            self.used.add("ROOM")

    def extent(self, axis: str) -> str:
        """Return the extent of an axis, read off the first batch argument that has it."""
        for argument in self.form.arguments:
            axes = argument.domain.axes
            if axis in axes:
                return f"{argument.name}.shape[{axes.index(axis) + (not argument.shared)}]"
        raise KeyError(axis)

    # one number per argument and row

    def elementwise(self) -> None:
        """Write the loop over blocks of rows, seen through views so that it is vectorised."""
        first = self.per_row[0].name
        with self.source.block(f"for first in range(0, {first}.size, BLOCK):"):
            self.source.line(f"last = min(first + BLOCK, {first}.size)")
            for argument in self.per_row:
                self.source.line(f"{argument.name}_block = {argument.name}[first:last]")
            self.used.add("part_of")
            for name in ("weight", *self.array_outputs()):
                self.source.line(f"{name}_block = part_of({name}, first, last)")
            # The size of a view is known not to be negative, last - first is not: a quarter faster.
            with self.source.block(f"for i in range({first}_block.size):"):
                self.elementwise_body()
            if self.form.has_value:
                self.source.line("if value is not None:")
                self.source.line("    value[first:last] = losses[: last - first]")
                self.used.add("block_sum")
                self.source.line("totals[first // BLOCK] = block_sum(losses, last - first)")

    def array_outputs(self) -> list[str]:
        return [name for name in self.form.outputs if not self.form.is_shared(name)]

    def elementwise_body(self) -> None:
        given = [
            f"{argument.name}_block[i]" if not argument.shared else argument.name
            for argument in self.form.arguments
        ]
        results = self.writer.returned()
        call = f"{self.form.name}_row({', '.join(['real', *given])})"
        self.source.line("w = weight_at(weight_block, i, real)")
        self.source.line(f"{', '.join(self.result(name) for name in results)} = {call}")
        self.used |= {"weight_at", "weighted"}
        for name in results:
            self.elementwise_result(name)

    def result(self, name: str) -> str:
        return name if name == "loss" else f"{name}_i"

    def elementwise_result(self, name: str) -> None:
        if name == "loss":
            self.source.line("losses[i] = weighted(loss, w, real(1))")
        elif self.form.is_shared(name):
            self.source.line(f"{name}[()] += weighted({name}_i, w, scale)")
        elif name in self.optional:
            self.source.line(f"if {name} is not None:")
            self.source.line(f"    {name}_block[i] = weighted({name}_i, w, scale)")
        else:
            self.source.line(f"{name}_block[i] = weighted({name}_i, w, scale)")

    # rows with axes

    def row_by_row(self) -> None:
        """Write the loop over rows; a row of weight 0 is absent, whatever its loss would be."""
        floating = self.floating()
        if not self.form.has_value:
            with self.source.block(f"for row in range({floating}.shape[0]):"):
                self.row_body()
            return
        with self.source.block("for block in range(totals.size):"):
            self.source.line("first = block * ROWS")
            self.source.line(f"count = min(ROWS, {floating}.shape[0] - first)")
            with self.source.block("for i in range(count):"):
                self.source.line("row = first + i")
                self.row_body()
                self.source.line("if value is not None:")
                self.source.line("    value[row] = losses[i]")
            self.source.line("totals[block] = block_sum(losses, count)")
            self.used.add("block_sum")

    def row_body(self) -> None:
        self.used |= {"weight_at", "weighted"}
        self.source.line("w = weight_at(weight, row, real)")
        skipped = ["losses[i] = real(0)"] if self.form.has_value else []
        for name in self.form.outputs:
            if not self.form.is_shared(name):
                skipped.append(f"clear({name}, row)")
                self.used.add("clear")
        with self.source.block("if w == real(0):"):
            for text in skipped:
                self.source.line(text)
        with self.source.block("else:"):
            self.source.line(self.row_call())
            for name in self.writer.returned():
                self.row_result(name)

    def row_call(self) -> str:
        given = ["real", *(self.row_argument(argument) for argument in self.form.arguments)]
        if array_outputs(self.form):
            given.append("w * scale" if self.form.name != "value" else "w")
        given += scratch(self.form)
        if self.writer.slots:
            given.append("work")
        for name in array_outputs(self.form):
            if self.form.is_shared(name):
                given.append(name)
            elif name in self.optional:
                self.used.add("row_of")
                given.append(f"row_of({name}, row)")
            else:
                given.append(f"{name}[row]")
        results = [self.result(name) for name in self.writer.returned()]
        call = f"{self.form.name}_row({', '.join(given)})"
        return f"{', '.join(results)} = {call}" if results else call

    def row_argument(self, argument: Argument) -> str:
        return argument.name if argument.shared else f"{argument.name}[row]"

    def row_result(self, name: str) -> None:
        if name == "loss":
            self.source.line("losses[i] = weighted(loss, w, real(1))")
        elif self.form.is_shared(name):
            self.source.line(f"{name}[()] += weighted({name}_i, w, scale)")
        else:
            text = f"{name}[row] = weighted({name}_i, w, scale)"
            if name in self.optional:
                self.source.line(f"if {name} is not None:")
                self.source.line(f"    {text}")
            else:
                self.source.line(text)
