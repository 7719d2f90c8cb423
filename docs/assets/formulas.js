// Every formula of the page, from LaTeX to what is read: in print, and as MathML for screen readers.
document.querySelectorAll(".arithmatex").forEach((place) => {
  const text = place.textContent;
  const displayMode = text.startsWith("\\[");
  katex.render(text.slice(2, -2), place, { displayMode, throwOnError: true, strict: "error" });
  if (displayMode) {
    // A formula wider than a phone is scrolled, also by keyboard.
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "formula");
  }
});
