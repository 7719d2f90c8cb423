"""Negative log-likelihoods and deviances of regression and survival models, one number a row."""

from lossgen.language import *

_DEVIANCE = "Nelder and Wedderburn (1972), J. R. Stat. Soc. A 135(3):370-384"


@loss(
    source="Nix and Weigend (1994), Estimating the mean and variance, Proc. ICNN 1:55-60",
    aliases=("gaussian_nll_loss", "heteroscedastic_gaussian"),
    notes="Without the constant log(2 pi) / 2.",
)
def gaussian_nll(prediction: Real, target: Real, variance: Positive):
    """Negative log-likelihood of a normal distribution with a predicted mean and variance."""
    return (log(variance) + (prediction - target) ** 2 / variance) / 2


@loss(source=_DEVIANCE, aliases=("mean_poisson_deviance",))
def poisson_deviance(prediction: Positive, target: NonNegative):
    """Twice the log-likelihood that a Poisson mean loses to the observed count."""
    return 2 * (xlogy(target, target / prediction) - target + prediction)


@loss(source=_DEVIANCE, aliases=("mean_gamma_deviance",))
def gamma_deviance(prediction: Positive, target: Positive):
    """Twice the log-likelihood that a gamma mean loses to the observation, for shape 1."""
    return 2 * (target / prediction - log(target / prediction) - 1)


@loss(
    source="Jorgensen (1987), J. R. Stat. Soc. B 49(2):127-162",
    aliases=("mean_tweedie_deviance", "tweedie"),
    notes="Targets of 0 have a finite deviance for powers below 2.",
)
def tweedie_deviance(prediction: Positive, target: NonNegative, *, power: Real = 1.5):
    """Deviance of a variance that is a power of the mean: 0 normal, 1 Poisson, 2 gamma."""
    p = power
    return 2 * Piecewise(
        (xlogy(target, target / prediction) - target + prediction, Eq(p, 1)),
        (target / prediction - log(target / prediction) - 1, Eq(p, 2)),
        (
            target ** (2 - p) / ((1 - p) * (2 - p))
            - target * prediction ** (1 - p) / (1 - p)
            + prediction ** (2 - p) / (2 - p),
            True,
        ),
    )


@loss(
    source="Lawless (1987), Negative binomial and mixed Poisson regression, Canad. J. Statist. "
    "15(3):209-225",
    aliases=("negative_binomial", "nb2_nll"),
    notes="The variance is prediction + prediction**2 / dispersion; large dispersion is Poisson.",
)
def negative_binomial_nll(prediction: Positive, target: NonNegative, *, dispersion: Positive = 1.0):
    """Negative log-likelihood of a count whose Poisson rate is gamma-distributed."""
    k = dispersion
    total = let("total", k + prediction)
    binomial = loggamma(target + k) - loggamma(k) - loggamma(target + 1)
    return -binomial - k * log(k / total) - xlogy(target, prediction / total)


@loss(
    source="Wei (1992), The accelerated failure time model, Statist. Med. 11:1871-1879",
    aliases=("aft_right_censored",),
    notes="What XGBoost's survival:aft minimises for right-censored times, without its floor.",
)
def aft_normal_right_censored(prediction: Real, time: Positive, *, sigma: Positive = 1.0):
    """Negative log-probability that a log-normal lifetime exceeds the observed time."""
    return -log_ndtr((prediction - log(time)) / sigma)


@loss(
    source="McCullagh (1980), Regression models for ordinal data, J. R. Stat. Soc. B 42(2):109-142",
    aliases=("cumulative_logit", "proportional_odds", "interval_censored_logistic"),
)
def ordinal_logistic_interval(predictor: Real, lower: Real, upper: Real):
    """Negative log-probability that a logistic variable around the predictor is in an interval."""
    return -log(sigmoid(upper - predictor) - sigmoid(lower - predictor))
