"""The public object: a loss, its derivatives, and its faces for other libraries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import Signature
from typing import Any

import numpy as np

from . import doors
from .binding import check_parameters, collect
from .compile import Kernels, kernels_of
from .dense import dense
from .describe import documentation, heading, signature
from .evaluate import Answer, answer
from .interface import Interface, read_interface
from .metric import Metric
from .parameters import parameter
from .prepared import Prepare, resolve
from .problem import DEFAULT, Options
from .requests import Request, curved, gradients, product
from .sources import KernelSource, LateKernels

Literal = Mapping[str, Any]


class Loss:
    """A loss function with its derivatives, over rows of arrays.

    Calling it gives the loss: `huber(prediction, target, delta=1.0)`. Arguments before the `*` have
    one value for each row, of equal leading shapes (only 0-d values are stretched); the others are
    shared. Every method takes the same arguments and these keywords: reduction ("mean", divided by
    the sum of the weights, "sum" or "none"), sample_weight, class_weight and ignore_label (for
    losses with one label per row), axis or axes, out, threads.

    A derivative is that of what `reduction` says: of the mean, of the sum, or of each row's own
    loss. It has the shape and dtype of its argument. Everything is checked before anything is
    written.
    """

    def __init__(
        self,
        interface: Literal | Callable[[], Literal],
        kernels: KernelSource,
        *,
        bound: Mapping[str, object] | None = None,
        entry: object = None,
        prepare: Prepare | None = None,
    ) -> None:
        self.name = self.__name__ = kernels.name
        self._given = interface
        self._source = kernels
        self._bound = dict(bound or {})
        self._entry = entry
        self._given_prepare = prepare

    # -- what it is

    @cached_property
    def interface(self) -> dict[str, Any]:
        """The interface as a plain literal, as the generated file carries it."""
        return dict(self._given() if callable(self._given) else self._given)

    @cached_property
    def _face(self) -> Interface:
        return read_interface(self.interface)

    @cached_property
    def _kernels(self) -> Kernels:
        return kernels_of(self._source)

    @cached_property
    def _requests(self) -> dict[tuple[str, object], tuple[Request, bool]]:
        return {}

    @cached_property
    def _prepare(self) -> Prepare | None:
        if self._given_prepare is not None or self._face.prepare is None:
            return self._given_prepare
        return resolve(self._face.prepare)

    def __repr__(self) -> str:
        return f"<loss {heading(self._face, self._bound)}>"

    @property
    def entry(self) -> Any:
        """The entry: the loss as it was written, traced. Imports SymPy."""
        return self._entry if self._entry is not None else doors.through("entry", self)

    @property
    def formula(self) -> Any:
        """The formula, a SymPy expression."""
        return doors.through("formula", self)

    def latex(self, what: str = "value") -> str:
        """Return the LaTeX of the "value", the "gradient" or the "hessian" (its diagonal)."""
        return doors.through("latex", self, what)

    def derive(self, wrt: str | None = None) -> Any:
        """Return the derivation of the gradient in `wrt`: steps, each of them checked."""
        return doors.through("derive", self, wrt)

    def source(self, target: str = "cpu") -> str:
        """Return the text of the generated kernel module for a target: "cpu", "cuda", ..."""
        return self._source.text(target)

    # -- evaluating it

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return the loss: a float, or with reduction="none" an array of the leading shape."""
        return self._answer(_VALUE, arguments, named).value

    def gradient(
        self, *arguments: Any, wrt: str | tuple[str, ...] | None = None, **named: Any
    ) -> Any:
        """Return the gradient with respect to `wrt`: an array, or a tuple for a tuple of names."""
        request, single = self._gradients("gradient", wrt)
        found = self._answer(request, arguments, named).derivatives
        return found[0] if single else tuple(found)

    def value_and_gradient(
        self, *arguments: Any, wrt: str | tuple[str, ...] | None = None, **named: Any
    ) -> tuple[Any, Any]:
        """Return the loss and what `gradient` returns, in one pass over memory."""
        request, single = self._gradients("value_and_gradient", wrt)
        value, found = self._answer(request, arguments, named)
        return value, found[0] if single else tuple(found)

    def derivatives(self, *arguments: Any, **named: Any) -> tuple[Any, Any, Any]:
        """Return the loss, the gradient and the Hessian diagonal, in one pass over memory."""
        value, (first, second) = self._answer(curved(self._face, (0, 1)), arguments, named)
        return value, first, second

    def gradient_and_hessian_diagonal(self, *arguments: Any, **named: Any) -> tuple[Any, Any]:
        """Return the gradient and the Hessian diagonal, as boosting libraries ask for them."""
        request = curved(self._face, (0, 1), value=False)
        first, second = self._answer(request, arguments, named).derivatives
        return first, second

    def hessian_diagonal(self, *arguments: Any, **named: Any) -> Any:
        """Return the diagonal of the Hessian, of the shape of the argument."""
        request = curved(self._face, (1,), value=False)
        return self._answer(request, arguments, named).derivatives[0]

    def hessian_vector_product(self, *arguments: Any, vector: Any, **named: Any) -> Any:
        """Return the Hessian times `vector`, both of the shape of the argument."""
        return self._answer(product(self._face), arguments, named, vector).derivatives[0]

    def hessian(self, *arguments: Any, **named: Any) -> Any:
        """Return the Hessian of each row: (..., k, k), or the shape of an argument without axes.

        One Hessian-vector product for each number of a row. The axes must lie last.
        """
        return dense(self, arguments, named)

    @property
    def metric(self) -> Metric:
        """The `(y_true, y_pred)` face; smaller is better."""
        return Metric(self)

    # -- making others of it

    def bind(self, **parameters: Any) -> Loss:
        """Return this loss with its parameters fixed: picklable, what adapters take.

        A bound parameter is a new default: it may be bound, or given in a call, again.
        """
        check_parameters(self._face, parameters)
        for argument in self._face.shared:
            if argument.scalar and argument.name in parameters:
                parameter(self.name, argument, parameters[argument.name], np.dtype(np.float64))
        return self._with({**self._bound, **parameters})

    def rename(self, **names: str) -> Loss:
        """Return this loss with other names for its arguments: `rename(target="mask")`."""
        return doors.through("rename", self, **names)

    def over(self, *arguments: Any, **named: Any) -> Loss:
        """Return the mean of this pointwise loss over an axis, `over(k)`, or another fold."""
        return doors.through("over", self, *arguments, **named)

    def with_link(self, link: str) -> Loss:
        """Return this loss as a function of the argument of a link: `with_link("logit")`."""
        return doors.through("with_link", self, link)

    def __add__(self, other: Any) -> Loss:
        return doors.through("add", self, other) if isinstance(other, Loss) else NotImplemented

    def __mul__(self, factor: Any) -> Loss:
        return doors.through("multiply", self, factor)

    __rmul__ = __mul__

    def _with(self, bound: Mapping[str, object]) -> Loss:
        return Loss(
            self._given, self._source,
            bound=bound, entry=self._entry, prepare=self._given_prepare,
        )  # fmt: skip

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self.interface, self._source, self._bound, self._given_prepare)

    # -- machinery

    def _answer(
        self,
        request: Request,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        vector: object = None,
    ) -> Answer:
        options = _options(named)
        face = self._face
        values = collect(face, arguments, named, self._bound)
        if _on_device(values[0]):
            from . import device

            return device.answer(
                face, self._source, self._prepare, request, values, options, vector
            )
        return answer(face, self._kernels, self._prepare, request, values, options, vector)

    def _gradients(self, form: str, wrt: object) -> tuple[Request, bool]:
        """Return the request for gradients, and whether one array (not a tuple) is the answer."""
        try:
            return self._requests[form, wrt]
        except (KeyError, TypeError):
            found = gradients(self._face, form, wrt)
            self._requests[form, tuple(wrt) if isinstance(wrt, list) else wrt] = found
            return found


