"""The formulas that a page shows, read out of the browser, are what the kernels compute."""

import pytest
from browser.opened import opened

import lossgen.losses
from lossgen.catalogue.entries import entries
from lossgen.formulas.pages import check_page
from lossgen.verdict.points import points

NAMES = sorted(dir(lossgen.losses))


def problems(page, name):
    rows = list(points(entries()[name]))[::2]
    return check_page(page.text, getattr(lossgen.losses, name), rows)


@pytest.mark.parametrize("name", NAMES)
def test_page_agrees_with_the_kernels(shown, name):
    assert problems(shown(f"losses/{name}.html"), name) == []


def derived(page):
    """The equations of the derivation on a page, in order."""
    return [formula.latex.strip() for formula in page.formulas if formula.apart]


@pytest.mark.parametrize("name", NAMES)
def test_derivation_is_the_one_that_was_checked(shown, name):
    steps = list(getattr(lossgen.losses, name).derive())[1:]
    wanted = [equation for step in steps for equation in step.equations]
    assert derived(shown(f"losses/{name}.html")) == (wanted if len(steps) > 1 else [])


def test_a_wrong_derivation_is_noticed(chromium, copied):
    factor = r"\frac{\partial \mathrm{size}}{\partial \mathrm{prob}_{k}} = "
    path = copied("losses/dice.html", f"{factor}1", f"{factor}2")
    shown = derived(opened(chromium, path))
    steps = list(lossgen.losses.dice.derive())[1:]
    assert shown != [equation for step in steps for equation in step.equations]


def test_the_page_of_the_stages_shows_the_formula_of_its_loss(shown):
    found = shown("how-a-loss-becomes-a-kernel.html").formulas
    assert [formula.latex.strip() for formula in found] == [
        lossgen.losses.dice.latex("value").split(r"\\")[0].split("\n")[-1].replace("&", "").strip()
    ]


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
    found = problems(opened(chromium, copied(f"losses/{name}.html", old, new)), name)
    assert any(said in str(problem) for problem in found)
