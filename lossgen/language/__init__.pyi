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
bessel_product: _Formula
ratio: _Formula
bessel_ratio_slope: _Formula
beta_divergence: _Formula
boxcox: _Formula
boxcox1p: _Formula
cos: _Formula
cosh: _Formula
digamma: _Formula
erf: _Formula
erfc: _Formula
exp: _Formula
exp_moment: _Formula
expm1: _Formula
expm1mx: _Formula
hazard_excess: _Formula
hypot: _Formula
hypot1m1: _Formula
i0e: _Formula
i1e: _Formula
inverse_hypot_cubed: _Formula
log: _Formula
log1mexp: _Formula
log1p: _Formula
log1pmx: _Formula
log_cosh: _Formula
log_diff_sigmoid: _Formula
log_i0: _Formula
log_ndtr: _Formula
log_ratio: _Formula
log_ratio_to_mean: _Formula
log_sigmoid: _Formula
logaddexp: _Formula
loggamma: _Formula
normal_hazard: _Formula
over_hypot: _Formula
over_one_plus: _Formula
pi: Any
reciprocal_expm1: _Formula
relative_entropy: _Formula
relative_entropy_to_mean: _Formula
sech2: _Formula
sigmoid: _Formula
sigmoid_power: _Formula
sign: _Formula
sin: _Formula
sinh: _Formula
softplus: _Formula
sqrt: _Formula
square: _Formula
stop_gradient: _Formula
tan: _Formula
tanh: _Formula
tetragamma: _Formula
trigamma: _Formula
versine: _Formula
xlog1py: _Formula
xlogy: _Formula
