"""pickle, cloudpickle and deepcopy give a loss with the same kernels and the same parameters."""

import copy
import pickle
import subprocess
import sys

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


READ = """
import pickle, sys
loss = pickle.load(sys.stdin.buffer)
print(loss([1.0, 2.0], [2.0, 1.0]), "sympy" in sys.modules)
"""


def test_a_users_loss_needs_no_sympy_in_another_process():
    import sympy

    import lossgen
    from lossgen.language import Positive, Real

    x, y, a = sympy.symbols("x y a", real=True)
    loss = lossgen.from_expression(
        "asymmetric", (a * (x - y)) ** 2, arguments={x: Real, y: Real}, parameters={a: Positive}
    )
    found = subprocess.run(
        [sys.executable, "-c", READ],
        input=pickle.dumps(loss.bind(a=3.0)),
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.decode().split() == ["9.0", "False"]
