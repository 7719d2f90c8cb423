"""What the site is made of: Markdown from docs/, a page for each loss, and the start page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import lossgen.losses
from lossgen.catalogue import FAMILIES
from lossgen.runtime import Loss

from . import errors, start
from .loss import page

ROOT = Path(__file__).resolve().parents[2]
# A link from docs/ to another part of the repository: on the site it would lead to nothing.
_OUTWARD = re.compile(r"\[([^\]\[]+)\]\((?:\.\./)+(?!losses/)[^)]*\)")


class SiteError(ValueError):
    """The site cannot be built."""


def gather(pages: Path, progress: Callable[[str, int, int], None]) -> None:
    """Write every source of the site into the folder `pages`, the settings beside it."""
    copy_docs(pages)
    losses = shipped()
    for done, (name, loss) in enumerate(losses.items()):
        progress(name, done, len(losses))
        path = pages / "losses" / f"{name}.md"
        path.write_text(page(loss, path.read_text(encoding="utf-8")), encoding="utf-8")
    (pages / "index.md").write_text(start.page(losses, by_family()), encoding="utf-8")
    (pages / "errors.md").write_text(errors.page(), encoding="utf-8")


def copy_docs(pages: Path) -> None:
    """Copy docs/, its links to other parts of the repository as words.

    Raises:
        SiteError: where there is no repository.
    """
    docs = ROOT / "docs"
    if not (docs / "mkdocs.yml").is_file():
        raise SiteError("lossgen is installed without its repository, where docs/ lies; clone it")
    shutil.copytree(docs, pages)
    # MkDocs wants its settings outside of the pages.
    (pages / "mkdocs.yml").rename(pages.with_name("mkdocs.yml"))
    for path in pages.rglob("*.md"):
        path.write_text(inward(path.read_text(encoding="utf-8")), encoding="utf-8")


def shipped() -> dict[str, Loss]:
    """Return the shipped losses by name."""
    return {name: getattr(lossgen.losses, name) for name in sorted(dir(lossgen.losses))}


def inward(text: str) -> str:
    """Return Markdown whose links to files of the repository outside docs/ are their texts."""
    return _OUTWARD.sub(r"\1", text)


def navigation() -> list[Any]:
    """Return the menu: the start page, the losses by family, and the other pages of docs/."""
    families = [
        {family.capitalize(): [f"losses/{name}.md" for name in members]}
        for family, members in by_family().items()
    ]
    return [
        {"Start": "index.md"},
        {"Losses": families},
        {"How a loss becomes a kernel": "how-a-loss-becomes-a-kernel.md"},
        {"Is this formula right?": "verify.md"},
        {"Errors found": "errors.md"},
        {"Traps": "traps.md"},
        {"Decisions": "decisions.md"},
    ]


def by_family() -> dict[str, list[str]]:
    """Return the names of the shipped losses by family, in the order of their lines."""
    modules = {family: import_module(f"lossgen.catalogue.{family}") for family in FAMILIES}
    return {
        family: [name for name, value in vars(module).items() if isinstance(value, Loss)]
        for family, module in modules.items()
    }
