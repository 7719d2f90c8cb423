"""Losses of a residual: what regression minimises."""

from lossgen.language import *


@loss(aliases=("mse", "mean_squared_error", "quadratic", "least_squares", "lse"))
def squared_error(prediction: Real, target: Real):
    """Squared residual."""
    return (prediction - target) ** 2


@loss(aliases=("mae", "mean_absolute_error", "l1_loss", "lad", "lae"))
def absolute_error(prediction: Real, target: Real):
    """Absolute residual; its minimiser is the median."""
    return Abs(prediction - target)


@loss(source="Huber (1964), Ann. Math. Statist. 35(1):73-101", aliases=("huber_loss",))
def huber(prediction: Real, target: Real, *, delta: Positive = 1.0):
    """Quadratic for small residuals, linear for large ones."""
    r = let("r", Abs(prediction - target))
    return Piecewise((r**2 / 2, r <= delta), (delta * (r - delta / 2), True))


@loss(source="Girshick (2015), Fast R-CNN, eq. 3", aliases=("smooth_l1_loss",))
def smooth_l1(prediction: Real, target: Real, *, beta: Positive = 1.0):
    """Huber loss divided by its threshold: slope 1 for large residuals, whatever beta is."""
    r = let("r", Abs(prediction - target))
    return Piecewise((r**2 / (2 * beta), r <= beta), (r - beta / 2, True))


@loss(
    source="Charbonnier et al. (1994), ICIP 2:168-172",
    aliases=("soft_l1", "charbonnier_scaled", "reg_pseudohubererror"),
)
def pseudo_huber(prediction: Real, target: Real, *, delta: Positive = 1.0):
    """Huber loss without a kink in the second derivative."""
    r = let("r", prediction - target)
    return delta**2 * (sqrt(1 + (r / delta) ** 2) - 1)


@loss(aliases=("logcosh",))
def log_cosh(prediction: Real, target: Real):
    """Logarithm of the hyperbolic cosine: half the square when small, the magnitude when large."""
    return log(cosh(prediction - target))


@loss(
    source="Koenker and Bassett (1978), Econometrica 46(1):33-50",
    aliases=("quantile", "quantile_loss", "check_loss", "tilted_l1"),
)
def pinball(prediction: Real, target: Real, *, quantile: OpenUnit = 0.5):
    """Tilted absolute residual; its minimiser is a quantile."""
    u = let("u", target - prediction)
    return Piecewise((quantile * u, u > 0), ((quantile - 1) * u, u < 0), (0, True))


@loss(
    source="Zellner (1986), J. Amer. Statist. Assoc. 81(394):446-451",
    aliases=("linear_exponential",),
)
def linex(prediction: Real, target: Real, *, a: Real = 1.0, b: Positive = 1.0):
    """Nearly exponential on the side of the sign of a, nearly linear on the other."""
    r = let("r", prediction - target)
    return b * (exp(a * r) - a * r - 1)
