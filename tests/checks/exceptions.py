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

POWER = "the base of the power is rounded; its condition number is gamma, here up to 8"
SQUARE = "a square on the way overflows or underflows where the result does neither"
QUOTIENT = "a quotient on the way overflows where its logarithm is an ordinary number"
SELECT = "a zero target is multiplied by an infinite logarithm and not selected"
SURE = "a confident and correct row is computed as a difference of numbers near each other"
DIFFERENCE = "the difference of the arguments is rounded before it is exponentiated"
NORM = "squares under the root overflow and underflow; the norm is not scaled"
COSTS = "the assignment squares its distances in float64, and refuses infinite ones"
MEAN = "p and q close together: what is left is the rounding of their mean"
SUBNORMAL = "the result is subnormal in float32, and so was one of its factors"

EXCEPTIONS: dict[tuple[str, str, str], Miss] = {
    ("binary_cross_entropy", "h_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("binary_cross_entropy", "h_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("binary_cross_entropy_with_logits", "value", "float32"): Miss(INFINITE, 1, SELECT),
    ("binary_cross_entropy_with_logits", "value", "float64"): Miss(INFINITE, 1, SELECT),
    ("categorical_cross_entropy", "h_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("categorical_cross_entropy", "h_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("cosine_distance", "d_x", "float32"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "d_x", "float64"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "d_y", "float32"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "d_y", "float64"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "h_x", "float32"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "h_x", "float64"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "value", "float32"): Miss(INFINITE, 1, NORM),
    ("cosine_distance", "value", "float64"): Miss(INFINITE, 1, NORM),
    ("dice", "d_mask", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_mask", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "d_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float32"): Miss(INFINITE, 1, SQUARE),
    ("dice", "h_prob", "float64"): Miss(INFINITE, 1, SQUARE),
    ("euclidean_distance", "d_x", "float32"): Miss(1.7e07, 1, NORM),
    ("euclidean_distance", "d_x", "float64"): Miss(9.3e15, 1, NORM),
    ("euclidean_distance", "d_y", "float32"): Miss(1.7e07, 1, NORM),
    ("euclidean_distance", "d_y", "float64"): Miss(9.3e15, 1, NORM),
    ("euclidean_distance", "h_x", "float32"): Miss(1.7e07, 1, NORM),
    ("euclidean_distance", "h_x", "float64"): Miss(9e15, 1, NORM),
    ("euclidean_distance", "value", "float32"): Miss(INFINITE, 1, NORM),
    ("euclidean_distance", "value", "float64"): Miss(INFINITE, 1, NORM),
    ("focal", "d_prob", "float32"): Miss(INFINITE, 8, POWER),
    ("focal", "d_prob", "float64"): Miss(INFINITE, 8, POWER),
    ("focal", "d_target", "float32"): Miss(INFINITE, 8, POWER),
    ("focal", "d_target", "float64"): Miss(INFINITE, 8, POWER),
    ("focal", "h_prob", "float32"): Miss(INFINITE, 8, POWER),
    ("focal", "h_prob", "float64"): Miss(INFINITE, 8, POWER),
    ("focal", "value", "float32"): Miss(8.5, 8, POWER),
    ("info_nce", "h_query", "float32"): Miss(26.4, 1, SUBNORMAL),
    ("jaccard_distance", "d_x", "float32"): Miss(INFINITE, 1, SQUARE),
    ("jaccard_distance", "d_x", "float64"): Miss(INFINITE, 1, SQUARE),
    ("jaccard_distance", "d_y", "float32"): Miss(INFINITE, 1, SQUARE),
    ("jaccard_distance", "d_y", "float64"): Miss(INFINITE, 1, SQUARE),
    ("jaccard_distance", "h_x", "float32"): Miss(INFINITE, 1, SQUARE),
    ("jaccard_distance", "h_x", "float64"): Miss(INFINITE, 1, SQUARE),
    ("js_divergence", "d_p", "float32"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "d_p", "float64"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "d_q", "float32"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "d_q", "float64"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "h_p", "float32"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "h_p", "float64"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "value", "float32"): Miss(INFINITE, 1, MEAN),
    ("js_divergence", "value", "float64"): Miss(INFINITE, 1, MEAN),
    ("kl_divergence", "d_target", "float32"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "d_target", "float64"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "h_prob", "float32"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "h_prob", "float64"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "hv_prob", "float32"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "hv_prob", "float64"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "value", "float32"): Miss(INFINITE, 1, QUOTIENT),
    ("kl_divergence", "value", "float64"): Miss(INFINITE, 1, QUOTIENT),
    ("l2_regularizer", "value", "float32"): Miss(INFINITE, 1, SQUARE),
    ("l2_regularizer", "value", "float64"): Miss(INFINITE, 1, SQUARE),
    ("log_cosh", "h_prediction", "float32"): Miss(30.4, 60, DIFFERENCE),
    ("log_cosh", "h_prediction", "float64"): Miss(58.6, 60, DIFFERENCE),
    ("mahalanobis_distance", "d_precision", "float32"): Miss(INFINITE, 1, NORM),
    ("mahalanobis_distance", "d_precision", "float64"): Miss(INFINITE, 1, NORM),
    ("mahalanobis_distance", "d_x", "float32"): Miss(1.7e07, 1, NORM),
    ("mahalanobis_distance", "d_x", "float64"): Miss(9.3e15, 1, NORM),
    ("mahalanobis_distance", "d_y", "float32"): Miss(1.7e07, 1, NORM),
    ("mahalanobis_distance", "d_y", "float64"): Miss(9.3e15, 1, NORM),
    ("mahalanobis_distance", "h_x", "float32"): Miss(1.8e07, 1, NORM),
    ("mahalanobis_distance", "h_x", "float64"): Miss(9.5e15, 1, NORM),
    ("mahalanobis_distance", "value", "float32"): Miss(INFINITE, 1, NORM),
    ("mahalanobis_distance", "value", "float64"): Miss(INFINITE, 1, NORM),
    ("pseudo_huber", "d_prediction", "float32"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "d_prediction", "float64"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "d_target", "float32"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "d_target", "float64"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "h_prediction", "float32"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "h_prediction", "float64"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "value", "float32"): Miss(INFINITE, 1, SQUARE),
    ("pseudo_huber", "value", "float64"): Miss(INFINITE, 1, SQUARE),
    ("sigmoid_focal", "d_logit", "float32"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "d_logit", "float64"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "d_target", "float32"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "d_target", "float64"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "h_logit", "float32"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "h_logit", "float64"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "value", "float32"): Miss(INFINITE, 8, POWER),
    ("sigmoid_focal", "value", "float64"): Miss(INFINITE, 8, POWER),
    ("softmax_cross_entropy", "d_logits", "float32"): Miss(1.5e07, 1, SURE),
    ("softmax_cross_entropy", "d_logits", "float64"): Miss(8.2e15, 1, SURE),
    ("softmax_cross_entropy", "d_target", "float32"): Miss(1.5e07, 1, SURE),
    ("softmax_cross_entropy", "d_target", "float64"): Miss(8.2e15, 1, SURE),
    ("softmax_cross_entropy", "h_logits", "float32"): Miss(1.5e07, 1, SURE),
    ("softmax_cross_entropy", "h_logits", "float64"): Miss(8.2e15, 1, SURE),
    ("softmax_cross_entropy", "value", "float32"): Miss(INFINITE, 1, SURE),
    ("softmax_cross_entropy", "value", "float64"): Miss(INFINITE, 1, SURE),
    ("softmax_focal", "d_logits", "float32"): Miss(INFINITE, 1, SURE),
    ("softmax_focal", "d_logits", "float64"): Miss(INFINITE, 1, SURE),
    ("softmax_focal", "h_logits", "float32"): Miss(INFINITE, 1, SURE),
    ("softmax_focal", "h_logits", "float64"): Miss(INFINITE, 1, SURE),
    ("softmax_focal", "value", "float32"): Miss(1.4e07, 1, SURE),
    ("softmax_focal", "value", "float64"): Miss(6.7e15, 1, SURE),
    ("sparse_softmax_cross_entropy", "d_logits", "float32"): Miss(1.4e07, 1, SURE),
    ("sparse_softmax_cross_entropy", "d_logits", "float64"): Miss(7.7e15, 1, SURE),
    ("sparse_softmax_cross_entropy", "h_logits", "float32"): Miss(1.4e07, 1, SURE),
    ("sparse_softmax_cross_entropy", "h_logits", "float64"): Miss(7.7e15, 1, SURE),
    ("sparse_softmax_cross_entropy", "value", "float32"): Miss(1.4e07, 1, SURE),
    ("sparse_softmax_cross_entropy", "value", "float64"): Miss(7.7e15, 1, SURE),
    ("triplet_margin", "d_anchor", "float32"): Miss(1.8e07, 1, NORM),
    ("triplet_margin", "d_anchor", "float64"): Miss(9.5e15, 1, NORM),
    ("triplet_margin", "d_negative", "float32"): Miss(1.8e07, 1, NORM),
    ("triplet_margin", "d_negative", "float64"): Miss(9.5e15, 1, NORM),
    ("triplet_margin", "d_positive", "float32"): Miss(1.8e07, 1, NORM),
    ("triplet_margin", "d_positive", "float64"): Miss(9.5e15, 1, NORM),
    ("triplet_margin", "h_anchor", "float32"): Miss(1.3e07, 1, NORM),
    ("triplet_margin", "h_anchor", "float64"): Miss(7.2e15, 1, NORM),
    ("triplet_margin", "value", "float32"): Miss(INFINITE, 1, NORM),
    ("triplet_margin", "value", "float64"): Miss(INFINITE, 1, NORM),
    ("wasserstein_assignment", "-", "-"): Miss(INFINITE, 1, COSTS),
}
