"""A site is built whole, or there is one sentence that says why, and nothing was touched."""

import pytest

from lossgen.cli import main
from lossgen.site import SiteError, build, static
from lossgen.site.sources import copy_docs

PAGE = "# A page\n\nwith [a link](other.md) and $x$.\n"


@pytest.fixture
def small(monkeypatch):
    """A function that replaces the sources of the site by a few pages."""

    def sources(**texts):
        def gather(pages, progress):
            copy_docs(pages)
            for path in pages.rglob("*.md"):
                path.unlink()
            for name, text in texts.items():
                (pages / f"{name}.md").write_text(text, encoding="utf-8")

        monkeypatch.setattr(static, "gather", gather)
        monkeypatch.setattr(static, "navigation", lambda: [{"Start": "index.md"}])

    return sources


def test_pages_become_a_site(small, tmp_path):
    small(index=PAGE, other="# Another\n")
    assert build(tmp_path / "site") == 2
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert r"\(x\)" in text
    assert "https://unpkg.com" not in text
    assert not (tmp_path / "site" / "404.html").exists()


def test_an_older_site_is_replaced(small, tmp_path):
    small(index=PAGE, other="# Another\n")
    build(tmp_path / "site")
    (tmp_path / "site" / "stray.html").write_text("")
    assert build(tmp_path / "site") == 2


def test_a_link_to_nothing_is_an_error(small, tmp_path):
    small(index=PAGE)
    with pytest.raises(SiteError, match=r"other\.md"):
        build(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_folder_of_somebody_is_not_overwritten(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["docs", "--out", str(tmp_path)]) == 1
    assert "holds something else than a site" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_missing_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(static, "find_spec", lambda name: None)
    with pytest.raises(SiteError, match=r"mkdocs is missing: pip install 'lossgen\[docs\]'"):
        build(tmp_path / "site")
