"""Every page opens from disk, without a network: nothing missing, no error, all formulas shown."""

import pytest
from browser.opened import opened, page_of, site

NAMES = sorted(path.relative_to(site()).as_posix() for path in site().rglob("*.html"))
PHONE = 390


@pytest.mark.parametrize("name", NAMES)
def test_page_is_whole(shown, name):
    page = shown(name)
    assert page.problems == ()
    assert [formula for formula in page.formulas if not formula.shown] == []


@pytest.mark.parametrize("name", NAMES)
def test_page_fits_a_phone(shown, name):
    page = shown(name, width=PHONE)
    assert page.problems == ()
    assert page.width <= PHONE


def test_there_are_pages_and_formulas(shown):
    assert len(NAMES) > 50
    assert len(shown("losses/huber.html").formulas) > 5


SPOILED = {
    "a missing file": ("assets/katex/katex.min.css", "assets/katex/none.css", "missing: "),
    "a script that fails": ("</body>", "<script>null.x</script></body>", "null"),
    "something from the network": (
        "</head>", '<link rel="stylesheet" href="https://example.org/a.css"></head>', "network: ",
    ),
    "a formula that is none": (r"\[", r"\[\nonsense", "KaTeX"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_page_is_noticed(chromium, copied, old, new, said):
    page = opened(chromium, copied("losses/huber.html", old, new))
    assert any(said in problem for problem in page.problems)


def test_a_formula_that_nobody_sees_is_noticed(chromium, copied):
    path = copied(
        "losses/huber.html", "</head>", "<style>.katex-html{display:none!important}</style></head>"
    )
    assert not any(formula.shown for formula in opened(chromium, path).formulas)


def test_a_page_too_wide_for_a_phone_is_noticed(chromium, copied):
    wide = '<article><p style="width: 900px">wide</p>'
    path = copied("losses/huber.html", "<article", wide + "</article><article")
    assert opened(chromium, path, width=PHONE).width > PHONE


CONTRAST = """
() => [...document.querySelectorAll("article :is(p, td, h2, .katex)")].map((place) => {
  const shade = (text) => {
    const part = text.match(/[\\d.]+/g).map(Number);
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = part.map((v) => linear(v / 255));
    return [0.2126 * r + 0.7152 * g + 0.0722 * b, part[3] ?? 1];
  };
  const [paper] = shade(getComputedStyle(document.body).backgroundColor);
  const [ink, alpha] = shade(getComputedStyle(place).color);
  const seen = ink * alpha + paper * (1 - alpha);
  return (Math.max(seen, paper) + 0.05) / (Math.min(seen, paper) + 0.05);
})
"""
# What WCAG 2 asks of text of this size.
LEGIBLE = 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_and_formulas_are_legible(chromium, pages, dark):
    with page_of(chromium, pages / "losses/huber.html", dark=dark) as (page, _):
        assert min(page.evaluate(CONTRAST)) >= LEGIBLE


def test_faint_text_is_noticed(chromium, copied):
    path = copied(
        "losses/huber.html", "</head>", "<style>.katex{color:#ccc!important}</style></head>"
    )
    with page_of(chromium, path) as (page, _):
        assert min(page.evaluate(CONTRAST)) < LEGIBLE


def test_search_finds_a_loss_by_the_name_another_library_gives_it(chromium, pages):
    with page_of(chromium, pages / "index.html") as (page, problems):
        page.click("input.md-search__input")
        page.locator("input.md-search__input").press_sequentially("mse")
        page.wait_for_selector("a.md-search-result__link", timeout=10_000)
        found = page.eval_on_selector_all("a.md-search-result__link", "all => all.map(a => a.href)")
        assert any("losses/squared_error.html" in link for link in found)
        assert problems == []
