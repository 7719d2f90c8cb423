"""A page in Markdown as its sections, which are put together anew in another order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence


def split(text: str) -> dict[str, str]:
    """Return the sections of a page by their headings; what stands before them goes by ""."""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return {"": parts[0].strip()} | {
        heading: body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def joined(sections: Mapping[str, str], order: Sequence[str]) -> str:
    """Return the sections named in `order` as a page, those that are there and say something.

    Raises:
        ValueError: for a section that `order` has no place for.
    """
    if lost := [heading for heading in sections if heading not in order]:
        raise ValueError(f"found the sections {lost}, which have no place on the page of a loss")
    shown = [(heading, sections.get(heading, "").strip()) for heading in order]
    return "\n\n".join(_section(heading, body) for heading, body in shown if body) + "\n"


def _section(heading: str, body: str) -> str:
    return f"## {heading}\n\n{body}" if heading else body


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; nothing without rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def folded(title: str, body: str) -> str:
    """Return a block that is opened by its title."""
    inner = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    return f'??? abstract "{title}"\n\n{inner}'
