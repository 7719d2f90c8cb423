"""The derived gradient as a person would write it, for a terminal."""

from sympy import Eq, Symbol, pretty

from lossgen.derive import gradient
from lossgen.language.entry import Definition, Entry
from lossgen.language.normal import program


def equations(entry: Entry) -> str:
    """The gradient and, below it, the quantities that it is made of; for losses without folds."""
    derived = gradient(program(entry), entry.wrt)
    wanted = derived.live(tuple(f"d_{name}" for name in entry.wrt))
    steps = [step for step in wanted.statements if isinstance(step, Definition)]
    symbols = set().union(*(step.expression.free_symbols for step in steps))
    names = {symbol: Symbol(written(str(symbol))) for symbol in symbols}
    return "\n\n".join(
        pretty(
            Eq(Symbol(written(step.name)), step.expression.xreplace(names), evaluate=False),
            use_unicode=True,
            wrap_line=False,
            order="none",
        )
        for step in reversed(steps)
    )


def written(name: str) -> str:
    """The name of a quantity: that of a derivative is d_x in a program, and ∂L/∂x on paper."""
    return f"∂L/∂{name[2:]}" if name.startswith("d_") else name
