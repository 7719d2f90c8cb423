# ruff: noqa: E501 - a formula is not broken over lines
"""What a page of the documentation says is what is computed; a page with an error is noticed."""

import re

import pytest
from formulas.structures import STRUCTURES, Exactly, entry_of, page_of, rows_of

from lossgen.catalogue.entries import entries
from lossgen.formulas.pages import check_page, displays


@pytest.mark.parametrize("name", entries())
def test_page_agrees_with_the_exact_reference(name):
    entry = entry_of(name)
    assert check_page(page_of(entry), Exactly(entry), rows_of(entry)) == []


def wrong_pages(text):
    """Every page with one sign flipped, one number changed or one comparison turned."""
    changes = (
        (r"(?<=[ {]) - ", " + "),
        (r" \+ ", " - "),
        (r"(?<==) (?=[^-$\n])(?!0$)", " -"),
        (r"\\le ", r"\\ge "),
    )
    for pattern, other in changes:
        for found in re.finditer(pattern, text, re.MULTILINE):
            if in_display(text, found.start()):
                yield (
                    found.group(),
                    text[: found.start()] + other.replace("\\\\", "\\") + text[found.end() :],
                )


def in_display(text, place):
    return any(
        text.find(shown) <= place < text.find(shown) + len(shown) and shown
        for shown in displays(text)
    )


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_flipped_sign_or_comparison_anywhere_is_noticed(name):
    entry = entry_of(name)
    loss, rows, text = Exactly(entry), rows_of(entry), page_of(entry)
    wrong = list(wrong_pages(text))
    assert len(wrong) >= 3
    missed = [changed for _, changed in wrong if not check_page(changed, loss, rows)]
    assert [difference(text, changed) for changed in missed] == []


def difference(text, changed):
    return [
        (old, new) for old, new in zip(displays(text), displays(changed), strict=True) if old != new
    ]


CHANGES = {
    "a changed factor": ("huber", r"\frac{r^{2}}{2}", r"\frac{r^{2}}{3}"),
    "a widened branch": ("huber", r"r \le \delta", r"r \le 2 \delta"),
    "swapped branches": ("huber", r"\frac{r^{2}}{2} & \text{if } r \le", r"\frac{r^{2}}{2} & \text{if } r \ge"),
    "a dropped term": ("dice", r" + \mathrm{smooth}}{", "}{"),
    "a missing mean": ("info_nce", r"L = \frac{1}{n} \sum_{i}", r"L = \sum_{i}"),
    "a shifted index": ("info_nce", r"\sum_{j} \mathrm{key}_{j,d}", r"\sum_{j} \mathrm{key}_{i,d}"),
    "another index of a matrix": ("mahalanobis_distance", r"\mathrm{precision}_{a,b}", r"\mathrm{precision}_{a,a}"),
    "a scatter to the others": ("center_loss", r"\mathrm{label} = c", r"\mathrm{label} \ne c"),
    "a scatter without its condition": (
        "wasserstein_assignment", r"\mathrm{match}_{i} = n}", r"\mathrm{match}_{i} \ne n}",
    ),
    "a square that becomes negative": ("wasserstein_assignment", r"{\sum_{d}", r"{-\sum_{d}"),
    "a swapped logarithm": (
        "js_divergence", r"\log\left(\frac{2 p_{k}}{p_{k} + q_{k}}\right)",
        r"\log\left(\frac{p_{k} + q_{k}}{2 p_{k}}\right)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_wrong_formula_is_noticed(what):
    name, old, new = CHANGES[what]
    entry = entry_of(name)
    text = page_of(entry)
    assert old in text
    problems = check_page(text.replace(old, new, 1), Exactly(entry), rows_of(entry))
    assert problems
    assert name in str(problems[0])


def test_a_missing_formula_is_noticed():
    entry = entry_of("squared_error")
    loss, text = Exactly(entry), page_of(entry)
    gone = re.sub(
        r"\$\$\n\\frac\{\\partial L\}\{\\partial \\mathrm\{target.*?\$\$\n",
        "",
        text,
        flags=re.DOTALL,
    )
    assert gone != text
    assert "no derivative with respect to target" in str(check_page(gone, loss, rows_of(entry))[0])
    bare = re.sub(r"\$\$\nL = .*?\$\$\n", "", text, flags=re.DOTALL)
    assert "no formula" in str(check_page(bare, loss, rows_of(entry))[0])


def test_a_definition_that_nothing_confirms_is_noticed():
    entry = entry_of("squared_error")
    text = page_of(entry).replace("## Gradient", "$$\nq = \\mathrm{target}^{3}\n$$\n\n## Gradient")
    assert "confirms" in str(check_page(text, Exactly(entry), rows_of(entry))[0])


def test_no_points_prove_nothing():
    entry = entry_of("squared_error")
    assert "compared at no point" in str(check_page(page_of(entry), Exactly(entry), [])[0])


def test_an_unreadable_page_is_a_problem_with_its_place():
    entry = entry_of("squared_error")
    text = page_of(entry).replace(r"^{2}", r"^{2")
    assert "^" in str(check_page(text, Exactly(entry), rows_of(entry))[0]).splitlines()[-1]
