"""What `lossgen list` and `lossgen show` print."""

import textwrap
from importlib.resources import files
from typing import Any

from lossgen.runtime import Loss

from .errors import CommandError
from .losses import shipped


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
    """What `help` says of a loss, with gradient, conventions and generated files."""
    from lossgen.emit.conventions import conventions

    facts = loss.interface
    sections = {
        "Gradient, in LaTeX": loss.latex("gradient"),
        "Second derivative, in LaTeX": second(loss),
        "Derivatives": derivatives(facts),
        "Conventions": "\n".join(conventions(loss.entry)),
        "Also known as": ", ".join(facts["aliases"]),
        "Generated files": "\n".join(generated_files(loss.name)),
    }
    blocks = [
        f"{title}:\n{textwrap.indent(text, '    ')}" for title, text in sections.items() if text
    ]
    return "\n\n".join([str(loss.__doc__).strip(), *blocks])


def second(loss: Loss) -> str:
    """The second derivative, nothing where there is none."""
    facts = loss.interface
    return loss.latex("hessian") if facts["second"] and facts["hessian_diagonal"] else ""


def derivatives(facts: dict[str, Any]) -> str:
    """What is differentiated, and how often."""
    text = f"gradient with respect to {', '.join(facts['gradients'])}"
    if len(facts["gradients"]) > 1:
        text += f" (default: {', '.join(facts['wrt'])})"
    if facts["second"] and facts["hessian_diagonal"]:
        text += f"; Hessian with respect to {facts['second']}"
    return text + (f"; {facts['refused']}" if facts["refused"] else "")


def generated_files(name: str) -> list[str]:
    """The paths of the kernels of a loss."""
    targets = sorted(files("lossgen.generated").iterdir(), key=lambda target: target.name)
    paths = [target / f"{name}.py" for target in targets if target.is_dir()]
    return [str(path) for path in paths if path.is_file()]
