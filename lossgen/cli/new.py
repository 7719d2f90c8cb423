"""`lossgen new`: a file with one working loss, to be edited."""

import keyword
from pathlib import Path

from lossgen import language

from .errors import CommandError
from .files import write

STARTER = '''\
"""{name}: a loss to edit.

    lossgen check {file}                 compares its kernels with the exact reference
    lossgen build {file} --out kernels   writes its kernels into the folder kernels
"""

from lossgen.language import *


@loss(source="where the definition comes from")
def {name}(prediction: Real, target: Real, *, delta: Positive = 1.0):
    """Quadratic for small residuals, linear for large ones."""
    r = let("r", Abs(prediction - target))
    return Piecewise((r**2 / 2, r <= delta), (delta * (r - delta / 2), True))
'''


def new(name: str, folder: Path) -> Path:
    """Write the starter file `NAME.py` into a folder and return its path.

    Raises:
        CommandError: when the name cannot be that of a loss, or the file exists.
    """
    check_name(name)
    path = folder / f"{name}.py"
    if path.exists():
        raise CommandError(f"{path} exists; choose another name, or remove the file first")
    if not folder.is_dir():
        raise CommandError(f"{folder} is no folder; make it first, or give another one with --to")
    write(path, STARTER.format(name=name, file=path))
    return path


def check_name(name: str) -> None:
    """Raise CommandError unless a loss, and a file, can bear the name."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise CommandError(
            f"found the name {name!r}; expected a Python identifier such as my_loss that is no "
            "keyword and has no _ in front; choose another"
        )
    if name in dir(language):
        raise CommandError(
            f"found the name {name!r}, which is a word of lossgen.language and would be hidden; "
            f"expected a new name; choose another, such as my_{name}"
        )
