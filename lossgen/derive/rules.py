"""The derivative of each scalar function, as one table, and the conventions at kinks.

A row holds, for each argument of the function, the partial derivative as a formula in the same
vocabulary, so that it can be differentiated again. At kinks: |x| has slope 0 at 0, Max and Min
share a tie equally, but have slope 0 against a constant (the hinge), and sqrt has slope 0 at 0
unless its argument is a bare symbol (the norm of the zero vector).
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Abs,
    And,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    Or,
    Piecewise,
    Pow,
    S,
    Symbol,
    acos,
    asin,
    atan,
    atan2,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    loggamma,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language.functions import (
    bessel_ratio,
    bessel_ratio_slope,
    beta_divergence,
    boxcox,
    boxcox1p,
    continued,
    count,
    digamma,
    exp_moment,
    expm1,
    expm1mx,
    hazard_excess,
    hypot,
    hypot1m1,
    i0e,
    i1e,
    inverse_hypot_cubed,
    log1mexp,
    log1p,
    log1pmx,
    log_cosh,
    log_hypot1,
    log_i0,
    log_ndtr,
    log_ratio,
    log_ratio_to_mean,
    logaddexp,
    normal_hazard,
    over_hypot,
    over_one_plus,
    over_one_plus_square,
    over_one_plus_square_slope,
    product,
    ratio,
    reciprocal_expm1,
    relative_entropy,
    relative_entropy_to_mean,
    sech2,
    share,
    sigmoid,
    sigmoid_power,
    softplus,
    square_scale,
    stop_gradient,
    tetragamma,
    to_mean_slope,
    trigamma,
    versine,
    xlog1py,
    xlogy,
)  # fmt: skip
from lossgen.language.symbols import Element

Partial = Callable[..., Expr]


def _zero(*_: Expr) -> Expr:
    return S.Zero


def _in_direction(x: Expr, length: Expr) -> Expr:
    return Piecewise((x / length, Gt(length, 0)), (S.Zero, True))


def _bend(logarithm: Expr, a: Expr, inside: Expr) -> Expr:
    # of (e^(a l) - 1) / a in a; as l goes to -oo, of -1 / a
    slope = logarithm**2 * exp_moment(a * logarithm, 1)
    return Piecewise((slope, inside), (a**-2, True))


def _rise(x: Expr, y: Expr, a: Expr) -> Expr:
    # (x^a - y^a) / a, whose limit at a = 0 overflows later than the quotient x / y
    if a == 0:
        return log_ratio(x, y)
    near = boxcox1p((x - y) / y, a)
    return y**a * Piecewise((near, Gt(2 * x, y)), (boxcox(x / y, a), True))


def _shift(x: Expr, y: Expr, b: Expr) -> Expr:
    # of the beta divergence in b; the limits at 0 and 1 are not written out: b is a parameter
    first = x**b * (log(x) - 1 / b - 1 / (b - 1)) / (b * (b - 1))
    second = x * y ** (b - 1) * (log(y) - 1 / (b - 1)) / (b - 1)
    return first - second + y**b * (log(y) - 1 / b) / b


def _bessel_bend(x: Expr) -> Expr:
    mean, slope = bessel_ratio(x), bessel_ratio_slope(x)
    return Piecewise((S.Zero, Eq(x, 0)), (mean / x**2 - slope / x - 2 * mean * slope, True))


PARTIALS: dict[type[Function], tuple[Partial, ...]] = {
    # kinks
    Abs: (lambda x: sign(x),),
    sign: (_zero,),
    # exponential family
    exp: (lambda x: exp(x),),
    expm1: (lambda x: exp(x),),
    log: (lambda x: 1 / x,),
    log1p: (lambda x: 1 / (1 + x),),
    softplus: (lambda x: sigmoid(x),),
    sigmoid: (lambda x: sigmoid(x) * sigmoid(-x),),
    share: (lambda x, y, *at: share(x, y, *at), lambda x, y, *at: -share(x, y, *at)),
    # products with a logarithm, 0 where the factor is 0
    xlogy: (lambda x, y: log(y), lambda x, y: ratio(x, y)),
    xlog1py: (lambda x, y: log1p(y), lambda x, y: ratio(x, 1 + y)),
    product: (lambda x, y: y, lambda x, y: x),
    ratio: (lambda x, y: 1 / y, lambda x, y: -ratio(ratio(x, y), y)),
    log_ratio: (lambda x, y: 1 / x, lambda x, y: -1 / y),
    relative_entropy: (lambda x, y: 1 + log_ratio(x, y), lambda x, y: -ratio(x, y)),
    log_ratio_to_mean: (lambda x, y: ratio(ratio(y, x + y), x), lambda x, y: -1 / (x + y)),
    relative_entropy_to_mean: (
        lambda x, y: to_mean_slope(x, y),
        lambda x, y: -ratio(x, x + y),
    ),
    to_mean_slope: (
        lambda x, y: ratio(ratio(y, x + y) ** 2, x),
        lambda x, y: -ratio(ratio(y, x + y), x + y),
    ),
    # differences from 1, from a first term, from a limit
    log1mexp: (lambda x: reciprocal_expm1(x),),
    reciprocal_expm1: (lambda x: reciprocal_expm1(x) * reciprocal_expm1(-x),),
    log1pmx: (lambda x: -over_one_plus(x),),
    over_one_plus: (lambda x: (1 + x) ** -2,),
    expm1mx: (lambda x: expm1(x),),
    versine: (lambda x: sin(x),),
    continued: (lambda x, n, curve: continued(x, n + 1, curve), _zero, _zero),
    logaddexp: (lambda x, y: sigmoid(x - y), lambda x, y: sigmoid(y - x)),
    exp_moment: (lambda x, n: exp_moment(x, n + 1), _zero),
    boxcox: (lambda x, a: x ** (a - 1), lambda x, a: _bend(log(x), a, Gt(x, 0))),
    boxcox1p: (lambda x, a: (1 + x) ** (a - 1), lambda x, a: _bend(log1p(x), a, Gt(x, -1))),
    beta_divergence: (
        lambda x, y, b: _rise(x, y, b - 1),
        lambda x, y, b: y ** (b - 1) * (1 - x / y),
        lambda x, y, b: _shift(x, y, b),
    ),
    sigmoid_power: (
        lambda x, a: a * sigmoid_power(x, a) * sigmoid(-x),
        lambda x, a: -softplus(-x) * sigmoid_power(x, a),
    ),
    hypot1m1: (lambda x: over_hypot(x),),
    over_hypot: (lambda x: inverse_hypot_cubed(x),),
    log_hypot1: (lambda x: over_one_plus_square(x),),
    over_one_plus_square: (lambda x: over_one_plus_square_slope(x),),
    over_one_plus_square_slope: (
        lambda x: (
            -2
            * over_one_plus_square(x)
            * (3 * over_one_plus_square_slope(x) + 2 * over_one_plus_square(x) ** 2)
        ),
    ),
    inverse_hypot_cubed: (lambda x: -3 * over_hypot(x) * inverse_hypot_cubed(x) / hypot(1, x),),
    # normal distribution
    log_ndtr: (lambda x: normal_hazard(x),),
    normal_hazard: (lambda x: -normal_hazard(x) * hazard_excess(x),),
    hazard_excess: (lambda x: 1 - normal_hazard(x) * hazard_excess(x),),
    # gamma function
    loggamma: (lambda x: digamma(x),),
    digamma: (lambda x: trigamma(x),),
    trigamma: (lambda x: tetragamma(x),),
    # Bessel functions
    i0e: (lambda x: i1e(x) - sign(x) * i0e(x),),
    i1e: (lambda x: i0e(x) * (bessel_ratio_slope(x) + bessel_ratio(x) ** 2) - sign(x) * i1e(x),),
    log_i0: (lambda x: bessel_ratio(x),),
    bessel_ratio: (lambda x: bessel_ratio_slope(x),),
    bessel_ratio_slope: (lambda x: _bessel_bend(x),),
    # hyperbolic
    sinh: (lambda x: cosh(x),),
    cosh: (lambda x: sinh(x),),
    tanh: (lambda x: sech2(x),),
    sech2: (lambda x: -2 * tanh(x) * sech2(x),),
    log_cosh: (lambda x: tanh(x),),
    # trigonometric
    sin: (lambda x: cos(x),),
    cos: (lambda x: -sin(x),),
    tan: (lambda x: 1 + tan(x) ** 2,),
    asin: (lambda x: 1 / sqrt((1 - x) * (1 + x)),),
    acos: (lambda x: -1 / sqrt((1 - x) * (1 + x)),),
    atan: (lambda x: 1 / (1 + x**2),),
    atan2: (lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2)),
    hypot: (lambda x, y: _in_direction(x, hypot(x, y)), lambda x, y: _in_direction(y, hypot(x, y))),
    # error function
    erf: (lambda x: 2 / sqrt(pi) * exp(-(x**2)),),
    erfc: (lambda x: -2 / sqrt(pi) * exp(-(x**2)),),
    # constants under differentiation
    stop_gradient: (_zero,),
}
CONSTANT: tuple[type[Function], ...] = (count, square_scale, stop_gradient)


def power_in_base(base: Expr, exponent: Expr) -> Expr:
    """Return the partial derivative of base**exponent in its base.

    Where the base is 0 and the exponent below 1 the slope is infinite, and 0 by convention unless
    the base is an argument itself: it has underflowed, or is the sum of squares of a zero vector,
    and what follows is 0 as well.
    """
    slope = exponent * base ** (exponent - 1)
    if base.is_positive:
        return slope
    if exponent == S.Half and (not isinstance(base, Symbol | Element) or _is_quantity(base)):
        return Piecewise((slope, Gt(base, 0)), (S.Zero, True))
    if not exponent.is_number:
        if isinstance(base, Symbol | Element) and not _is_quantity(base):
            return Piecewise((slope, Ne(exponent, 0)), (S.Zero, True))
        return Piecewise((slope, Or(Gt(base, 0), Ge(exponent, 1))), (S.Zero, True))
    return slope


def _is_quantity(base: Expr) -> bool:
    # A named sum of squares, for instance, is given as real; a NonNegative argument is not, by
    # its domain.
    symbol = base.array if isinstance(base, Element) else base
    return base.is_nonnegative is not True or symbol._assumptions_orig.get("real") is True


def power_in_exponent(base: Expr, exponent: Expr) -> Expr:
    """Return the partial derivative of base**exponent in its exponent, 0 where base is 0."""
    return Pow(base, exponent) * log(base)


def extremum(
    function: type[Max | Min], own: Expr, moving: tuple[Expr, ...], fixed: tuple[Expr, ...]
) -> Expr:
    """Return the slope of Max or Min in its argument `own`.

    A tie with another `moving` argument is shared equally; at a tie with a `fixed` one, which
    depends on no argument of the rows, the slope is 0, as that of the hinge max(z, 0).
    """
    beats, ties = (Gt, Ge) if function is Max else (Lt, Le)
    ahead = [beats(own, other) for other in fixed]
    if not moving:
        return Piecewise((S.One, And(*ahead)), (S.Zero, True))
    if len(moving) == 1 and not fixed:
        half = (S.Half, Eq(own, moving[0]))
        return Piecewise((S.One, beats(own, moving[0])), half, (S.Zero, True))
    number = 1 + sum((Piecewise((1, Eq(own, other)), (0, True)) for other in moving), S.Zero)
    return Piecewise(
        (1 / number, And(*ahead, *(ties(own, other) for other in moving))), (S.Zero, True)
    )
