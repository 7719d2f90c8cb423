"""`main`, the entry point: commands in, exit code out, one sentence for a user's error."""

import sys
from collections.abc import Sequence

from .functions import app  # with the commands of `commands`


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line with `words` (those of the process if None); return the exit code.

    0 success, 1 a failed check or a user's error, 2 an unknown option or an unreadable formula.
    """
    try:
        app(args=None if words is None else list(words), prog_name="lossgen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:
        if not is_meant_for_the_user(error):
            raise
        print(f"lossgen: {sentence(error)}", file=sys.stderr)
        return 1
    return 0


def is_meant_for_the_user(error: Exception) -> bool:
    """Whether an error tells the user what to mend; anything else is a bug: a traceback.

    Every floor has its own class of errors for what a user can get wrong; files can fail to open.
    """
    return type(error).__module__.split(".")[0] == "lossgen" or isinstance(error, OSError)


def sentence(error: Exception) -> str:
    """The message of an error; for a file that cannot be used, with what to do."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; give a path that can be used"
    return str(error)
