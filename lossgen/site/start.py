"""The start page: what this is, the chooser, and every loss in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from lossgen.runtime import Loss

from .tables import choices

_HEAD = """---
hide: [navigation, toc]
---

# lossgen

A loss is written **once**, as a SymPy expression. Gradient and Hessian, Numba kernels for CPU and
CUDA, these pages and the proof that all of them agree are derived from it. Every formula here was
read out of the rendered page and compared with the kernel that runs.

Press ++s++ and type a name of any library: `mse`, `bce`, `smooth_l1`, `focal`.

<div class="grid cards" markdown>

- **[Which loss?](#which-loss)**

    From the task and the data to a loss.

- **[How a loss becomes a kernel](how-a-loss-becomes-a-kernel.md)**

    One loss through every stage, with all that is printed on the way.

- **[Errors found](errors.md)**

    What well-known articles and libraries say, and what is true.

- **[Traps](traps.md)**

    Inputs at which libraries lose the answer to rounding.

</div>
"""


def page(losses: Mapping[str, Loss], families: Mapping[str, Sequence[str]]) -> str:
    """Return the start page in Markdown."""
    return "\n\n".join([_HEAD, chooser(), listing(losses, families)]) + "\n"


def chooser() -> str:
    """Return the chooser: under each task the situations, and the loss for each."""
    blocks = ["## Which loss?"]
    for task, rows in groupby(choices(), key=lambda row: row.task):
        lines = [
            f"    | {row.situation} | [{row.loss}](losses/{row.loss}.md) | {row.reason} |"
            for row in rows
        ]
        head = "    | when | loss | because |\n    | --- | --- | --- |"
        blocks.append(f'=== "{task}"\n\n{head}\n' + "\n".join(lines))
    return "\n\n".join(blocks)


def listing(losses: Mapping[str, Loss], families: Mapping[str, Sequence[str]]) -> str:
    """Return every loss with its one sentence, by family."""
    blocks = ["## All losses"]
    for family, names in families.items():
        lines = [
            f"- [{name}](losses/{name}.md): {losses[name].interface['summary']}" for name in names
        ]
        blocks.append(f"**{family.capitalize()}**\n\n" + "\n".join(lines))
    return "\n\n".join(blocks)
