"""The build of the site: sources are gathered in a temporary folder, and MkDocs makes pages."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .sources import SiteError, gather, navigation

Progress = Callable[[str, int, int], None]


def build(out: Path, progress: Progress = lambda name, done, total: None) -> int:
    """Build the site into `out` and return the number of its pages.

    The pages are those of docs/ and one for each shipped loss. Nothing in them needs a network.

    Raises:
        SiteError: without MkDocs or the repository, when `out` holds something else than a site,
            or when a page links to nothing.
    """
    _require_mkdocs()
    _require_site_or_nothing(out)
    with tempfile.TemporaryDirectory(prefix="lossgen-site-") as folder:
        pages, site = Path(folder, "pages"), Path(folder, "site")
        gather(pages, progress)
        _run(pages, site)
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(site, out)
    return sum(1 for _ in out.rglob("*.html"))


def _require_mkdocs() -> None:
    """Raise SiteError before long work that would end without what makes the pages."""
    for name in ("mkdocs", "material"):
        if find_spec(name) is None:
            raise SiteError(
                f"the site is made with MkDocs and {name} is missing: pip install 'lossgen[docs]'"
            )


def _require_site_or_nothing(out: Path) -> None:
    """Raise SiteError where building would remove somebody's files."""
    known = out / "search" / "search_index.js"
    if out.exists() and not known.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise SiteError(
            f"{out} holds something else than a site; "
            "give a folder that is new, empty or an older site"
        )


def _run(pages: Path, site: Path) -> None:
    """Let MkDocs make the site; what it warns of is an error."""
    from mkdocs.commands.build import build as make
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    said = _Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(said)
    try:
        config: Any = load_config(
            str(pages.with_name("mkdocs.yml")),
            docs_dir=str(pages),
            site_dir=str(site),
            hooks=[str(Path(__file__).with_name("hooks.py"))],
            nav=navigation(),
        )
        config.plugins.on_startup(command="build", dirty=False)
        make(config)
        config.plugins.on_shutdown()
    except MkDocsException as error:
        reasons = "\n".join([str(error), *said.messages])
        raise SiteError(f"MkDocs cannot build the site: {reasons}") from error
    finally:
        logger.removeHandler(said)
    if said.messages:
        raise SiteError("the pages are not whole:\n" + "\n".join(said.messages))


class _Warnings(logging.Handler):
    """Collects what MkDocs warns of: links to nothing, pages outside the navigation."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
