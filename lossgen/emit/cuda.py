"""CUDA kernels: row functions, and kernels that map them over rows and over the lanes of a row.

They have the names of the CPU's batch functions and take their arguments in the same order, but:

- no array is None: an empty one says that there are no weights, or that a gradient is not wanted
  (its row extents are 0, so that it has rows that can be looked at);
- `losses` takes the place of `totals, value`: the weighted loss of each row. The kernel
  `sum_chunks` of the math file adds them up, in an order that depends on their number only;
- the gradient of a shared argument has one part for each group of lanes (for each thread of an
  elementwise kernel), zeroed by the caller and added up afterwards. The number of groups, and with
  it the order of the sums, is that of the parts: a group takes every so-many-th row, in order. No
  atomics, so results repeat bit for bit; the cost is an array per group and, in float32, sums over
  rows in float32;
- what a row must store lies in scratch arrays, one row per group, which come last; `SCRATCH` says
  which and of what extents.

A block is (lanes, groups): `lanes` threads, a power of two of at most `LANES`, share a row. Of more
than one lane there is one group to a block, since lanes wait for each other by waiting for the
whole block. Labels are int64 and valid; scalars have the dtype of the arrays.
"""

from __future__ import annotations

from .cpu import SUMMARY, Written, array_outputs, row_summary, scratch
from .cuda_rows import LaneWriter
from .form import Form
from .rows import RowWriter
from .source import Source

_CLEAR = {1: "clear_vector", 2: "clear_matrix"}
# Long functions, which a compiler that unrolls four rows gives up on: the rows would then lie in
# local memory (48 bytes a thread in `focal`).
_LONG = frozenset({"power", "sin", "cos", "tan"})


def write_form(form: Form) -> Written:
    """Return the row function and the kernel of a form."""
    source, inside = Source(), Source(1)
    writer = RowWriter(form, inside) if form.elementwise else LaneWriter(form, inside)
    writer.write()
    source.line("@device")
    source.line(f"def {form.name}_row({', '.join(_row_parameters(form))}):")
    source.line(f'    """{row_summary(form, writer)}"""')
    source.lines += [*inside.lines, "", ""]
    kernel = _Kernel(form, source, writer)
    source.line("@cuda.jit")
    source.line(f"def {form.name}({', '.join(kernel.parameters())}):")
    source.line(f'    """{SUMMARY[form.name]}"""')
    source.depth = 1
    source.line(f"real = {kernel.floating}.dtype.type")
    if form.elementwise:
        kernel.elementwise(together=not writer.print.used & _LONG)
    else:
        kernel.row_by_row()
    return Written(source, writer.print.used | kernel.used | {"device"})


def scratch_axes(form: Form) -> dict[str, tuple[str, ...]]:
    """Return the axes of each array that a row of a form stores for itself."""
    axes: dict[str, tuple[str, ...]] = {}
    for name in scratch(form):
        statement = next(s for s in form.plan.program.statements if s.name == name)
        axes[name] = tuple(statement.indices[at].axis for at in form.plan.stored[name])  # type: ignore[union-attr]
    return axes


def _row_parameters(form: Form) -> list[str]:
    names = ["real", *(argument.name for argument in form.arguments)]
    if form.elementwise:
        return names
    if array_outputs(form):
        names.append("scale")
    return [*names, "lane", "lanes", "shared", *array_outputs(form), *scratch(form)]


