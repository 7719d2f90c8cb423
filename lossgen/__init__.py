"""Loss functions written once in SymPy; everything else is derived from them.

    from lossgen.losses import huber            # or any of dir(lossgen.losses)
    huber(prediction, target, delta=1.0)
    huber.gradient(prediction, target)
    lossgen.find("mse")                         # aliases of every library lead to the entry
    lossgen.check(huber)                        # every kernel against the exact reference
    lossgen.claims(huber)                       # convex, robust, ...: proven, tested or refuted
    lossgen.audit(my_huber, huber)              # a function somebody wrote: right? else where?
    lossgen.identify(my_loss)                   # which loss of the catalogue it is

Write your own with `from lossgen.language import *`. Everything is imported when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .runtime import doors as _doors

if TYPE_CHECKING:
    from . import language, losses
    from .evidence import claims
    from .foreign import assert_gradient, assert_loss, audit, audit_gradient, identify
    from .language import from_expression, loss
    from .losses import find
    from .proof import check
    from .runtime import Loss, LossError
    from .verdict import verify

__all__ = [
    "Loss",
    "LossError",
    "assert_gradient",
    "assert_loss",
    "audit",
    "audit_gradient",
    "check",
    "claims",
    "find",
    "from_expression",
    "identify",
    "language",
    "loss",
    "losses",
    "verify",
]

# Public name -> where it lives; without a function it is the module itself.
_HOMES = {
    "Loss": "runtime:Loss",
    "LossError": "runtime:LossError",
    "assert_gradient": "foreign:assert_gradient",
    "assert_loss": "foreign:assert_loss",
    "audit": "foreign:audit",
    "audit_gradient": "foreign:audit_gradient",
    "check": "proof:check",
    "claims": "evidence:claims",
    "find": "losses:find",
    "from_expression": "language:from_expression",
    "identify": "foreign:identify",
    "language": "language",
    "loss": "language:loss",
    "losses": "losses",
    "verify": "verdict:verify",
}

# What a `Loss` asks of the higher floors -> who answers. Each function gets the loss first, but
# "kernels", which gets the entry and returns its `TextKernels`.
_DOORS = {
    "add": "language.combine:add",
    "derive": "derivation:derive",
    "entry": "catalogue.entries:entry",
    "formula": "catalogue.entries:formula",
    "kernels": "build:kernels",
    "latex": "emit.latex:latex",
    "multiply": "language.combine:multiply",
    "over": "language.combine:over",
    "rename": "language.combine:rename",
    "with_link": "language.combine:with_link",
}


def _resolve(home: str) -> Any:
    module, _, name = home.partition(":")
    room = import_module(f".{module}", __name__)
    return getattr(room, name) if name else room


def _door(home: str) -> Callable[..., Any]:
    def open_door(*arguments: Any, **named: Any) -> Any:
        return _resolve(home)(*arguments, **named)

    return open_door


for _name, _home in _DOORS.items():
    _doors.install(_name, _door(_home))


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("lossgen")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = _resolve(_HOMES[name])
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
