"""`lossgen verify`: its words, and the verdict on the formula that they give."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from lossgen.runtime import Loss

from .errors import CommandError
from .losses import meant


def verify(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME or FILE]", help="A loss, or a file with one; none: --value states it."
        ),
    ] = None,
    value: Annotated[str | None, typer.Option(help="A formula of the loss itself.")] = None,
    gradient: Annotated[
        str | None, typer.Option(help="The formula to try: SymPy text or LaTeX.")
    ] = None,
    hessian: Annotated[str | None, typer.Option(help="One of the second derivative.")] = None,
    wrt: Annotated[
        str | None, typer.Option(help="The argument differentiated; default: the entry's.")
    ] = None,
    python: Annotated[
        str | None,
        typer.Option(metavar="MODULE:FUNCTION", help="A function of arrays to try instead."),
    ] = None,
    what: Annotated[
        str, typer.Option(help="What that function computes: value, gradient or hessian.")
    ] = "gradient",
    domain: Annotated[
        list[str] | None, typer.Option(help="Where it holds: 'p in (0, 1)', 'y in {0, 1}'.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="A definition that it uses: 'r = y - x'.")
    ] = None,
    let: Annotated[
        list[str] | None, typer.Option(help="What a name means: 'p = prob', an argument.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Kinks and ends of the domain count too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    r"""Is this formula right? Exit code 0: right, 1: wrong (and where), 2: unreadable.

    The text of a formula is parsed and never evaluated. Examples:

        lossgen verify squared_error --gradient 'prediction - target'

        lossgen verify --value '-\log p' --gradient '-1/p' --wrt p --domain 'p in (0, 1)'
    """
    claims = {"value": value, "gradient": gradient, "hessian": hessian, "python": python}
    told = {"domain": domain or (), "where": where or (), "let": let or ()}
    raise typer.Exit(judged(name, claims, wrt, what, told, strict, json))


def judged(
    name: str | None,
    claims: Mapping[str, str | None],
    wrt: str | None,
    what: str,
    told: Mapping[str, Sequence[str]],
    strict: bool,
    json: bool,
) -> int:
    """Print the verdict on a formula, and return its code."""
    from lossgen.verdict import verify

    given = [word for word, text in claims.items() if text is not None]
    if name is None and (claims["value"] is None or wrt is None):
        raise CommandError(
            "found no loss; give its NAME, or state it: --value FORMULA --wrt NAME, beside what is "
            "to be tried"
        )
    if len(given) - (name is None) != 1:
        raise CommandError(
            f"found {len(given)} formulas; give one of --gradient, --value, --hessian, --python"
            + (" beside --value" if name is None else "")
        )
    if what not in ("value", "gradient", "hessian"):
        raise CommandError(f"found --what {what}; expected value, gradient or hessian")
    loss = None if name is None else single(name)
    if loss is not None and wrt is not None and wrt not in loss.interface["gradients"]:
        known = ", ".join(loss.interface["gradients"])
        raise CommandError(f"found --wrt {wrt}; {loss.name} is differentiated by {known}: give one")
    if claims["python"] is not None:
        # As `python -m` does: the module of a user lies where the command is given.
        sys.path.insert(0, str(Path.cwd()))
    verdict = verify(loss, **claims, wrt=wrt, what=what, **told, strict=strict)  # type: ignore[arg-type]
    if json:
        print(verdict.to_json())
    else:
        print(verdict, file=sys.stderr if verdict.code == 2 else sys.stdout)
    return verdict.code


def single(word: str) -> Loss:
    """The loss of a name, or the only one of a file.

    Raises:
        CommandError: for a file with several.
    """
    found = meant(word)
    if len(found) != 1:
        names = ", ".join(loss.name for loss in found)
        raise CommandError(f"{word} has {len(found)} losses ({names}); give a file with one")
    return found[0]
