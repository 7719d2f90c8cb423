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
    z = let("z", (prediction - target) / sqrt(variance))
    return (log(variance) + z**2) / 2


@loss(source=_DEVIANCE, aliases=("mean_poisson_deviance",))
def poisson_deviance(prediction: Positive, target: NonNegative):
    """Twice the log-likelihood that a Poisson mean loses to the observed count."""
    return 2 * (xlogy(target, target / prediction) - target + prediction)
