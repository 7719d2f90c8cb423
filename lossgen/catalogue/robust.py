"""Robust losses of a residual: what M-estimators minimise, near half the square where it is small.

The defaults of c give 95% efficiency at the normal distribution, except for `barron`.
"""

from lossgen.language import *


@loss(
    source="Holland and Welsch (1977), Commun. Statist. Theory Methods 6(9):813-827",
    aliases=("lorentzian", "cauchy_loss"),
)
def cauchy(prediction: Real, target: Real, *, c: Positive = 2.385):
    """Negative log-likelihood of Cauchy errors: grows as the logarithm of the residual."""
    u = let("u", (prediction - target) / c)
    return c**2 / 2 * log(1 + u**2)


@loss(
    source="Dennis and Welsch (1978), Commun. Statist. Simul. Comput. 7(4):345-359",
    aliases=("leclerc", "correntropy"),
    notes="Barron (2019) scales it otherwise: 1 - exp(-u**2 / 2).",
)
def welsch(prediction: Real, target: Real, *, c: Positive = 2.985):
    """Bounded loss: large residuals all cost half of c squared."""
    u = let("u", (prediction - target) / c)
    return c**2 / 2 * (1 - exp(-(u**2)))


@loss(
    source="Fair (1974), Ann. Econ. Soc. Meas. 3(4):667-677",
    aliases=("fair_loss",),
    notes="fair_c of LightGBM and smoothness of CatBoost are c = 1.",
)
def fair(prediction: Real, target: Real, *, c: Positive = 1.3998):
    """Quadratic for small residuals, linear less a logarithm for large ones; convex."""
    u = let("u", Abs(prediction - target) / c)
    return c**2 * (u - log(1 + u))


@loss(
    source="Barron (2019), A general and adaptive robust loss function, CVPR, eq. 8",
    aliases=("general_robust", "adaptive_robust", "general_adaptive"),
)
def barron(prediction: Real, target: Real, *, alpha: Real = 1.0, c: Positive = 1.0):
    """A family: squared error at alpha = 2, pseudo-Huber at 1, Cauchy at 0, Geman-McClure at -2."""
    u = let("u", (prediction - target) / c)
    b = Abs(alpha - 2)
    return Piecewise(
        (u**2 / 2, Eq(alpha, 2)),
        (log(1 + u**2 / 2), Eq(alpha, 0)),
        (b / alpha * ((u**2 / b + 1) ** (alpha / 2) - 1), True),
    )
