# What a type checker should think of the language: a formula is made of anything. A domain stands
# for a number, so that `delta: Positive = 1.0` is right; a domain with axes needs
# @typing.no_type_check.
from collections.abc import Callable
from typing import Any, TypeAlias, overload

from lossgen.runtime import Loss

from .errors import LanguageError as LanguageError
from .loss import from_expression as from_expression
from .symbols import Index
from .symbols import axis as axis

Integer: TypeAlias = Any
Label: TypeAlias = Any
NonNegative: TypeAlias = Any
OpenUnit: TypeAlias = Any
Positive: TypeAlias = Any
Real: TypeAlias = Any
Sign: TypeAlias = Any
Unit: TypeAlias = Any

@overload
def loss(function: Callable[..., Any], /) -> Loss: ...
@overload
def loss(**options: Any) -> Callable[[Callable[..., Any]], Loss]: ...
def let(name: str, expression: Any, over: Index | tuple[Index, ...] = ()) -> Any: ...

_Formula: TypeAlias = Callable[..., Any]

LogSumExp: _Formula
MaxOver: _Formula
MeanOver: _Formula
MinOver: _Formula
SumOver: _Formula
Abs: _Formula
Add: _Formula
And: _Formula
E: Any
Eq: _Formula
Ge: _Formula
Gt: _Formula
Le: _Formula
Lt: _Formula
Max: _Formula
Min: _Formula
Ne: _Formula
Not: _Formula
Or: _Formula
Piecewise: _Formula
Pow: _Formula
Rational: _Formula
acos: _Formula
asin: _Formula
atan: _Formula
atan2: _Formula
cos: _Formula
cosh: _Formula
erf: _Formula
erfc: _Formula
exp: _Formula
expm1: _Formula
hypot: _Formula
log: _Formula
log1p: _Formula
log_cosh: _Formula
log_ratio: _Formula
log_sigmoid: _Formula
pi: Any
ratio: _Formula
relative_entropy: _Formula
sech2: _Formula
sigmoid: _Formula
sign: _Formula
sin: _Formula
sinh: _Formula
softplus: _Formula
sqrt: _Formula
square: _Formula
stop_gradient: _Formula
tan: _Formula
tanh: _Formula
xlog1py: _Formula
xlogy: _Formula
