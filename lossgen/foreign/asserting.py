"""Assertions for tests: a function is a loss, or its derivative; else the audit is the message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lossgen.losses import find
from lossgen.runtime import Loss

from .comparing import audit, audit_gradient
from .report import Audit


def assert_loss(
    function: Callable[..., Any] | str,
    loss: Loss | str,
    *,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    gradient: Callable[..., Any] | str | None = None,
    wrt: str | None = None,
    framework: str | None = None,
) -> Audit:
    """Assert that a function computes a loss, and its derivatives where it has any.

    >>> assert_loss(my_huber, "huber", names={"y_hat": "prediction"})

    The arguments are those of `lossgen.audit`; a loss can be given by name or alias.

    Raises:
        AuditError: an AssertionError, with the smallest failing input and a diagnosis.
    """
    return audit(
        function, _loss(loss), names=names, options=options, gradient=gradient, wrt=wrt,
        framework=framework,
    ).raise_if_failed()  # fmt: skip


def assert_gradient(
    function: Callable[..., Any] | str,
    loss: Loss | str,
    *,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    wrt: str | None = None,
    framework: str | None = None,
) -> Audit:
    """Assert that a function computes the derivative of a loss.

    >>> assert_gradient(my_huber_gradient, "huber", wrt="prediction")

    Raises:
        AuditError: an AssertionError, with the smallest failing input and a diagnosis.
    """
    return audit_gradient(
        function, _loss(loss), names=names, options=options, wrt=wrt, framework=framework
    ).raise_if_failed()


def _loss(loss: Loss | str) -> Loss:
    return find(loss) if isinstance(loss, str) else loss
