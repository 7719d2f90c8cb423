"""The formulas that a page shows, read out of the browser, are what the kernels compute."""

import pytest
from browser.opened import opened

import lossgen.losses
from lossgen.catalogue.entries import entries
from lossgen.formulas.pages import check_page
from lossgen.verdict.points import points

NAMES = sorted(dir(lossgen.losses))


def problems(chromium, path, name):
    rows = list(points(entries()[name]))[::2]
    return check_page(opened(chromium, path).text, getattr(lossgen.losses, name), rows)


@pytest.mark.parametrize("name", NAMES)
def test_page_agrees_with_the_kernels(chromium, pages, name):
    assert problems(chromium, pages / f"losses/{name}.html", name) == []


WRONG = {
    "a sign in the loss": ("huber", r"r - \frac{\delta}{2}", r"r + \frac{\delta}{2}", "the value"),
    "a sign in the gradient": (
        "huber", r"\mathrm{prediction} - \mathrm{target} &amp;",
        r"\mathrm{prediction} + \mathrm{target} &amp;", "with respect to prediction",
    ),
    "a sign in the second derivative": (
        "welsch", r"\left(1 - 2 u^{2}\right)", r"\left(1 + 2 u^{2}\right)", "the second derivative",
    ),
    "a factor": ("squared_error", r"^{2}} = 2", r"^{2}} = 1", "the second derivative"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_page_is_noticed(chromium, copied, name, old, new, said):
    found = problems(chromium, copied(f"losses/{name}.html", old, new), name)
    assert any(said in str(problem) for problem in found)
