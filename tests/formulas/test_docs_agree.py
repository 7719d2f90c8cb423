"""Each page in docs/losses, as the file lies there, says what the kernels compute."""

from pathlib import Path

import pytest
from formulas.structures import entry_of

import lossgen.losses
from lossgen.formulas.pages import check_page
from lossgen.verdict.points import points

PAGES = sorted(Path(__file__).parents[2].joinpath("docs", "losses").glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_agrees_with_the_kernels(path):
    loss = getattr(lossgen.losses, path.stem)
    rows = list(points(entry_of(path.stem)))[::2]
    assert check_page(path.read_text(encoding="utf-8"), loss, rows) == []


def test_every_loss_has_its_page():
    assert [path.stem for path in PAGES] == sorted(dir(lossgen.losses))


def test_a_flipped_sign_in_the_file_is_noticed():
    text = next(path for path in PAGES if path.stem == "huber").read_text(encoding="utf-8")
    assert r"\left(r - \frac{\delta}{2}\right)" in text
    wrong = text.replace(r"\left(r - \frac{\delta}{2}\right)", r"\left(r + \frac{\delta}{2}\right)")
    problems = check_page(wrong, lossgen.losses.huber, list(points(entry_of("huber"))))
    assert "the value is" in str(problems[0])
