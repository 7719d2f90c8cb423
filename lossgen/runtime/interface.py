"""The interface literal of a generated module, read into one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .errors import ArgumentError

REQUIRED: Final = object()
"""The default of a parameter that has none."""

OPTIONS: Final = (
    "reduction", "sample_weight", "class_weight", "ignore_label", "axis", "axes", "out", "threads",
)  # fmt: skip
"""Keywords that every loss takes; no argument of a loss may bear such a name."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: `axes` are those of one row, `values` the axis that a label points into."""

    name: str
    domain: str
    axes: tuple[str, ...]
    values: str | None
    default: object
    shared: bool
    integer: bool
    scalar: bool


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """What the runtime must know to call the kernels of a loss; equal only to itself.

    `rows` are the per-row arguments in kernel order, `public` those of them that a caller gives,
    `position` the place of each argument among the public ones followed by the shared ones,
    `label` the only un-indexed label if there is exactly one, `scalars` whether every shared
    argument is one number, `integers` whether some argument holds integers.
    """

    name: str
    rows: tuple[Argument, ...]
    public: tuple[Argument, ...]
    shared: tuple[Argument, ...]
    prepared: tuple[str, ...]
    prepare: str | None
    wrt: tuple[str, ...]
    gradients: tuple[str, ...]
    second: str | None
    hessian_diagonal: bool
    refused: str
    block: int
    symmetric: bool
    axes: tuple[str, ...]
    label: Argument | None
    position: dict[str, int]
    scalars: bool
    integers: bool

    def argument(self, name: str) -> Argument:
        """Return the argument of that name; KeyError if there is none."""
        for argument in (*self.rows, *self.shared):
            if argument.name == name:
                return argument
        raise KeyError(name)


def read_interface(literal: Mapping[str, Any]) -> Interface:
    """Return the record of an interface literal.

    Raises:
        ArgumentError: when an argument bears the name of a keyword that every loss takes.
    """
    name = literal["name"]
    rows = tuple(_argument(*item, shared=False) for item in literal["arguments"].items())
    shared = tuple(_argument(*item, shared=True) for item in literal["shared"].items())
    prepared = tuple(literal.get("prepared", ()))
    for argument in (*rows, *shared):
        if argument.name in OPTIONS:
            raise ArgumentError(
                f"{name}: an argument is named {argument.name}, which is a keyword of every loss; "
                "give it another name."
            )
    public = tuple(argument for argument in rows if argument.name not in prepared)
    labels = [argument for argument in rows if argument.domain == "Label" and not argument.axes]
    return Interface(
        name=name,
        rows=rows,
        public=public,
        shared=shared,
        prepared=prepared,
        prepare=literal.get("prepare"),
        wrt=tuple(literal["wrt"]),
        gradients=tuple(literal["gradients"]),
        second=literal.get("second"),
        hessian_diagonal=bool(literal.get("hessian_diagonal", False)),
        refused=literal.get("refused", ""),
        block=int(literal["block"]),
        symmetric=bool(literal.get("symmetric", False)),
        axes=tuple(dict.fromkeys(axis for argument in rows for axis in argument.axes)),
        label=labels[0] if len(labels) == 1 else None,
        position={argument.name: at for at, argument in enumerate((*public, *shared))},
        scalars=all(argument.scalar for argument in shared),
        integers=any(argument.integer for argument in public),
    )


def _argument(name: str, literal: Mapping[str, Any], *, shared: bool) -> Argument:
    axes = tuple(literal["axes"])
    integer = literal["domain"] in ("Label", "Integer")
    return Argument(
        name=name,
        domain=literal["domain"],
        axes=axes,
        values=literal.get("values"),
        default=literal.get("default", REQUIRED),
        shared=shared,
        integer=integer,
        scalar=shared and not axes and not integer,
    )
