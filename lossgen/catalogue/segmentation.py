"""Losses of segmentation: one value a map."""

from lossgen.language import *

k = axis("k")


@loss(
    source="Milletari, Navab and Ahmadi (2016), V-Net, sec. 3",
    aliases=("soft_dice", "dice_loss", "sorensen_dice", "f1_loss"),
)
def dice(prob: Unit[k], mask: Unit[k], *, smooth: NonNegative = 1e-5):
    """One minus the soft Dice overlap of a predicted and a true mask."""
    overlap = let("overlap", SumOver(k, prob[k] * mask[k]))
    size = let("size", SumOver(k, prob[k] + mask[k]))
    return 1 - (2 * overlap + smooth) / (size + smooth)
