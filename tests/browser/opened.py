"""Pages opened in Chromium, from disk and without a network: what they show, and what fails."""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

# `python3 tasks.py test-all` builds the site, finds a browser, and says here where both are.
SITE, BROWSER = "LOSSGEN_SITE", "LOSSGEN_BROWSER"

# Everything of the page that is shown, as the Markdown that a reader of formulas knows: paragraphs,
# tables, and each formula by the LaTeX that it was rendered from. What stands `apart` is no part of
# the definition of the loss.
READ = r"""
() => {
  const tex = (place) =>
    place.querySelector('annotation[encoding="application/x-tex"]').textContent.trim();
  const line = (place) => {
    const copy = place.cloneNode(true);
    copy.querySelectorAll(".arithmatex").forEach((found) => found.replaceWith(`$${tex(found)}$`));
    copy.querySelectorAll(".headerlink").forEach((found) => found.remove());
    return copy.textContent.trim();
  };
  const table = (place) =>
    [...place.rows]
      .map((row) => `| ${[...row.cells].map(line).join(" | ")} |`)
      .toSpliced(1, 0, "| --- |")
      .join("\n");
  return [...document.querySelectorAll("article :is(p, table, div.arithmatex)")]
    .filter((place) => !place.closest(".apart") && !place.parentElement.closest("td, p"))
    .map((place) => {
      if (place.tagName === "TABLE") return table(place);
      return place.tagName === "P" ? line(place) : `$$\n${tex(place)}\n$$`;
    })
    .join("\n\n");
}
"""
FORMULAS = """
() => [...document.querySelectorAll(".arithmatex")].map((place) => {
  const box = place.querySelector(".katex-html")?.getBoundingClientRect();
  return [
    place.querySelector("annotation")?.textContent ?? place.textContent,
    box?.width ?? 0, box?.height ?? 0,
    place.querySelector(".katex-mathml math")?.textContent.length ?? 0,
    place.matches(".apart *"),
  ];
})
"""


@dataclass(frozen=True)
class Formula:
    """A formula on a page: its LaTeX, its box, and how much text it has for a screen reader.

    What stands `apart` is no part of the definition of the loss: a derivation.
    """

    latex: str
    width: float
    height: float
    spoken: int
    apart: bool

    @property
    def shown(self) -> bool:
        return self.width > 0 and self.height > 0 and self.spoken > 0


@dataclass(frozen=True)
class Opened:
    """A page as it was shown: its text, its formulas, its width, and whatever went wrong."""

    text: str
    formulas: tuple[Formula, ...]
    width: int
    problems: tuple[str, ...]


@contextmanager
def browser():
    """A Chromium that reaches no network."""
    with sync_playwright() as driver:
        # Root, which containers run as, may start no sandbox.
        path = os.environ[BROWSER]
        found = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield found
        finally:
            found.close()


def site() -> Path:
    """The folder of the pages."""
    return Path(os.environ[SITE]).resolve()


@contextmanager
def page_of(chromium, path, *, width=1280, dark=False):
    """A page that was opened, and the list of what goes wrong with it."""
    scheme = "dark" if dark else "light"
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page, problems = context.new_page(), []
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(f"missing: {request.url}"))
    page.on("request", lambda request: problems.extend(abroad(request.url)))
    try:
        page.goto(path.as_uri(), wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        page.wait_for_function("document.fonts.status === 'loaded'")
        yield page, problems
    finally:
        context.close()


def abroad(url):
    """The address, if it is not on this disk."""
    return [] if url.startswith(("file:", "data:", "blob:", "about:")) else [f"network: {url}"]


def opened(chromium, path, **shape) -> Opened:
    """Open a page, and say what it shows."""
    with page_of(chromium, path, **shape) as (page, problems):
        formulas = tuple(Formula(*found) for found in page.evaluate(FORMULAS))
        text = page.evaluate(READ) if all(formula.spoken for formula in formulas) else ""
        width = page.evaluate("document.documentElement.scrollWidth")
        return Opened(text, formulas, width, tuple(problems))
