"""The stable atoms: functions with accurate kernels, closed under differentiation.

What each means in plain mathematics is in the table `functions.DEFINITIONS`.
"""

from __future__ import annotations

from sympy import Function


class _Atom(Function):
    """A real function of real arguments without automatic rewriting."""

    is_real = True
    is_commutative = True


class softplus(_Atom):
    """log(1 + e^x)."""

    is_positive = True


class sigmoid(_Atom):
    """1 / (1 + e^-x)."""

    is_positive = True


class log1p(_Atom):
    """log(1 + x)."""


class expm1(_Atom):
    """e^x - 1."""


class log1mexp(_Atom):
    """log(1 - e^-x), for x > 0."""

    is_nonpositive = True


class reciprocal_expm1(_Atom):
    """1 / (e^x - 1)."""


class log1pmx(_Atom):
    """log(1 + x) - x."""

    is_nonpositive = True


class over_one_plus(_Atom):
    """x / (1 + x)."""


class expm1mx(_Atom):
    """e^x - 1 - x."""

    is_nonnegative = True


class versine(_Atom):
    """1 - cos(x)."""

    is_nonnegative = True


class logaddexp(_Atom):
    """log(e^x + e^y)."""


class exp_moment(_Atom):
    """The integral of s^n e^(s x) over s from 0 to 1, n being a literal integer.

    At n = 0 that is (e^x - 1) / x, and 1 at x = 0.
    """

    is_positive = True


class boxcox(_Atom):
    """(x^a - 1) / a, and its limit log x at a = 0, for x >= 0."""


class boxcox1p(_Atom):
    """((1 + x)^a - 1) / a, and its limit log(1 + x) at a = 0, for x >= -1."""


class beta_divergence(_Atom):
    """(x^b - b x y^(b-1) + (b-1) y^b) / (b (b-1)) and its limits at b = 0 and 1, for x >= 0, y > 0.

    Half the squared difference at b = 2, x log(x / y) - x + y at 1, x / y - log(x / y) - 1 at 0.
    """

    is_nonnegative = True


class sigmoid_power(_Atom):
    """sigmoid(x)^a."""

    is_positive = True


class log_cosh(_Atom):
    """log(cosh x)."""

    is_nonnegative = True


class sech2(_Atom):
    """1 / cosh(x)^2."""

    is_nonnegative = True


class hypot(_Atom):
    """sqrt(x^2 + y^2)."""

    is_nonnegative = True


class hypot1m1(_Atom):
    """sqrt(1 + x^2) - 1."""

    is_nonnegative = True


class over_hypot(_Atom):
    """x / sqrt(1 + x^2)."""


class inverse_hypot_cubed(_Atom):
    """(1 + x^2)^(-3/2)."""

    is_positive = True


class log_hypot1(_Atom):
    """log sqrt(1 + x^2)."""

    is_nonnegative = True


class over_one_plus_square(_Atom):
    """x / (1 + x^2)."""


class over_one_plus_square_slope(_Atom):
    """(1 - x^2) / (1 + x^2)^2."""


class log_ndtr(_Atom):
    """log Phi(x), where Phi is the distribution function of the standard normal."""

    is_nonpositive = True


class normal_hazard(_Atom):
    """phi(x) / Phi(x): the density of the standard normal over its distribution function."""

    is_positive = True


class hazard_excess(_Atom):
    """x + phi(x) / Phi(x)."""

    is_positive = True


class digamma(_Atom):
    """The slope of log Gamma(x); polygamma(0, x) of SymPy."""


class trigamma(_Atom):
    """The derivative of digamma; polygamma(1, x) of SymPy."""

    is_positive = True


class tetragamma(_Atom):
    """The second derivative of digamma; polygamma(2, x) of SymPy."""


class i0e(_Atom):
    """e^-|x| I0(x), I0 being the modified Bessel function of order 0."""

    is_positive = True


