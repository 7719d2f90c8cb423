"""pickle, cloudpickle and deepcopy give a loss with the same kernels and the same parameters."""

import copy
import pickle

import cloudpickle
import numpy as np
import pytest
from runtime.by_hand import by_hand

X, Y = np.array([0.0, 3.0]), np.zeros(2)
COPIES = {
    "pickle": lambda loss: pickle.loads(pickle.dumps(loss)),
    "cloudpickle": lambda loss: pickle.loads(cloudpickle.dumps(loss)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copy(copied):
    loss = by_hand("huber").bind(delta=0.5)
    other = copied(loss)
    assert other(X, Y) == loss(X, Y)
    assert repr(other) == repr(loss)
    assert other.interface == loss.interface
    assert other._kernels is loss._kernels
    metric = copied(loss.metric)
    assert metric(Y, X) == loss(X, Y)
