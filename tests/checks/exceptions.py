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

POWER = "a power of the miss leaves the range where the result does not, or meets infinity"
SQUARE = "a square on the way overflows or underflows where the result does neither"
SUBNORMAL = "a subnormal softmax weight is multiplied by squares of keys and 1 / temperature"
BEYOND = "NaN where the exact derivative is beyond the largest float: two terms that overflow"
SHAPE = "a power of a quotient by a parameter near its pole: two roundings are magnified"

EXCEPTIONS: dict[tuple[str, str, str], Miss] = {
    ("barron", "h_prediction", "float32"): Miss(INFINITE, 1, SHAPE),
    ("barron", "h_prediction", "float64"): Miss(INFINITE, 1, SHAPE),
    ("barron", "value", "float64"): Miss(5.32, 1, SHAPE),
    ("cosine_distance", "d_x", "float32"): Miss(INFINITE, 1, BEYOND),
    ("cosine_distance", "d_x", "float64"): Miss(INFINITE, 1, BEYOND),
    ("cosine_distance", "d_y", "float32"): Miss(INFINITE, 1, BEYOND),
    ("cosine_distance", "d_y", "float64"): Miss(INFINITE, 1, BEYOND),
    ("cosine_distance", "h_x", "float32"): Miss(INFINITE, 1, BEYOND),
    ("cosine_distance", "h_x", "float64"): Miss(INFINITE, 1, BEYOND),
    ("dice", "d_mask", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_mask", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("focal", "d_prob", "float32"): Miss(INFINITE, 1, POWER),
    ("focal", "d_prob", "float64"): Miss(INFINITE, 1, POWER),
    ("focal", "d_target", "float32"): Miss(INFINITE, 1, POWER),
    ("focal", "d_target", "float64"): Miss(INFINITE, 1, POWER),
    ("focal", "h_prob", "float32"): Miss(INFINITE, 1, POWER),
    ("focal", "h_prob", "float64"): Miss(INFINITE, 1, POWER),
    ("info_nce", "h_query", "float32"): Miss(27, 1, SUBNORMAL),
    ("jaccard_distance", "d_x", "float32"): Miss(INFINITE, 1, BEYOND),
    ("jaccard_distance", "d_y", "float32"): Miss(INFINITE, 1, BEYOND),
    ("jaccard_distance", "h_x", "float32"): Miss(INFINITE, 1, BEYOND),
    ("jaccard_distance", "h_x", "float64"): Miss(INFINITE, 1, BEYOND),
    ("mahalanobis_distance", "d_precision", "float32"): Miss(INFINITE, 1, SQUARE),
    ("mahalanobis_distance", "d_precision", "float64"): Miss(INFINITE, 1, SQUARE),
    ("mahalanobis_distance", "d_x", "float32"): Miss(1.68e07, 1, SQUARE),
    ("mahalanobis_distance", "d_x", "float64"): Miss(9.34e15, 1, SQUARE),
    ("mahalanobis_distance", "d_y", "float32"): Miss(1.68e07, 1, SQUARE),
    ("mahalanobis_distance", "d_y", "float64"): Miss(9.34e15, 1, SQUARE),
    ("mahalanobis_distance", "h_x", "float32"): Miss(1.78e07, 1, SQUARE),
    ("mahalanobis_distance", "h_x", "float64"): Miss(9.56e15, 1, SQUARE),
    ("mahalanobis_distance", "value", "float32"): Miss(INFINITE, 1, SQUARE),
    ("mahalanobis_distance", "value", "float64"): Miss(INFINITE, 1, SQUARE),
    ("root_mean_squared_error", "h_prediction", "float32"): Miss(INFINITE, 1, BEYOND),
    ("root_mean_squared_error", "h_prediction", "float64"): Miss(INFINITE, 1, BEYOND),
    ("sigmoid_focal", "d_logit", "float32"): Miss(INFINITE, 1, POWER),
    ("sigmoid_focal", "d_logit", "float64"): Miss(INFINITE, 1, POWER),
    ("sigmoid_focal", "d_target", "float32"): Miss(INFINITE, 1, POWER),
    ("sigmoid_focal", "d_target", "float64"): Miss(INFINITE, 1, POWER),
    ("sigmoid_focal", "h_logit", "float32"): Miss(INFINITE, 1, POWER),
    ("sigmoid_focal", "h_logit", "float64"): Miss(INFINITE, 1, POWER),
    ("triplet_margin", "h_anchor", "float32"): Miss(INFINITE, 1, BEYOND),
    ("triplet_margin", "h_anchor", "float64"): Miss(INFINITE, 1, BEYOND),
    ("wasserstein_assignment", "h_x", "float32"): Miss(INFINITE, 1, BEYOND),
    ("wasserstein_assignment", "h_x", "float64"): Miss(INFINITE, 1, BEYOND),
}
