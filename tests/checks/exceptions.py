"""Outputs of shipped kernels that miss their bound: the worst error met, the condition number, why.

Nothing else may fail, and each of these must still fail somewhere, or its row goes. The aim is one
loss in twenty with rows.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Miss:
    """The largest error in ulps, the condition number there, and the reason.

    The condition number says by how many ulps half an ulp in a rounded intermediate moves the
    result; where it is 1 the definition is harmless and the kernel alone is to blame.
    """

    worst: float
    condition: float
    reason: str


INFINITE = math.inf

SQUARE = "a square on the way underflows where the result does not: masks of 1e-20 and no smoothing"
TINY = "target log(prob) is subnormal and multiplied by a power of 1 / prob, both 1e-45 or 5e-324"


EXCEPTIONS: dict[tuple[str, str, str], Miss] = {
    ("dice", "d_mask", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_mask", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("focal", "h_prob", "float32"): Miss(3.4e4, 1, TINY),
    ("focal", "h_prob", "float64"): Miss(1.7e12, 1, TINY),
}
