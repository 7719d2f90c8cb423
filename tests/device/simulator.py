"""The process in which Numba simulates the device, or has one, and why it may not be there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

cuda = pytest.importorskip("numba.cuda", reason="needs the package numba-cuda")
if getattr(cuda, "implementation", "") != "NVIDIA":
    pytest.skip("needs the package numba-cuda", allow_module_level=True)

HERE = Path(__file__).parent


def simulate(cases, calls=False, device=False):
    """Run cases in the simulator, or on a device; see simulated.py for what they are."""
    simulated = {"NUMBA_ENABLE_CUDASIM": "1", "NUMBA_DISABLE_JIT": "1"}
    environment = {
        **os.environ,
        **({} if device else simulated),
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE.parent)]),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "simulated.py")],
        input=json.dumps({"cases": cases, "calls": calls}),
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def case(loss, forms, lanes=8, rows=3, dtype="float64", threads=4, reduction="mean", broken=None):
    """Return the description of a case."""
    found = {
        "loss": loss,
        "forms": forms,
        "lanes": lanes,
        "rows": rows,
        "dtype": dtype,
        "threads": threads,
        "reduction": reduction,
    }
    return found | ({"broken": broken} if broken else {})
