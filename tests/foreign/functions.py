"""Functions as people write them, right and wrong: each with what is the matter."""

import numpy as np


def huber(prediction, target, delta=1.0):
    r = np.abs(prediction - target)
    return np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))


def huber_gradient(prediction, target, delta=1.0):
    return np.clip(prediction - target, -delta, delta)


def wrong_sign(prediction, target, delta=1.0):
    return np.clip(target - prediction, -delta, delta)


def mean_squared(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def summed(prediction, target):
    return np.sum((prediction - target) ** 2)


def first_only(prediction, target):
    """Right for one row, and of several it forgets all but the first."""
    return ((prediction - target) ** 2)[:1]


def doubled(prediction, target):
    return 2 * (prediction - target) ** 2


def negated(prediction, target):
    return -((prediction - target) ** 2)


def swapped_pinball(y_true, y_pred, quantile=0.5):
    u = y_pred - y_true
    return np.where(u > 0, quantile * u, (quantile - 1) * u)


def averaged(x, y):
    return np.mean((x - y) ** 2, axis=-1)


def root(x, y):
    return np.sqrt(np.sum((x - y) ** 2, axis=-1) + 1e-6)


def inverse_width(prediction, target, c=1.0):
    u = (prediction - target) * c
    return np.log1p(u**2) / (2 * c**2)


def smooth_l1_as_huber(prediction, target, delta=1.0):
    return huber(prediction, target, delta) / delta


def wrong_branch(prediction, target, delta=1.0):
    r = np.abs(prediction - target)
    return np.where(r <= 1, r**2 / 2, delta * (r - delta / 2))


def naive(logit, target):
    return np.log(1 + np.exp(logit)) - target * logit


def from_logarithm(log_prob, target):
    return np.sum(np.where(target > 0, target * (np.log(target) - log_prob), 0), axis=-1)


def clipped(prob, target):
    p = np.clip(prob, 1e-7, 1 - 1e-7)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p))


def by_target(prediction, target):
    return 2 * (target - prediction) * np.where(prediction == prediction, 1, 0)


def unrelated(x, y):
    return np.sin(x) + y


def raises(prediction, target):
    raise RuntimeError("not today")


def needs_more(prediction, target, secret):
    return (prediction - target) ** 2


def bits(p, t):
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)) / np.log(2)


def hidden_delta(p, t):
    return huber(p, t, 1.5)


def tripled(u, v):
    return 3 * np.abs(u - v)


def shifted_cauchy(x, y):
    return np.log(1 + ((x - y) / 0.7) ** 2) + 5


def cross_entropy(z, y):
    chosen = np.take_along_axis(z, np.reshape(y, (-1, 1)).astype(int), -1)[:, 0]
    return np.log(np.exp(z).sum(-1)) - chosen


def exploding(x, y):
    return np.exp(np.abs(x) ** 3) + y
