"""Arrays on a device go to the CUDA kernels, and the results stay there; run in the simulator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import numpy as np
from numba import cuda
from runtime.by_hand import FOLDER, literal_of
from lossgen.runtime import ArgumentError, ArgumentTypeError, Loss, TextKernels

device = FOLDER.parent / "kernels_cuda"
texts = {"cpu": (FOLDER / "huber.py").read_text(), "cuda": (device / "huber.py").read_text()}
huber = Loss(literal_of(texts["cpu"]), TextKernels("huber", texts, {"cpu": "", "cuda": ""}))
rng = np.random.default_rng(1)
x, y, w = (rng.normal(size=300).astype(np.float32) for _ in range(3))
on = cuda.to_device

def near(one, other):
    return np.allclose(one, other, rtol=1e-5, atol=1e-6)

def refused(says, call):
    try:
        call()
    except (ArgumentError, ArgumentTypeError) as error:
        assert says in str(error), error
    else:
        raise AssertionError("not refused: " + says)

assert near(huber(on(x), on(y)), huber(x, y))
assert near(huber(on(x), on(y), sample_weight=abs(w)), huber(x, y, sample_weight=abs(w)))
rows = huber(on(x), on(y), reduction="none")
assert rows.shape == (300,) and near(rows.copy_to_host(), huber(x, y, reduction="none"))
gradient = huber.gradient(on(x), on(y), wrt=("target", "prediction"))
for one, other in zip(gradient, huber.gradient(x, y, wrt=("target", "prediction"))):
    assert near(one.copy_to_host(), other)
out = cuda.device_array(300, np.float32)
assert huber.gradient(on(x), on(y), out=out) is out
assert huber(on(x[:0]), on(y[:0])) == 0.0
refused("lies on the host", lambda: huber(on(x), y))
refused("all must be float32", lambda: huber(on(x), on(y.astype(float))))
refused("shapes must be equal", lambda: huber(on(x), on(y[:7])))
refused("delta is -1.0", lambda: huber(on(x), on(y), delta=-1))
refused("axes=", lambda: huber(on(x), on(y), axes={"k": 1}))
refused("where the arguments are", lambda: huber.gradient(on(x), on(y), out=x.copy()))
print("right")
"""


def run(script, **environment):
    tests = Path(__file__).resolve().parents[1]
    paths = os.pathsep.join([str(tests), *sys.path])
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_in_the_simulator():
    pytest.importorskip("cuda.bindings", reason="numba-cuda is not installed")
    found = run(SCRIPT, NUMBA_ENABLE_CUDASIM="1")
    assert found.stdout == "right\n", found.stderr


def test_without_cuda_one_sentence_says_what_to_install():
    script = """
import sys
sys.modules["numba.cuda"] = None
from runtime.by_hand import by_hand
class Array:
    __cuda_array_interface__ = {}
by_hand("huber")(Array(), Array())
"""
    found = run(script)
    assert "DependencyError: arrays on a device need numba-cuda" in found.stderr
