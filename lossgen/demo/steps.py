"""The steps of the demo, in order, each one printed as it is done."""

import time
from importlib.resources import as_file, files
from pathlib import Path
from textwrap import indent

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

from lossgen.runtime import Loss

from .fit import Households, Line, fit, households, least_squares
from .mathematics import equations
from .plot import plot


def demo(out: Path, console: Console) -> int:
    """Do the whole job, with kernels and plot in the folder `out`; 0, or 1 if a check fails."""
    start = time.monotonic()
    with as_file(files("lossgen.demo").joinpath("allowance.py")) as path:
        loss = derive_and_build(path, out, console)
    passed = compare_with_reference(loss, console)
    picture = out / "allowance.png"
    fit_and_plot(loss, picture, console)
    seconds = time.monotonic() - start
    console.print(f"Plot: {picture}    Kernels: {out}    {seconds:.0f} s in all", highlight=False)
    return 0 if passed else 1


def derive_and_build(path: Path, out: Path, console: Console) -> Loss:
    """Print the file and the gradient of its loss, and write its kernels."""
    from lossgen.build import build, load_file

    heading(console, 1, "A loss that is in no library, as one writes it")
    text = path.read_text(encoding="utf-8")
    console.print(Syntax(text, "python", background_color="default", word_wrap=True))
    (loss,) = load_file(path)
    heading(console, 2, "Its gradient, derived")
    console.print(indent(equations(loss.entry), "    "), highlight=False, markup=False)
    heading(console, 3, f"Its kernels, built into {out}")
    with console.status("deriving, planning, printing ..."):
        report = build([path], out, ("cpu",))
    console.print(str(report), highlight=False)
    return loss


def compare_with_reference(loss: Loss, console: Console) -> bool:
    """Print the check table; whether all of it holds."""
    from lossgen.proof import check

    heading(console, 4, "Its kernels against the exact reference")
    with console.status("compiling the kernels, evaluating the formula with 60 digits ..."):
        report = check(loss)
    console.print(report.table(), highlight=False, markup=False, soft_wrap=True)
    return bool(report)


def fit_and_plot(loss: Loss, picture: Path, console: Console) -> None:
    """Print the line that the loss chooses beside that of least squares, and draw both."""
    heading(console, 5, "A fit to real data: food expenditure by income, 235 households")
    data = households()
    with console.status("fitting with scipy.optimize.minimize, drawing ..."):
        squares = least_squares(data)
        lines = [squares, fit(loss, data, squares)]
        plot(loss, data, lines, picture)
    console.print(comparison(loss, data, lines))


def heading(console: Console, number: int, text: str) -> None:
    """The title of a step."""
    console.print(f"\n[bold]{number}. {text}[/bold]\n")


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
