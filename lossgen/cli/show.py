"""What `lossgen list` and `lossgen show` print."""

import textwrap
from typing import Any

from lossgen.runtime import Loss

from .errors import CommandError
from .losses import shipped

DOMAINS = {
    "Real": "any finite number",
    "Positive": "> 0",
    "NonNegative": ">= 0",
    "Unit": "in [0, 1]",
    "OpenUnit": "in (0, 1)",
    "Sign": "-1 or +1",
    "Integer": "an integer, only compared",
}


def listing(pattern: str) -> str:
    """One line for each shipped loss whose line contains `pattern`.

    Raises:
        CommandError: when there is none.
    """
    losses = shipped()
    width = max(map(len, losses), default=0)
    lines = [f"{name:{width}}  {loss.interface['summary']}" for name, loss in losses.items()]
    found = [line for line in lines if pattern.lower() in line.lower()]
    if not found:
        raise CommandError(
            f"found no loss with {pattern!r} in its line; `lossgen list` prints all {len(lines)}"
        )
    return "\n".join(found)


def description(loss: Loss) -> str:
    """The page of one loss, for a terminal."""
    facts = loss.interface
    sections = [
        ("", f"{facts['name']}{signature(facts)}"),
        ("", facts["summary"]),
        ("formula", "\n".join(facts["formula"].split("; "))),
        ("gradient (LaTeX)", loss.latex("gradient")),
        ("arguments", arguments(facts)),
        ("derivatives", derivatives(facts)),
        ("also known as", ", ".join(facts["aliases"])),
        ("source", facts["source"]),
        ("kernels", f"lossgen.generated.cpu.{facts['name']}; print it: loss.source('cpu')"),
    ]
    return "\n\n".join(section(title, text) for title, text in sections if text)


def section(title: str, text: str) -> str:
    """A titled, indented block; the text itself where there is no title."""
    return f"{title}\n{textwrap.indent(text, '    ')}" if title else text


def signature(facts: dict[str, Any]) -> str:
    """The arguments as one writes them in a call."""
    rows = [name for name in facts["arguments"] if name not in facts["prepared"]]
    shared = [
        f"{name}={about['default']:g}" if "default" in about else name
        for name, about in facts["shared"].items()
    ]
    return f"({', '.join([*rows, *(['*', *shared] if shared else [])])})"


def arguments(facts: dict[str, Any]) -> str:
    """One line for each argument: shape of one row, and domain."""
    lines = []
    for name, about in {**facts["arguments"], **facts["shared"]}.items():
        if name in facts["prepared"]:
            continue
        shape = f"({', '.join(about['axes'])})" if about["axes"] else ""
        values = DOMAINS.get(about["domain"]) or f"an integer in 0 .. {about['values']} - 1"
        shared = ", shared by all rows" if name in facts["shared"] else ""
        lines.append(f"{f'{name} {shape}'.strip():24} {values}{shared}")
    return "\n".join(lines)


def derivatives(facts: dict[str, Any]) -> str:
    """What is differentiated, and how often."""
    text = f"gradient with respect to {', '.join(facts['gradients'])}"
    if len(facts["gradients"]) > 1:
        text += f" (default: {', '.join(facts['wrt'])})"
    if facts["second"] and facts["hessian_diagonal"]:
        text += f"; Hessian with respect to {facts['second']}"
    return text + (f"; {facts['refused']}" if facts["refused"] else "")
