"""What `help`, `inspect.signature` and `repr` say about a loss."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Parameter, Signature
from typing import Any

from .interface import OPTIONS, REQUIRED, Argument, Interface

_DOMAINS = {
    "Real": "real",
    "Positive": "> 0",
    "NonNegative": ">= 0",
    "Unit": "in [0, 1]",
    "OpenUnit": "in (0, 1)",
    "Sign": "-1 or +1",
    "Integer": "integer, only compared",
}
_DEFAULTS = {"reduction": "mean"}
_OPTIONS_TEXT = """\
reduction: "mean" (divided by the sum of the weights), "sum" or "none"
sample_weight: one weight per row, of the shape of the unreduced loss
{labels}axis, axes: where axes of the loss lie, axis=1 or axes={{"k": (-2, -1)}}; last by default
out: the array to write (a tuple where there are several); a reduced value needs none
threads: how many; all that the process may use by default"""
_LABEL_TEXT = """\
class_weight: one weight per class, an array or a mapping
ignore_label: rows with this label count as absent
"""
_METHODS = """\
Methods: gradient, value_and_gradient, derivatives, gradient_and_hessian_diagonal,
hessian_diagonal, hessian_vector_product, hessian, metric, bind; formula, latex, source."""


def signature(face: Interface, bound: Mapping[str, object]) -> Signature:
    """Return the true signature of a call of the loss."""
    parameters = [Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD) for a in face.public]
    for argument in face.shared:
        default = bound.get(argument.name, argument.default)
        parameters.append(
            Parameter(
                argument.name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if default is REQUIRED else default,
            )
        )
    for option in OPTIONS:
        if face.label is not None or option not in ("class_weight", "ignore_label"):
            parameters.append(
                Parameter(option, Parameter.KEYWORD_ONLY, default=_DEFAULTS.get(option))
            )
    return Signature(parameters)


def heading(face: Interface, bound: Mapping[str, object]) -> str:
    """Return the call as text: `huber(prediction, target, *, delta=1.0)`."""
    parts = [argument.name for argument in face.public]
    if face.shared:
        parts.append("*")
    for argument in face.shared:
        default = bound.get(argument.name, argument.default)
        if default is REQUIRED:
            parts.append(argument.name)
        elif isinstance(default, (int, float)):
            parts.append(f"{argument.name}={default}")
        else:
            parts.append(f"{argument.name}=<bound>")
    return f"{face.name}({', '.join(parts)})"


def documentation(literal: Mapping[str, Any], face: Interface, bound: Mapping[str, object]) -> str:
    """Return the documentation of a loss: formula, arguments with shapes and domains, options."""
    paragraphs = [heading(face, bound)]
    if literal.get("summary"):
        paragraphs.append(literal["summary"])
    if literal.get("formula"):
        paragraphs.append("Formula: " + literal["formula"].replace("; ", "\n         "))
    paragraphs.append("\n".join(_argument(a) for a in (*face.public, *face.shared)))
    if len(face.public) >= 2 and not face.symmetric:
        first, second = face.public[0].name, face.public[1].name
        paragraphs.append(f"Not symmetric: {first} comes first, {second} second.")
    labels = _LABEL_TEXT if face.label is not None else ""
    paragraphs.append(_OPTIONS_TEXT.format(labels=labels))
    paragraphs.append(_METHODS)
    if literal.get("source"):
        paragraphs.append("Source: " + literal["source"])
    return "\n\n".join(paragraphs) + "\n"


def _argument(argument: Argument) -> str:
    leading = () if argument.shared else ("...",)
    shape = f"({', '.join((*leading, *argument.axes))})"
    domain = _DOMAINS.get(argument.domain, argument.domain)
    if argument.domain == "Label":
        domain = f"integer label, a position along {argument.values}"
    shared = ", shared by all rows" if argument.shared else ""
    where = "a number" if argument.shared and not argument.axes else shape
    return f"{argument.name}: {where}, {domain}{shared}"
