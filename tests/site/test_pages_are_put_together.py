"""The page of a loss on the site has all that the text in docs/ has, and more."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import lossgen.losses
from lossgen.checks.report import Report, Row
from lossgen.site import measured
from lossgen.site.loss import page
from lossgen.site.plots import plots
from lossgen.site.sections import joined, split
from lossgen.site.sources import inward

LOSSES = Path(__file__).parents[2] / "docs" / "losses"


def text_of(name):
    return (LOSSES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [path.stem for path in sorted(LOSSES.glob("*.md"))])
def test_sections_are_split_and_joined_without_loss(name):
    sections = split(text_of(name))
    assert joined(sections, [*sections]) == text_of(name)


def test_a_section_without_a_place_is_refused():
    with pytest.raises(ValueError, match="Nonsense"):
        joined(split(text_of("huber") + "\n## Nonsense\n\ntext\n"), [*split(text_of("huber"))])


def test_a_page_has_everything():
    text = page(lossgen.losses.huber, text_of("huber"))
    wanted = ["When to use it", "Formula", "Gradient", "Second derivative"]
    wanted += ["Arguments", "Conventions", "Use", "Also known as", "Elsewhere", "Source", "Kernel"]
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in wanted] == wanted
    assert "def value_row" in text
    assert text.count("<svg ") == 3


def test_plots_follow_the_colours_of_the_page():
    drawn = plots(lossgen.losses.huber)
    assert "currentColor" in drawn
    assert not re.search(r"#0[1-4]0[1-4]0[1-4]", drawn)
    assert drawn.count('role="img"') == drawn.count("aria-label=") == 3
    names = re.findall(r'\bid="([^"]+)"', drawn)
    assert len(names) == len(set(names))


def test_kinks_are_marked():
    assert "at -1, 1" in plots(lossgen.losses.huber)
    assert "Dashed" not in plots(lossgen.losses.log_cosh)


def test_numbers_of_another_kernel_are_not_shown(monkeypatch):
    huber = lossgen.losses.huber
    facts = dict.fromkeys(measured.HEAD, "1") | {"loss": "huber", "output": "value"}
    right = facts | {"kernel": measured.fingerprint(huber)}
    for row, shown in ((right, True), (facts, False)):
        monkeypatch.setattr(measured, "_kept", lambda row=row: (row,))
        assert bool(measured.measured(huber)) is shown


def test_a_loss_is_measured_once_for_each_kernel(monkeypatch, tmp_path):
    huber, checked = lossgen.losses.huber, []
    row = Row("all", "value", "float32", 9, 0.5, "", 4.0, True)
    others = (row, replace(row, unit="tolerance"))
    monkeypatch.setattr(measured, "FILE", tmp_path / "measured.csv")
    monkeypatch.setattr(measured, "check", lambda loss: checked.append(loss) or Report("h", others))
    measured._kept.cache_clear()
    measured.record(huber)
    measured.record(huber)
    assert checked == [huber]
    assert measured.measured(huber).count("| all |") == 1
    monkeypatch.setattr(measured, "fingerprint", lambda loss: "changed")
    assert measured.measured(huber) == ""
    measured.record(huber)
    assert measured.measured(huber).count("| all |") == 1
    measured._kept.cache_clear()


def test_an_error_beyond_its_bound_is_bold():
    assert measured.shown({"worst": "inf", "bound": "8"}) == "**inf**"
    assert measured.shown({"worst": "8", "bound": "8"}) == "8"


def test_links_out_of_the_pages_are_words():
    assert inward("[the file](../../generated/cpu/huber.py).") == "the file."
    assert inward("[huber](losses/huber.md)") == "[huber](losses/huber.md)"
