"""Plots of a loss, its gradient and its curvature along one argument, the kinks marked.

What is drawn is what the kernels compute. Colours are those of the page: `currentColor` and the
theme's variables, so that one file is legible in both modes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossgen.language.entry import Argument, Entry
from lossgen.runtime import Loss
from lossgen.verdict.points import points

from .kinks import jumps

Numbers = NDArray[np.float64]

# From where to where an argument runs. The ends of open domains are left out: an infinite loss
# would leave nothing to be seen of the rest.
_RANGES = {
    "Real": (-4.0, 4.0),
    "Positive": (0.1, 4.0),
    "NonNegative": (0.0, 4.0),
    "Unit": (0.02, 0.98),
    "OpenUnit": (0.02, 0.98),
}
# An even number, so that a kink at a simple number lies between two places.
_PLACES = 320
# Stand-ins that matplotlib writes into the file, and what they are on the page.
_COLOURS = {
    "#010101": "currentColor",
    "#020202": "var(--md-typeset-a-color)",
    "#030303": "var(--plot-kink)",
    "#040404": "var(--md-default-fg-color--lighter)",
}
_INK, _LINE, _KINK, _GRID = _COLOURS


def plots(loss: Loss) -> str:
    """Return the plots of a loss as HTML: loss, gradient and, where there is one, curvature."""
    entry: Entry = loss.entry
    argument = entry.argument(entry.wrt[0]) if entry.wrt else entry.per_row[0]
    if argument.domain.name not in _RANGES:
        return ""
    row = chosen(entry, argument)
    places = np.linspace(*_RANGES[argument.domain.name], _PLACES)
    curves = curves_of(loss, argument, row)
    kinks = {title: jumps(curve, places) for title, curve in curves.items()}
    bends = sorted({place for found in list(kinks.values())[1:] for place in found})
    drawn = [
        svg(title, name_of(argument), places, curve(places), bends)
        for title, curve in curves.items()
    ]
    words = ", ".join(f"{place:g}" for place in bends)
    marked = f" Dashed: where a derivative jumps, at {words}." if bends else ""
    return (
        f'<figure class="plots" markdown="0"><div>{"".join(drawn)}</div>\n'
        f"<figcaption>Along <code>{name_of(argument)}</code>{held(entry, argument, row)}.{marked}"
        "</figcaption></figure>"
    )


def chosen(entry: Entry, argument: Argument) -> dict[str, Any]:
    """Return the row along which the loss is drawn, a number for each argument that it holds."""
    row = dict(next(points(entry)))
    for other in entry.per_row:
        if other.domain.values is not None and not other.domain.axes:
            row[other.name] = np.int64(0)  # the class whose number runs
        elif other.name != argument.name and not other.domain.axes:
            # A target in the middle of the plot, or an outcome that happened.
            row[other.name] = 0.0 if other.domain.name == "Real" else 1.0
    return row


def curves_of(
    loss: Loss, argument: Argument, row: dict[str, Any]
) -> dict[str, Callable[[Numbers], Numbers]]:
    """Return loss, gradient and curvature as functions of the first number of an argument."""
    entry: Entry = loss.entry
    public = {name: value for name, value in row.items() if name not in entry.prepared}
    wanted = 3 if loss.interface["hessian_diagonal"] and loss.interface["second"] else 2

    def outputs(places: Numbers) -> list[Numbers]:
        rows: dict[str, Any] = {
            each.name: np.repeat(np.asarray(public[each.name])[None], len(places), axis=0)
            for each in entry.per_row
            if each.name in public
        }
        rows[argument.name] = rows[argument.name].astype(float)
        rows[argument.name].reshape(len(places), -1)[:, 0] = places
        shared = {each.name: public[each.name] for each in entry.shared}
        if wanted == 3:
            found = list(loss.derivatives(**rows, **shared, reduction="none"))
        else:
            named: dict[str, Any] = {"wrt": argument.name, "reduction": "none"}
            found = list(loss.value_and_gradient(**rows, **shared, **named))
        return [np.asarray(part, float).reshape(len(places), -1)[:, 0] for part in found]

    def curve(place: int, places: Numbers) -> Numbers:
        return outputs(places)[place]

    titles = ("loss", "gradient", "curvature")[:wanted]
    return {title: partial(curve, place) for place, title in enumerate(titles)}


def name_of(argument: Argument) -> str:
    """Return what is on the horizontal axis."""
    return argument.name + f"[{', '.join('0' for _ in argument.domain.axes)}]" * bool(
        argument.domain.axes
    )


def held(entry: Entry, argument: Argument, row: dict[str, Any]) -> str:
    """Return the numbers at which everything else is held, as a part of a sentence."""
    shown = [
        f"{name} = {number(value)}"
        for name, value in row.items()
        if name not in entry.prepared and (name != argument.name or argument.domain.axes)
    ]
    text = "; ".join(shown).replace("\n", "")
    return f", at <code>{text}</code>" if text else ""


def number(value: Any) -> str:
    """Return a number, or an array of them, in a few digits."""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{array:g}"
    return np.array2string(array, separator=", ", formatter={"float_kind": "{:g}".format})


def svg(title: str, axis: str, places: Numbers, values: Numbers, kinks: list[float]) -> str:
    """Return one plot as an SVG element with words for who cannot see it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": title, "font.size": 9}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(2.9, 2.2), layout="constrained")
        figure.patch.set_alpha(0)
        draw(figure.add_subplot(), title, axis, places, values, kinks)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    for stand_in, colour in _COLOURS.items():
        text = text.replace(stand_in, colour)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(?:id="|url\(#|href="#)(?=[A-Za-z])', rf"\g<0>{title}-", text)
    text = re.sub(r"\n\s*\n", "\n", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{described(title, values)}" ', 1)


def draw(
    axes: Any, title: str, axis: str, places: Numbers, values: Numbers, kinks: list[float]
) -> None:
    """Draw one curve; it is broken where it jumps."""
    axes.set_facecolor("none")
    axes.set_title(title, color=_INK, fontsize=10)
    axes.set_xlabel(axis, color=_INK)
    axes.tick_params(colors=_INK)
    axes.grid(color=_GRID, linewidth=0.5)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(_INK)
    for kink in kinks:
        axes.axvline(kink, color=_KINK, linewidth=1, linestyle=(0, (4, 3)))
    edges = [0, *np.searchsorted(places, kinks), len(places)]
    for start, end in pairwise(edges):
        axes.plot(places[start:end], values[start:end], color=_LINE, linewidth=1.6)


def described(title: str, values: Numbers) -> str:
    """Return a plot in words."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return f"{title}: nowhere finite"
    ends = f"from {finite[0]:.3g} to {finite[-1]:.3g}"
    return f"{title}: {ends}, between {finite.min():.3g} and {finite.max():.3g}"
