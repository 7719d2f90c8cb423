"""What MkDocs calls while it builds the site."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_FORMULA = re.compile(r"\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)


def on_post_build(config: Any) -> None:
    """Leave out what only a server has use for, and formulas in the text that is searched."""
    for name in ("404.html", "sitemap.xml", "sitemap.xml.gz"):
        Path(config.site_dir, name).unlink(missing_ok=True)
    path = Path(config.site_dir, "search", "search_index.json")
    index = json.loads(path.read_text(encoding="utf-8"))
    for part in index["docs"]:
        part["text"] = _FORMULA.sub("", part["text"])
    path.write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
