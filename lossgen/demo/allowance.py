"""A food allowance that is too small costs three times one that is too large."""

from lossgen.language import *


@loss(notation={"prediction": "p", "target": "y"})
def allowance(prediction: Real, target: Real, *, penalty: Positive = 3.0, width: Positive = 20.0):
    """The error, times `penalty` where too small; smooth within `width`."""
    excess = let("excess", prediction - target)
    price = let("price", Piecewise((penalty, excess < 0), (1, True)))
    return price * width * (sqrt(1 + (excess / width) ** 2) - 1)
