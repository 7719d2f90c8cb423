"""Functions of real numbers at any precision, in plain mathematics; what has no value is NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf

# e to more than this is infinite here: mpmath would try to write it out.
_HUGE = mpf(2) ** 40
_ZERO = mpf(0)
_SMALL = 8


def power(base: Any, exponent: Any) -> Any:
    """Return base to the exponent, an infinity where it is out of all bounds."""
    if mp.isnan(base) or mp.isnan(exponent):
        return mp.nan
    if exponent == 0 or base == 1:
        return mpf(1)
    if base == 0:
        return _ZERO if exponent > 0 else mpf("inf")
    whole = mp.isint(exponent)
    if whole and abs(exponent) <= _SMALL and mp.isfinite(base):
        return base ** int(exponent)  # as most powers are: no logarithm to see how large it is
    if base < 0 and not whole:
        return mp.nan
    size = exponential(exponent * mp.log(abs(base)))
    if mp.isinf(size) or size == 0 or mp.isinf(base):
        return size if base > 0 or not whole or int(exponent) % 2 == 0 else -size
    return mp.power(base, int(exponent) if whole else exponent)


def exponential(argument: Any) -> Any:
    """Return e to the argument, 0 or an infinity where it is out of all bounds."""
    if argument > _HUGE:
        return mpf("inf")
    return _ZERO if argument < -_HUGE else mp.exp(argument)


def _log(argument: Any) -> Any:
    if argument == 0:
        return mpf("-inf")
    return mp.log(argument) if argument > 0 else mp.nan


def _within_one(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda argument: function(argument) if abs(argument) <= 1 else mp.nan


def _sinh(x: Any) -> Any:
    return (exponential(x) - exponential(-x)) / 2


def _cosh(x: Any) -> Any:
    return (exponential(x) + exponential(-x)) / 2


def _tanh(x: Any) -> Any:
    small = exponential(-2 * abs(x))
    return mp.sign(x) * (1 - small) / (1 + small)


def _sech2(x: Any) -> Any:
    small = exponential(-2 * abs(x))
    return 4 * small / (1 + small) ** 2


def _times(x: Any, y: Any) -> Any:
    return _ZERO if x == 0 else x * y


def _moment(x: Any, n: Any) -> Any:
    # e^x times the same integral at -x, whose integrand decays
    found = mp.hyp1f1(1, n + 2, -x) / (n + 1)
    return found * exponential(x)


def _boxcox(x: Any, a: Any) -> Any:
    return _log(x) if a == 0 else (power(x, a) - 1) / a


def _hazard(x: Any) -> Any:
    return mp.sqrt(2 / mp.pi) * exponential(-x * x / 2) / _erfc(-x / mp.sqrt(2))


def _erfc(x: Any) -> Any:
    return mp.erfc(x) if abs(x) < _HUGE else mpf(2 * (x < 0))


def _bessel_ratio(x: Any) -> Any:
    return mp.besseli(1, x) / mp.besseli(0, x)


def _bessel_ratio_slope(x: Any) -> Any:
    mean = _bessel_ratio(x)
    return 1 - mean / x - mean**2 if x else mpf(1) / 2


def _log_ratio_to_mean(x: Any, y: Any) -> Any:
    return _log(2 * x * power(x + y, mpf(-1)))


def _beta_divergence(x: Any, y: Any, b: Any) -> Any:
    if b == 0:
        return x / y - _log(x / y) - 1
    if b == 1:
        return _times(x, _log(x / y)) - x + y
    first = power(x, b) / (b * (b - 1))
    return first - _times(x, power(y, b - 1)) / (b - 1) + power(y, b) / b


FUNCTIONS: dict[str, Callable[..., Any]] = {
    # plain
    "exp": exponential,
    "log": _log,
    "Abs": abs,
    "sign": mp.sign,
    "Max": max,
    "Min": min,
    # trigonometric and hyperbolic
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": _within_one(mp.asin),
    "acos": _within_one(mp.acos),
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "erf": mp.erf,
    "erfc": _erfc,
    # gamma and Bessel functions
    "loggamma": lambda x: mp.loggamma(x) if x > 0 else mp.nan,
    "digamma": lambda x: mp.psi(0, x),
    "trigamma": lambda x: mp.psi(1, x),
    "tetragamma": lambda x: mp.psi(2, x),
    "polygamma": lambda n, x: mp.psi(int(n), x),
    "besseli": mp.besseli,
    "i0e": lambda x: exponential(-abs(x)) * mp.besseli(0, x),
    "i1e": lambda x: exponential(-abs(x)) * mp.besseli(1, x),
    "log_i0": lambda x: mp.log(mp.besseli(0, x)),
    "bessel_ratio": _bessel_ratio,
    "bessel_ratio_slope": _bessel_ratio_slope,
    # atoms, in plain mathematics
    "softplus": lambda x: max(x, _ZERO) + mp.log(1 + exponential(-abs(x))),
    "sigmoid": lambda x: 1 / (1 + exponential(-x)),
    "log1p": lambda x: _log(1 + x),
    "expm1": lambda x: exponential(x) - 1,
    "log1mexp": lambda x: _log(1 - exponential(-x)),
    "reciprocal_expm1": lambda x: power(exponential(x) - 1, mpf(-1)),
    "log1pmx": lambda x: _log(1 + x) - x,
    "over_one_plus": lambda x: x / (1 + x),
    "expm1mx": lambda x: exponential(x) - 1 - x,
    "versine": lambda x: 1 - mp.cos(x),
    "logaddexp": lambda x, y: max(x, y) + mp.log(1 + exponential(-abs(x - y))),
    "exp_moment": _moment,
    "boxcox": _boxcox,
    "boxcox1p": lambda x, a: _boxcox(1 + x, a),
    "beta_divergence": _beta_divergence,
    "sigmoid_power": lambda x, a: power(1 + exponential(-x), -a),
    "log_ndtr": lambda x: mp.log(_erfc(-x / mp.sqrt(2)) / 2),
    "normal_hazard": _hazard,
    "hazard_excess": lambda x: x + _hazard(x),
    "log_cosh": lambda x: abs(x) + mp.log((1 + exponential(-2 * abs(x))) / 2),
    "sech2": _sech2,
    "hypot1m1": lambda x: mp.sqrt(1 + x * x) - 1,
    "over_hypot": lambda x: x / mp.sqrt(1 + x * x),
    "inverse_hypot_cubed": lambda x: power(1 + x * x, mpf(-3) / 2),
    "log_hypot1": lambda x: mp.log1p(x * x) / 2,
    "over_one_plus_square": lambda x: x / (1 + x * x),
    "over_one_plus_square_slope": lambda x: (1 - x * x) / (1 + x * x) ** 2,
    "hypot": lambda x, y: mp.sqrt(x**2 + y**2),
    "xlogy": lambda x, y: _times(x, _log(y)),
    "xlog1py": lambda x, y: _times(x, _log(1 + y)),
    "log_ratio": lambda x, y: _log(_times(x, power(y, mpf(-1)))),
    "relative_entropy": lambda x, y: _times(x, _log(_times(x, power(y, mpf(-1))))),
    "log_ratio_to_mean": _log_ratio_to_mean,
    "to_mean_slope": lambda x, y: _log_ratio_to_mean(x, y) + _times(y, power(x + y, mpf(-1))),
    "relative_entropy_to_mean": lambda x, y: _times(x, _log_ratio_to_mean(x, y)),
    "product": lambda x, y: _times(x, y),
    "ratio": lambda x, y: _times(x, power(y, mpf(-1))),
    "share": lambda x, y: exponential(x - y),
    "stop_gradient": lambda x: x,
    "count": lambda *sizes: max(mpf(1), mp.fprod(sizes)),
}
