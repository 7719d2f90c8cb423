"""The one exception of the language: a loss that cannot be read as mathematics."""


class LanguageError(ValueError, TypeError):
    """A loss says something that the language has no meaning for.

    The message names the loss, what was found, what was expected and what to write instead.
    """
