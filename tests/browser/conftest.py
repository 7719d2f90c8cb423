"""One browser for all tests of a worker, and the folder of the site.

Without both, which `python3 tasks.py test-all` names, nothing here is collected.
"""

import functools
import os
import shutil

import pytest
from browser import opened

NAMED = opened.SITE in os.environ and opened.BROWSER in os.environ
collect_ignore_glob = [] if NAMED else ["test_*.py"]


@pytest.fixture(scope="session")
def chromium():
    with opened.browser() as found:
        yield found


@pytest.fixture(scope="session")
def pages():
    return opened.site()


@pytest.fixture(scope="session")
def shown(chromium, pages):
    """A function from the name of a page, and a width, to what it shows; each is opened once."""
    return functools.cache(lambda name, **shape: opened.opened(chromium, pages / name, **shape))


@pytest.fixture
def copied(pages, tmp_path):
    """A function that copies the site with one page changed, and returns the path of that page."""

    def copy(name, old, new):
        shutil.copytree(pages, tmp_path / "site")
        path = tmp_path / "site" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return copy