class i1e(_Atom):
    """e^-|x| I1(x), I1 being the modified Bessel function of order 1."""


class log_i0(_Atom):
    """log I0(x)."""

    is_nonnegative = True


class bessel_ratio(_Atom):
    """I1(x) / I0(x): the slope of log I0, and the mean cosine of von Mises."""


class bessel_ratio_slope(_Atom):
    """1 - A / x - A^2, where A = I1(x) / I0(x), and 1/2 at 0: the slope of A."""

    is_positive = True


class xlogy(_Atom):
    """x log y, and 0 where x is 0 whatever y is."""


class xlog1py(_Atom):
    """x log(1 + y), and 0 where x is 0 whatever y is."""


class product(_Atom):
    """x y, and 0 where x is 0 whatever y is: a weight of 0 takes no part."""


class ratio(_Atom):
    """x / y, and 0 where x is 0 whatever y is: the slope of x log y."""


class log_ratio(_Atom):
    """log(x / y)."""


class relative_entropy(_Atom):
    """x log(x / y), and 0 where x is 0 whatever y is."""


class log_ratio_to_mean(_Atom):
    """log(2 x / (x + y))."""


class relative_entropy_to_mean(_Atom):
    """x log(2 x / (x + y)), and 0 where x is 0 whatever y is."""


class share(_Atom):
    """e^(x - y), where y is a log-sum-exp of terms such as x: the softmax weight of one term.

    Further arguments are the indices of the term in the fold, and say which term it is.
    """

    is_nonnegative = True


class to_mean_slope(_Atom):
    """log(2 x / (x + y)) + y / (x + y): the slope of the relative entropy to the mean."""


class stop_gradient(_Atom):
    """x, held constant under differentiation."""


class square_scale(_Atom):
    """A power of two that moves numbers with a sum of squares x to the middle of the range.

    It belongs to no formula: kernels are given it where a norm is taken.
    """

    is_positive = True


class outer_product(_Atom):
    """x y s z, an element of an outer product times two numbers whose product is near 1 / |x|.

    It belongs to no formula: neither x y nor s z is in range where x y s z is.
    """


class continued(_Atom):
    """The n-th derivative of a curve at x: of a quotient that is 0/0 at 0, with its limit there.

    It belongs to no formula: the stabiliser puts it where such a quotient stands.
    """


class rational(_Atom):
    """P(x) / Q(x) of degree 8: the 9 coefficients of P from the lowest on, and those of Q but 1.

    It belongs to no formula: kernels compute a curve near its removable singularity by it.
    """


class count(_Atom):
    """max(1, n1 n2 ...): what a mean over axes divides by, so that an empty mean is 0."""

    is_positive = True
    is_integer = True


__all__ = [
    "bessel_ratio",
    "bessel_ratio_slope",
    "beta_divergence",
    "boxcox",
    "boxcox1p",
    "continued",
    "count",
    "digamma",
    "exp_moment",
    "expm1",
    "expm1mx",
    "hazard_excess",
    "hypot",
    "hypot1m1",
    "i0e",
    "i1e",
    "inverse_hypot_cubed",
    "log1mexp",
    "log1p",
    "log1pmx",
    "log_cosh",
    "log_hypot1",
    "log_i0",
    "log_ndtr",
    "log_ratio",
    "log_ratio_to_mean",
    "logaddexp",
    "normal_hazard",
    "outer_product",
    "over_hypot",
    "over_one_plus",
    "over_one_plus_square",
    "over_one_plus_square_slope",
    "product",
    "ratio",
    "rational",
    "reciprocal_expm1",
    "relative_entropy",
    "relative_entropy_to_mean",
    "sech2",
    "share",
    "sigmoid",
    "sigmoid_power",
    "softplus",
    "stop_gradient",
    "tetragamma",
    "to_mean_slope",
    "trigamma",
    "versine",
    "xlog1py",
    "xlogy",
]
