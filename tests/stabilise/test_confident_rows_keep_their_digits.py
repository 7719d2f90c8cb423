"""The gradient of a row that is sure of its class has digits, for hard and for soft targets."""

import mpmath as mp
import numpy as np
import pytest
from mpmath import mpf

from lossgen import losses
from lossgen.build import kernels
from lossgen.catalogue.entries import entries
from lossgen.runtime import Loss
from lossgen.stages.remainder import Remainder

# The rest of the targets is far below an ulp of the first, and the rest of the softmax below that.
NEARLY_HARD = [[1.0, 0.0, 0.0], [1.0, 1e-12, 3e-13], [1.0, 1e-30, 1.0], [0.5, 0.5, 1e-20]]
LOGITS = np.array([[60.0, 1.0, -2.0]])


def exact(target):
    """The gradient d[k] = w[k] (sum of t) - t[k]."""
    with mp.workdps(80):
        logits = [mpf(float(z)) for z in LOGITS[0]]
        terms = [mp.exp(z) for z in logits]
        total, shares = mp.fsum(terms), [mpf(float(t)) for t in target]
        return [float(w / total * mp.fsum(shares) - t) for w, t in zip(terms, shares, strict=True)]


@pytest.mark.parametrize("target", NEARLY_HARD)
def test_gradient_has_all_digits(target):
    found = losses.softmax_cross_entropy.gradient(LOGITS, np.array([target]), wrt="logits")
    assert found[0] == pytest.approx(exact(target), rel=2e-15, abs=0)


def test_the_plain_difference_is_caught(monkeypatch):
    monkeypatch.setattr(Remainder, "less", lambda self, term, total: total - term)
    loss = losses.softmax_cross_entropy
    plain = Loss(loss.interface, kernels(entries()[loss.name]), entry=loss.entry)
    target = NEARLY_HARD[1]
    found = plain.gradient(LOGITS, np.array([target]), wrt="logits")
    assert abs(found[0, 0] / exact(target)[0] - 1) > 1e-6
