"""The commands about functions that others wrote."""

from pathlib import Path
from typing import Annotated

import typer

from .commands import app

__all__ = ["app"]

Function = Annotated[
    str, typer.Argument(metavar="MODULE:FUNCTION", help="Any function; it is imported and called.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Give the function this too."),
]
FrameworkName = Annotated[
    str | None, typer.Option(help="numpy, torch or jax; default: seen by itself.")
]


@app.command()
def audit(
    function: Function,
    loss: Annotated[
        str, typer.Option("--as", metavar="NAME", help="The loss it should be; or a file with one.")
    ],
    let: Annotated[
        list[str] | None,
        typer.Option(metavar="OWN=NAME", help="Its argument OWN is the loss's argument NAME."),
    ] = None,
    options: Settings = None,
    gradient: Annotated[
        str | None,
        typer.Option(metavar="MODULE:FUNCTION", help="Its derivative, if it has none of its own."),
    ] = None,
    wrt: Annotated[
        str | None, typer.Option(help="The argument differentiated; default: the entry's.")
    ] = None,
    framework: FrameworkName = None,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the audit here.")] = None,
) -> None:
    """Is a function the loss it should be? Exit code 0: right, 1: wrong, 2: it cannot be asked.

    Value, gradient and Hessian diagonal against exact mathematics, at kinks, ties and the ends of
    the range too. PyTorch and JAX differentiate by themselves. Example:

        lossgen audit torch.nn.functional:huber_loss --as huber
    """
    from .audit import audit

    raise typer.Exit(
        audit(function, loss, let or [], options or [], gradient, wrt, framework, json)
    )


@app.command()
def identify(
    function: Function,
    options: Settings = None,
    framework: FrameworkName = None,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the answer here.")] = None,
) -> None:
    """Which loss is this function? Exit code 0: at least one fits, 1: none, 2: cannot be asked.

    A factor, a constant, the order of arguments and hidden parameters are found; all that fit are
    listed.
    """
    from .audit import identify

    raise typer.Exit(identify(function, options or [], framework, json))


__all__ = ["app"]
