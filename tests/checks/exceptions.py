"""Outputs of shipped kernels that miss their bound: the worst error met, the condition number, why.

Nothing else may fail, and each of these must still fail somewhere, or its row goes. At most one
loss in twenty may have rows.
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

POWER = "a power of the miss, gamma - 2, leaves the range where the result does not"
SUBNORMAL = "a difference that is subnormal has no digits to spare for the division by its size"
WEIGHT = "a softmax weight that has vanished meets the square of a key beyond every float"

EXCEPTIONS: dict[tuple[str, str, str], Miss] = {
    ("focal", "h_prob", "float32"): Miss(INFINITE, 1, POWER),
}
