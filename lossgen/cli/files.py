"""Files that a user asked for: the starter of `new`, the reports of `check`."""

import tempfile
from pathlib import Path

from .errors import CommandError


def write(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        CommandError: when its folder cannot be written.
    """
    from lossgen import build

    check_writable(path)
    build.write(path, text)


def check_writable(path: Path) -> None:
    """Raise CommandError unless a file can be made beside `path`; asked before long work."""
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written ({error.strerror}); expected a folder that can be; "
            "make the folder, or give another path"
        ) from error
