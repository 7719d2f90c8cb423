"""A food allowance that is too small costs three times as much as one that is too large."""

from lossgen.language import *


@loss
def allowance(prediction: Real, target: Real, *, penalty: Positive = 3.0, width: Positive = 20.0):
    """Slope -penalty where too little is given, 1 where too much; round over `width` francs."""
    short = let("short", target - prediction)
    bend = log(1 + exp(short / width - log(penalty))) - log(1 + 1 / penalty)
    return (1 + penalty) * width * bend - short
