"""The `(y_true, y_pred)` face of a loss, which scikit-learn and its friends call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ArgumentError

if TYPE_CHECKING:
    from .loss import Loss


class Metric:
    """`metric(y_true, y_pred, *, sample_weight=None)`: the loss, the truth first.

    Smaller is better: `make_scorer(huber.metric, greater_is_better=False)`.
    """

    def __init__(self, loss: Loss) -> None:
        if len(loss.interface["arguments"]) - len(loss.interface["prepared"]) != 2:
            raise ArgumentError(
                f"{loss.name}: a metric has two arguments, y_true and y_pred; this loss takes "
                f"{', '.join(loss.interface['arguments'])}."
            )
        self.loss = loss
        self.__name__ = loss.name

    def __call__(
        self, y_true: Any, y_pred: Any, *, sample_weight: Any = None, **named: Any
    ) -> float:
        return self.loss(y_pred, y_true, sample_weight=sample_weight, **named)

    def __repr__(self) -> str:
        return f"{self.loss!r}.metric"

    def __reduce__(self) -> tuple[object, ...]:
        return Metric, (self.loss,)
