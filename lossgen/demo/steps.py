"""The steps of the demo, in order, each one printed as it is done."""

import time
from importlib.resources import as_file, files
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

from lossgen.runtime import Loss

from .fit import Households, Line, fit, households, least_squares
from .plot import plot


def demo(out: Path, console: Console) -> int:
    """Do the whole job, with kernels and plot in the folder `out`; 0, or 1 if a check fails."""
    from lossgen.build import build, load_file
    from lossgen.checks import check

    start = time.monotonic()
    with as_file(files("lossgen.demo").joinpath("allowance.py")) as path:
        heading(console, 1, "A loss that is in no library, as one writes it")
        console.print(
            Syntax(path.read_text(encoding="utf-8"), "python", background_color="default")
        )
        (loss,) = load_file(path)
        heading(console, 2, "Its gradient, derived")
        print_gradient(loss, console)
        heading(console, 3, f"Its kernels, built into {out}")
        with console.status("deriving, planning, printing ..."):
            console.print(str(build([path], out, ("cpu",), False, lambda *_: None)))
    heading(console, 4, "The kernels against the exact reference")
    with console.status("compiling the kernels and comparing them with 60 and more digits ..."):
        report = check(loss)
    console.print(report.table(), highlight=False)
    heading(console, 5, "A fit to real data: food expenditure by income, 235 households")
    data = households()
    with console.status("fitting with scipy.optimize.minimize ..."):
        squares = least_squares(data)
        lines = [squares, fit(loss, data, squares)]
    console.print(comparison(loss, data, lines))
    picture = out / "allowance.png"
    with console.status("drawing ..."):
        plot(loss, data, lines, picture)
    console.print(f"Plot: {picture}   ({time.monotonic() - start:.0f} s in all)")
    return 0 if report else 1


def heading(console: Console, number: int, text: str) -> None:
    """The title of a step."""
    console.print(f"\n[bold]{number}. {text}[/bold]\n")


def print_gradient(loss: Loss, console: Console) -> None:
    """The derivative with respect to the prediction."""
    console.print(loss.latex("gradient"), highlight=False, markup=False)


def comparison(loss: Loss, data: Households, lines: list[Line]) -> Table:
    """What each line predicts, whom it gives too little, and what that costs."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("food = base + share * income", no_wrap=True)
    for title in ("base", "share", "too little for", "mean loss"):
        table.add_column(title, justify="right", no_wrap=True)
    for line in lines:
        table.add_row(
            f"{line.name}{f' ({line.steps} steps)' if line.steps else ''}",
            f"{line.base:.1f}",
            f"{line.share:.3f}",
            f"{line.too_little(data)} of {len(data.food)}",
            f"{loss(line.at(data.income), data.food):.2f}",
        )
    return table
