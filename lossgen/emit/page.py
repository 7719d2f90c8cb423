"""The page of a loss: Markdown with its formulas, arguments, conventions, source and first use.

`lossgen.formulas.pages` reads the formulas back from this text: headings, tables and `$$` blocks
are an agreement between the two modules.
"""

from __future__ import annotations

from collections.abc import Iterable

from lossgen.language.domains import Domain
from lossgen.language.entry import Argument, Entry
from lossgen.language.program import Program

from .conventions import conventions
from .latex import Formulas, formulas
from .snippet import snippet

_DOMAINS = {
    "Real": "any finite number",
    "Positive": "greater than 0",
    "NonNegative": "0 or greater",
    "Unit": "from 0 to 1",
    "OpenUnit": "between 0 and 1, both excluded",
    "Sign": "-1 or +1",
    "Integer": "an integer, only compared",
}


def page(
    entry: Entry, gradient: Program, hessian: Program | None = None, certificate: str = ""
) -> str:
    """Return the page of an entry; `gradient` is the program of its value and of all gradients.

    `hessian` is the program of the Hessian diagonal, if there is one, and `certificate` what is to
    be said of the proof over all floats. The text depends on nothing but these, to the byte.
    """
    found = formulas(entry, gradient, hessian)
    sections = [
        f"# {entry.name}",
        entry.summary,
        "## Formula",
        *value_section(found),
        "## Gradient",
        *derivative_section(found),
        "## Arguments",
        argument_table(entry, found),
        axis_table(found),
        f"## Use\n\n```python\n{snippet(entry)}```",
        conventions_section(entry),
        listed("## Also known as", [f"`{alias}`" for alias in entry.aliases]),
        f"## Source\n\n{entry.source}" if entry.source else "",
        f"## Certificate\n\n{certificate}" if certificate else "",
        f"The kernels: [`generated/cpu/{entry.name}.py`](../../generated/cpu/{entry.name}.py), "
        f"[`generated/cuda/{entry.name}.py`](../../generated/cuda/{entry.name}.py).",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def value_section(found: Formulas) -> Iterable[str]:
    """Return the value and the author's quantities."""
    yield f"The loss ${found.notation.loss}$ of one row:"
    yield block(found.value)
    yield from where_list(found.where)


def derivative_section(found: Formulas) -> Iterable[str]:
    """Return the derivatives for each argument, and the quantities that these use."""
    yield from map(block, found.gradient.values())
    yield from where_list(tuple(part for part in found.chain if part not in found.only_second))
    if found.hessian:
        yield "## Second derivative"
        yield block(found.hessian)
        yield from where_list(found.only_second)


def where_list(equations: tuple[str, ...]) -> Iterable[str]:
    """Return definitions as blocks under the word where."""
    if equations:
        yield "where"
        yield from map(block, equations)


def block(equation: str) -> str:
    """Return a display formula on lines of its own, as forges render it."""
    return f"$$\n{equation}\n$$"


def argument_table(entry: Entry, found: Formulas) -> str:
    """Return the arguments: name, symbol, domain, whether one per row or shared, default."""
    lines = ["| argument | symbol | domain | given | default |", "| --- | --- | --- | --- | --- |"]
    for argument in entry.arguments:
        default = "" if argument.default is None else f"{argument.default:g}"
        given = "for all rows" if argument.shared else "for each row"
        if argument.name in entry.prepared and entry.prepare is not None:
            given = f"computed by `{entry.prepare.__name__}`"
        symbol = found.notation.name(argument.name)
        domain = described(argument, found)
        lines.append(f"| `{argument.name}` | ${symbol}$ | {domain} | {given} | {default} |")
    return "\n".join(lines)


def described(argument: Argument, found: Formulas) -> str:
    """Return domain and shape of an argument in words."""
    domain: Domain = argument.domain
    if domain.values is None:
        words = _DOMAINS[domain.name]
    else:
        words = f"an integer from 0 to ${found.notation.extents[domain.values]} - 1$"
    shape = ", ".join(f"`{axis}`" for axis in domain.axes)
    return f"{words}; along {shape}" if shape else words


def axis_table(found: Formulas) -> str:
    """Return the axes: the indices that run over each, from 0, and how many places it has."""
    if not found.notation.axes:
        return ""
    lines = ["| axis | indices | extent |", "| --- | --- | --- |"]
    for axis, indices in found.notation.axes.items():
        letters = ", ".join(f"${index}$" for index in indices)
        lines.append(f"| `{axis}` | {letters} | ${found.notation.extents[axis]}$ |")
    return "\n".join(lines)


def conventions_section(entry: Entry) -> str:
    """Return the conventions that apply, and the author's notes."""
    return listed("## Conventions", [*conventions(entry), *filter(None, [entry.notes])])


def listed(heading: str, items: list[str]) -> str:
    """Return a heading with a list under it; nothing where there is nothing to list."""
    return "\n".join([heading, "", *(f"- {item}" for item in items)]) if items else ""
