"""The commands, each a few lines: read the words, call the room that does the work, print."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .verify import verify

app = typer.Typer(
    name="lossgen",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    help="""A loss is written once, as a SymPy expression; its derivatives, Numba kernels, formulas
    and the proof that all of these agree are made from it.

    [bold]First steps[/bold]

    lossgen demo                the whole job on real data

    lossgen new my_loss         writes a loss to edit: my_loss.py

    lossgen check my_loss.py    compares its kernels with the exact reference""",
)

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME or FILE]...", help="Shipped losses, or Python files with losses."
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A shipped loss, by name or alias.")]


@app.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Print the version when that is asked for."""
    if version:
        from importlib.metadata import version as installed

        print(f"lossgen {installed('lossgen')}")
        raise typer.Exit


@app.command("list")
def list_(
    pattern: Annotated[
        str, typer.Argument(help="Print only losses whose line has this text.")
    ] = "",
) -> None:
    """Print the shipped losses: name, and what each one is."""
    from .show import listing

    print(listing(pattern))


@app.command()
def show(
    name: Name,
    derivation: Annotated[
        bool, typer.Option("--derivation", help="Print how the gradient is derived, by steps.")
    ] = False,
    wrt: Annotated[
        str | None, typer.Option(help="The argument of the derivation; default: the entry's.")
    ] = None,
) -> None:
    """Print one loss: formula, derivatives, domains, conventions, source and generated files."""
    from .losses import one
    from .show import description

    print(one(name).derive(wrt) if derivation or wrt else description(one(name)))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The name of the loss: a Python identifier.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path(),
) -> None:
    """Write NAME.py, a file with one working loss to edit."""
    from .new import new

    path = new(name, to)
    print(f"{path} written. Edit it, then: lossgen check {path}")


@app.command()
def build(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Files with losses; none: the shipped catalogue."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for the kernels of FILE.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="cpu, cuda or cpu,cuda; default: all.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; print a diff and fail if files differ.")
    ] = False,
) -> None:
    """Write kernels: of the catalogue to generated/ and docs/, of FILE to the folder --out."""
    from .work import build

    raise typer.Exit(build(files or [], out, target, check))


@app.command()
def check(
    names: Names = None,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the report here.")] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Also write a JUnit report, for CI.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every form of every kernel, not a tenth in rotation.")
    ] = False,
) -> None:
    """Compare kernels with the exact reference (no name: of all losses); exit code 1 if wrong."""
    from .work import check

    raise typer.Exit(check(names or [], json, junit, everything))


@app.command()
def claims(
    names: Names = None,
    json: Annotated[Path | None, typer.Option("--json", help="Also write them here.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Keep those of the whole catalogue for its pages.")
    ] = False,
) -> None:
    """Is it convex, bounded, robust, proper, ...? Proved, tested on N points, or refuted where.

    Each claim is about the argument that the gradient is taken in. A refutation is a point at
    which the claim fails in exact arithmetic.
    """
    from .claims import claims

    raise typer.Exit(claims(names or [], json, record))


@app.command()
def certify(
    names: Names = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1000, help="Try about so many inputs; writes nothing."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say which certificates bind; exit code 1 if not.")
    ] = False,
    mathematics: Annotated[
        bool, typer.Option("--math", help="NAME is a function of the shared math file.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder; default: beside the kernels.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", help="Default: all.")] = None,
) -> None:
    """Run float32 kernels at all 2^32 inputs: losses of one number, minutes for each.

    Value, gradient and Hessian diagonal are compared with the float64 kernel, which is itself
    compared with exact mathematics at a sample. Exit code 1 if an error is beyond its bound.
    """
    from . import certify

    if check:
        raise typer.Exit(certify.check())
    run = certify.certify_functions if mathematics else certify.certify
    raise typer.Exit(run(names or [], sample, out, threads))


app.command()(verify)


@app.command()
def traps(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Losses, by name or alias; none: all."),
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the table here.")] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Also write it here as a page of Markdown.")
    ] = None,
) -> None:
    """Print inputs at which libraries fail, their answers and ours; exit code 1 if ours is wrong.

    Every answer of ours is computed on the spot by the shipped kernels, and may miss the exact
    value by 8 ulp.
    """
    from .traps import traps

    raise typer.Exit(traps(names or [], json, page))


@app.command()
def docs(
    out: Annotated[Path, typer.Option("--out", help="The folder for the pages.")] = Path(
        "build/site"
    ),
    measure: Annotated[
        bool, typer.Option("--measure", help="First check every loss, minutes, for their tables.")
    ] = False,
) -> None:
    """Build the site: every loss, searchable, as files that open from disk without a network.

    The tables of measured errors come from docs/measured.csv, which --measure writes anew.
    """
    from .work import docs

    raise typer.Exit(docs(out, measure))


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder for kernels and plot.")] = Path(
        "lossgen-demo"
    ),
) -> None:
    """The whole job on real data: derive, build, check and fit a loss of one's own, and plot."""
    from lossgen.demo import demo

    raise typer.Exit(demo(out, Console()))
