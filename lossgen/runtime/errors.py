"""The errors of the runtime: each is also the built-in error a caller would expect."""


class LossError(Exception):
    """A loss was used in a way that has no meaning; the message says what to write instead."""


class ArgumentError(LossError, ValueError):
    """An argument has the wrong shape, value or name."""


class ArgumentTypeError(LossError, TypeError):
    """An argument has the wrong type or dtype, is missing, or is not one of the loss."""


class DependencyError(LossError, ImportError):
    """Something needs a package, or a part of lossgen, that is not there."""
