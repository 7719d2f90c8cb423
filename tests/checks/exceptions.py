"""Outputs of shipped kernels that miss the bound, with the worst error met and the reason.

Nothing else may fail, and each of these must still fail somewhere, or its row goes.
"""

POWER = (
    "the base of the power is rounded once or twice; its condition number is gamma, here up to 8"
)
SUBNORMAL = "the result is subnormal in float32, and so was one of its factors"
MEAN = "p and q one ulp apart: the rounding of their mean is as large as what it is compared with"
OVERFLOW = "logits 101 apart: the miss is subnormal, and its power gamma - 2 overflows in float32"

# (loss, output, dtype) -> (largest error in ulp, reason)
EXCEPTIONS: dict[tuple[str, str, str], tuple[float, str]] = {
    ("focal", "value", "float32"): (9, POWER),
    ("focal", "d_prob", "float32"): (9, POWER),
    ("focal", "d_target", "float32"): (11, POWER),
    ("focal", "h_prob", "float32"): (10, POWER),
    ("sigmoid_focal", "value", "float32"): (14, POWER),
    ("sigmoid_focal", "value", "float64"): (11, POWER),
    ("sigmoid_focal", "d_logit", "float32"): (10, POWER),
    ("sigmoid_focal", "d_logit", "float64"): (11, POWER),
    ("sigmoid_focal", "d_target", "float32"): (11, POWER),
    ("sigmoid_focal", "d_target", "float64"): (9, POWER),
    ("sigmoid_focal", "h_logit", "float32"): (22, f"{POWER}; {SUBNORMAL}"),
    ("sigmoid_focal", "h_logit", "float64"): (9, POWER),
    ("softmax_focal", "h_logits", "float32"): (float("inf"), OVERFLOW),
    ("info_nce", "h_query", "float32"): (27, SUBNORMAL),
    ("js_divergence", "value", "float32"): (8e7, MEAN),
    ("js_divergence", "value", "float64"): (3e16, MEAN),
}
