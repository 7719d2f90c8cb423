"""Forms: the sets of outputs that a loss gets kernels for, each with its program and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lossgen.derive import Refused, gradient, hessian_diagonal, hessian_vector_product
from lossgen.language.entry import Argument, Definition, Entry
from lossgen.language.interface import second
from lossgen.language.normal import program
from lossgen.language.program import Program
from lossgen.plan import Plan, plan
from lossgen.stabilise import finish, prepare, prepare_kernel
from lossgen.stages import lower

from .clash import spelled
from .vanishing import exposed


@dataclass(frozen=True)
class Form:
    """One set of outputs: the name of its batch function, and the program that computes them."""

    name: str
    entry: Entry
    program: Program

    @cached_property
    def plan(self) -> Plan:
        """The loops of the form."""
        return plan(spelled(exposed(lower(finish(self.program)))))

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs besides the value, such as d_prediction."""
        return tuple(name for name in self.program.outputs if name != "loss")

    @property
    def has_value(self) -> bool:
        """Whether the value is among the outputs."""
        return "loss" in self.program.outputs

    def argument_of(self, output: str) -> Argument:
        """Return the argument that an output is a derivative in."""
        return self.entry.argument(output.split("_", 1)[1])

    def axes(self, output: str) -> tuple[str, ...]:
        """Return the axes of an output."""
        return self.argument_of(output).domain.axes

    def is_shared(self, output: str) -> bool:
        """Whether an output is accumulated over the rows."""
        return self.argument_of(output).shared

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Arguments of the row function: per row, shared, and the vector of a product."""
        return self.plan.program.arguments

    @property
    def elementwise(self) -> bool:
        """Whether all arguments are numbers and no loop is left."""
        return all(not argument.domain.axes for argument in self.entry.arguments)


@dataclass(frozen=True)
class Forms:
    """All forms of an entry, and why the Hessian diagonal is missing, if it is.

    `written` is the program of the value as the author wrote it, `value_program` the one that is
    differentiated, as a page shows it: without the scaled vectors of the kernels.
    """

    entry: Entry
    written: Program
    value_program: Program
    forms: tuple[Form, ...]
    refused: str


def forms(entry: Entry) -> Forms:
    """Derive every form of an entry: value, gradient, both, with Hessian diagonal, and HVP."""
    written = program(entry)
    base = prepare_kernel(written)
    first = gradient(base, entry.gradients)
    derivatives = tuple(f"d_{name}" for name in entry.gradients)
    found = [
        Form("value", entry, base),
        Form("gradient", entry, first.live(derivatives)),
        Form("value_and_gradient", entry, first.live(("loss", *derivatives))),
    ]
    name, refused = second(entry), ""
    if name is not None:
        try:
            third = hessian_diagonal(base, name)
            found.append(Form("derivatives", entry, third.live(("loss", f"d_{name}", f"h_{name}"))))
        except Refused as error:
            refused = str(error)
        product = hessian_vector_product(base, name)
        found.append(Form("hessian_vector_product", entry, product.live((f"hv_{name}",))))
    return Forms(entry, written, prepare(written), tuple(found), refused)


def is_zero(statement: object) -> bool:
    """Whether a statement defines a constant zero."""
    return isinstance(statement, Definition) and statement.expression == 0
