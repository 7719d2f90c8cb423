"""Losses of adversarial training, on logits of the discriminator."""

from lossgen.language import *

_SOURCE = "Goodfellow et al. (2014), Generative adversarial nets, eq. 1"


@loss(source=_SOURCE, wrt=("real_logit", "fake_logit"), aliases=("gan_discriminator",))
def gan_minimax_discriminator(real_logit: Real, fake_logit: Real):
    """Cross-entropy of calling the real sample real and the generated one fake."""
    return softplus(-real_logit) + softplus(fake_logit)


@loss(source=_SOURCE, aliases=("gan_saturating_generator",))
def gan_minimax_generator(fake_logit: Real):
    """Log-probability that the generated sample is called fake; saturates when it is."""
    return -softplus(fake_logit)


@loss(source=_SOURCE + ", the alternative of sec. 3", aliases=("gan_generator",))
def gan_non_saturating_generator(fake_logit: Real):
    """Cross-entropy of having the generated sample called real."""
    return softplus(-fake_logit)
