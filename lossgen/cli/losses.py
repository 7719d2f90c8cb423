"""What a word of the command line names: shipped losses, or those of a file."""

from collections.abc import Sequence
from pathlib import Path

from lossgen.runtime import Loss
from lossgen.runtime.errors import LossError

from .errors import CommandError


def shipped() -> dict[str, Loss]:
    """All shipped losses by name, in the order of their names."""
    from lossgen import losses

    return {name: getattr(losses, name) for name in sorted(dir(losses))}


def named(words: Sequence[str]) -> list[Loss]:
    """The losses that the words mean, in their order: names, aliases, and files with losses.

    Raises:
        CommandError: for a name nobody knows, with the nearest names.
    """
    return [loss for word in words for loss in meant(word)]


def meant(word: str) -> list[Loss]:
    """The loss of a name, or all losses of a file."""
    if is_file(word):
        from lossgen.build import load_file

        return load_file(file(word))
    return [one(word)]


def one(name: str) -> Loss:
    """The shipped loss of that name or alias."""
    from lossgen.losses import find

    try:
        return find(name)
    except LossError as error:
        message = str(error).rstrip(".")
        raise CommandError(
            f"{message} (`lossgen list` has the names; a file ends in .py)"
        ) from None


def is_file(word: str) -> bool:
    """Whether a word means a file rather than a name."""
    return word.endswith(".py") or "/" in word or "\\" in word


def file(word: str) -> Path:
    """The path of a file with losses.

    Raises:
        CommandError: when there is no such file.
    """
    path = Path(word)
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise CommandError(
            f"{word} {found}; expected a Python file with a loss; `lossgen new NAME` writes one"
        )
    return path
