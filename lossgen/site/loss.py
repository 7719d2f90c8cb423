"""The page of a loss on the site: what docs/ has, and plots, choice, peers, errors, kernel."""

from __future__ import annotations

from pathlib import Path

from lossgen.runtime import Loss

from .claims import claims
from .measured import measured
from .plots import plots
from .sections import folded, joined, split, table
from .tables import choices, peers

ORDER = (
    "", "When to use it", "Formula", "Gradient", "Second derivative", "Derivation", "Arguments",
    "Conventions", "Claims", "Use", "Measured error", "Certificate", "Also known as", "Elsewhere",
    "Source", "Kernel",
)  # fmt: skip


def page(loss: Loss, text: str) -> str:
    """Return the page of a loss; `text` is what `lossgen build` wrote to docs/."""
    sections = split(text)
    sections[""] += f"\n\n{plots(loss)}"
    last = [*sections][-1]
    # The last line of the text leads to files of the repository; here the kernel itself is shown.
    sections[last] = sections[last].rpartition("The kernels: ")[0].strip()
    sections |= {
        "When to use it": use(loss.name),
        "Derivation": derivation(loss),
        "Claims": claims(loss),
        "Measured error": measured(loss),
        "Elsewhere": elsewhere(loss.name),
        "Kernel": kernel(loss),
    }
    return joined(sections, ORDER)


def use(name: str) -> str:
    """Return for which tasks a loss is chosen, and why."""
    return "\n".join(
        f"- **{row.task}**, when {row.situation}: {row.reason}."
        for row in choices()
        if row.loss == name
    )


def derivation(loss: Loss) -> str:
    """Return the steps from the loss to its gradient, folded; nothing where there are no steps."""
    steps = list(loss.derive())[1:]
    if len(steps) < 2:
        return ""
    lines = ['<div class="apart" markdown>']
    for number, step in enumerate(steps, 1):
        lines += [f"**{number}.** {step.words}", *(f"$$\n{line}\n$$" for line in step.equations)]
    said = f"Each step was compared with exact arithmetic at {steps[-1].points} points."
    return folded("Step by step, by the chain rule", "\n\n".join([*lines, said, "</div>"]))


def elsewhere(name: str) -> str:
    """Return what other libraries call a loss, and what they do differently."""
    rows = [(row.library, f"`{row.name}`", row.difference) for row in peers() if row.loss == name]
    return table(("library", "name", "against lossgen"), rows)


def kernel(loss: Loss) -> str:
    """Return the generated files, folded."""
    blocks = [
        folded(f"{title}, {len(text.splitlines())} lines", f"```python\n{text.rstrip()}\n```")
        for title, text in (("CPU", loss.source("cpu")), ("CUDA", loss.source("cuda")))
    ]
    said = "Generated, and kept in the repository: a file that can be copied into another project."
    path = Path("generated", "cpu", f"{loss.name}.py").as_posix()
    return "\n\n".join([f"{said} `{path}`", *blocks])
