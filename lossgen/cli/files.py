"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path

from .errors import CommandError


def write(path: Path, text: str) -> None:
    """Write a text file by a temporary file beside it and a rename.

    Raises:
        CommandError: when the folder does not exist or cannot be written.
    """
    temporary = temporary_beside(path)
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(path: Path, what: str) -> None:
    """Raise CommandError unless `what` can be written to `path`; asked before long work."""
    try:
        temporary_beside(path).unlink()
    except CommandError as error:
        raise CommandError(f"the {what} cannot be written: {error}") from error


def temporary_beside(path: Path) -> Path:
    """A new empty file in the folder of `path`, as readable as any other new file."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(
            f"found {path.parent} ({error.strerror}); expected a folder that can be written; "
            "make it, or give another path"
        ) from error
    os.close(handle)
    # mkstemp makes files that only their owner can read.
    Path(name).chmod(0o644)
    return Path(name)