class _Kernel:
    """Writes the kernel of a form."""

    def __init__(self, form: Form, source: Source, writer: RowWriter) -> None:
        self.form = form
        self.source = source
        self.returned = writer.returned()
        self.optional = writer.optional
        self.used = {"weight_at", "weighted"}
        self.per_row = [argument for argument in form.arguments if not argument.shared]
        self.floating = next(a.name for a in self.per_row if a.domain.differentiable)

    def parameters(self) -> list[str]:
        """Return the parameters of the kernel."""
        names = [argument.name for argument in self.form.arguments if argument.name != "vector"]
        names.append("weight")
        if self.form.name != "value":
            names.append("scale")
        if self.form.has_value:
            names.append("losses")
        if any(argument.name == "vector" for argument in self.form.arguments):
            names.append("vector")
        return [*names, *self.form.outputs, *scratch(self.form)]

    # one number per argument and row

    def elementwise(self, together: bool) -> None:
        """Write the loop over rows, EACH of them together if they are short."""
        self.source.line("threads = cuda.gridsize(1)")
        if any(self.form.is_shared(name) for name in self.form.outputs):
            self.source.line("group = cuda.grid(1)")
        if together:
            self.four_by_four()
            return
        with self.source.block(f"for i in range(cuda.grid(1), {self.floating}.size, threads):"):
            self.source.line("w = weight_at(weight, i, real)")
            self.element("[i]", "w")

    def four_by_four(self) -> None:
        """Write the loop over rows: a thread reads EACH of them before it writes one.

        Arrays may be one another, as far as the compiler knows, so that it keeps loads behind
        stores: two loads in flight do not fill the memory's pipeline, eight do.
        """
        line, size = self.source.line, f"{self.floating}.size"
        self.used.add("EACH")
        for argument in self.per_row:
            line(f"{argument.name}_of = cuda.local.array(EACH, {argument.name}.dtype)")
        line(f"weight_of = cuda.local.array(EACH, {self.floating}.dtype)")
        with self.source.block(f"for first in range(cuda.grid(1), {size}, EACH * threads):"):
            with self.source.block("for j in range(EACH):"):
                line(f"i = min(first + j * threads, {size} - 1)")
                for argument in self.per_row:
                    line(f"{argument.name}_of[j] = {argument.name}[i]")
                line("weight_of[j] = weight_at(weight, i, real)")
            with self.source.block("for j in range(EACH):"):
                line("i = first + j * threads")
                with self.source.block(f"if i < {size}:"):
                    self.element("_of[j]", "weight_of[j]")

    def element(self, place: str, weight: str) -> None:
        """Write one row, whose arguments are found at `<name><place>`."""
        given = [a.name if a.shared else f"{a.name}{place}" for a in self.form.arguments]
        results = ", ".join(_local(name) for name in self.returned)
        self.source.line(f"{results} = {self.form.name}_row({', '.join(['real', *given])})")
        for name in self.returned:
            self.result(name, "i", weight)

    def result(self, name: str, row: str, weight: str) -> None:
        """Write one number of a row to memory."""
        if name == "loss":
            self.source.line(f"losses[{row}] = weighted(loss, {weight}, real(1))")
            return
        shared = self.form.is_shared(name)
        place = f"{name}[group] +=" if shared else f"{name}[{row}] ="
        text = f"{place} weighted({_local(name)}, {weight}, scale)"
        self.source.line(f"if {name}.size > 0:" if name in self.optional else text)
        if name in self.optional:
            self.source.line(f"    {text}")

    # rows with axes

    def row_by_row(self) -> None:
        """Write the loop over rows; a row of weight 0 is absent, whatever its loss would be."""
        line, floating = self.source.line, self.floating
        self.used.add("LANES")
        line(f"shared = cuda.shared.array(LANES, {floating}.dtype)")
        line("lane, lanes = cuda.threadIdx.x, cuda.blockDim.x")
        line("group = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y")
        line("groups = cuda.gridDim.x * cuda.blockDim.y")
        with self.source.block(f"for row in range(group, {floating}.shape[0], groups):"):
            line("w = weight_at(weight, row, real)")
            with self.source.block("if w == real(0):"):
                self.absent()
                line("continue")
            line(self.call())
            if self.returned:
                with self.source.block("if lane == 0:"):
                    for name in self.returned:
                        self.result(name, "row", "w")

    def absent(self) -> None:
        """Write zeros for a row."""
        own = [name for name in self.form.outputs if not self.form.is_shared(name)]
        numbers = [name for name in own if name in self.returned]
        if self.form.has_value or numbers:
            with self.source.block("if lane == 0:"):
                if self.form.has_value:
                    self.source.line("losses[row] = real(0)")
                for name in numbers:
                    self.used.add("clear_number")
                    self.source.line(f"clear_number({name}, row)")
        for name in own:
            if self.form.axes(name):
                self.clear(name, len(self.form.axes(name)))

    def clear(self, name: str, axes: int) -> None:
        """Write zeros for a row of an output with axes."""
        if axes in _CLEAR:
            self.used.add(_CLEAR[axes])
            self.source.line(f"{_CLEAR[axes]}({self.row_of(name)}, lane, lanes)")
            return
        depth, places = self.source.depth, [f"k{axis}" for axis in range(axes)]
        self.source.line(f"if {name}.size > 0:")
        for axis, place in enumerate(places):
            self.source.depth += 1
            bounds = f"lane, {name}.shape[1], lanes" if axis == 0 else f"{name}.shape[{axis + 1}]"
            self.source.line(f"for {place} in range({bounds}):")
        self.source.line(f"    {name}[row, {', '.join(places)}] = real(0)")
        self.source.depth = depth

    def call(self) -> str:
        given = ["real", *(a.name if a.shared else f"{a.name}[row]" for a in self.form.arguments)]
        outputs = array_outputs(self.form)
        if outputs:
            given.append("w * scale")
        given += ["lane", "lanes", "shared", *(self.row_of(name) for name in outputs)]
        given += [f"{name}[group]" for name in scratch(self.form)]
        call = f"{self.form.name}_row({', '.join(given)})"
        results = ", ".join(_local(name) for name in self.returned)
        return f"{results} = {call}" if results else call

    def row_of(self, name: str) -> str:
        """Return the spelling of the row of an output that a group writes."""
        row = "group" if self.form.is_shared(name) else "row"
        if name not in self.optional:
            return f"{name}[{row}]"
        self.used.add("row_of")
        return f"row_of({name}, {row})"


def _local(name: str) -> str:
    return name if name == "loss" else f"{name}_i"
