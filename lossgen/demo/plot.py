"""The picture of the demo: the loss and its derivative, and the two lines through the data."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lossgen.runtime import Loss

from .fit import Floats, Households, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY, ORANGE = "#767676", "#c2410c"


def plot(loss: Loss, data: Households, lines: list[Line], path: Path) -> None:
    """Write the picture as PNG."""
    # Figure and canvas by hand: no display is needed, and pyplot's global state stays as it was.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    places: dict[str, Axes] = figure.subplot_mosaic([["loss", "fit"], ["gradient", "fit"]])
    error = np.linspace(-150.0, 150.0, 601)
    zero = np.zeros_like(error)
    draw_curve(places["loss"], error, loss(error, zero, reduction="none"), "loss")
    slope = loss.gradient(error, zero, reduction="none")
    draw_curve(places["gradient"], error, slope, "gradient")
    places["loss"].set_title(f"The loss of the file: {loss.name}")
    places["gradient"].set_xlabel("prediction - target [francs]")
    draw_fit(places["fit"], data, lines)
    figure.savefig(path, dpi=120)


def draw_curve(axes: "Axes", error: Floats, curve: Floats, name: str) -> None:
    """What one household contributes, over the error of its prediction."""
    axes.axhline(0, color="#d4d4d4", linewidth=0.8)
    axes.axvline(0, color="#d4d4d4", linewidth=0.8)
    axes.plot(error, curve, color=ORANGE)
    axes.set_ylabel(name)


def draw_fit(axes: "Axes", data: Households, lines: list[Line]) -> None:
    """The households and the lines that the losses choose."""
    axes.scatter(data.income, data.food, s=12, color="#a3a3a3", alpha=0.6, linewidths=0)
    income = np.linspace(data.income.min(), data.income.max(), 2)
    for line, colour in zip(lines, (GREY, ORANGE), strict=True):
        label = f"{line.name}: {line.too_little(data)} get too little"
        axes.plot(income, line.at(income), color=colour, linewidth=2, label=label)
    axes.set_title(f"{len(data.food)} Belgian households, 1857")
    axes.set_xlabel("yearly income [francs]")
    axes.set_ylabel("yearly food expenditure [francs]")
    axes.legend(frameon=False, loc="lower right")
