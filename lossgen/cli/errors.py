"""The error of the command line: a user gave it something that it cannot work with."""


class CommandError(ValueError):
    """One sentence: what was found, what was expected, what to do."""