class _Described:
    """An attribute computed for a loss; the class itself keeps `own`."""

    def __init__(self, describe: Callable[[Loss], Any], own: str | None) -> None:
        self.describe = describe
        self.own = own

    def __get__(self, loss: Loss | None, owner: type[Loss]) -> Any:
        return self.own if loss is None else self.describe(loss)


def _documentation(loss: Loss) -> str:
    return documentation(loss.interface, loss._face, loss._bound)


def _signature(loss: Loss) -> Signature:
    return signature(loss._face, loss._bound)


# Descriptors, so that help(huber) and inspect.signature(huber) are true and cost nothing before.
Loss.__doc__ = _Described(_documentation, Loss.__doc__)  # type: ignore[assignment]
Loss.__signature__ = _Described(_signature, None)  # type: ignore[attr-defined]


_VALUE = Request("value")


def user_loss(entry: Any, interface: Callable[[Any], Literal]) -> Loss:
    """Return the loss of an entry, whose interface and kernels are made when they are needed."""
    kernels = LateKernels(entry.name, lambda: doors.through("kernels", entry))
    return Loss(lambda: interface(entry), kernels, entry=entry, prepare=entry.prepare)


def _restore(
    interface: Literal,
    kernels: KernelSource,
    bound: Mapping[str, object],
    prepare: Prepare | None,
) -> Loss:
    return Loss(interface, kernels, bound=bound, prepare=prepare)


def _options(named: dict[str, Any]) -> Options:
    """Take the keywords that every loss has out of `named`."""
    taken = {name: named.pop(name) for name in _OPTIONS if name in named} if named else None
    return Options(**taken) if taken else DEFAULT


_OPTIONS = Options._fields


def _on_device(values: list[object]) -> bool:
    for value in values:
        kind = type(value)
        if kind is np.ndarray or kind is float or kind is int:
            continue
        if hasattr(value, "__cuda_array_interface__") or hasattr(value, "__cuda_ndarray__"):
            return True
    return False
