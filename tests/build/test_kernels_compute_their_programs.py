"""The text of every kernel, run as plain Python, gives what its program says.

Compiled it gives the same.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from derive.nasty import LOSSES

import lossgen
from lossgen.catalogue.entries import entries
from lossgen.emit.mathematics import cpu as mathematics
from lossgen.emit.scalar import FUNCTIONS

TESTS = Path(__file__).resolve().parents[1]
# Sums of three numbers in float64, functions within a few ulp.
CLOSE = 1e-13
NAMES = [*entries(), *LOSSES]


def plain(names):
    """The distances that `plain_kernels.py` finds where Numba compiles nothing."""
    script = Path(__file__).with_name("plain_kernels.py")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(TESTS)}
    run = subprocess.run(
        [sys.executable, script, *names],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def report():
    return plain([])


@pytest.mark.parametrize("name", NAMES)
def test_every_form_of(name, report):
    far = {form: distance for form, distance in report[name].items() if not distance < CLOSE}
    assert far == {}


def test_every_function_of_the_printer_has_a_kernel():
    assert [name for name in FUNCTIONS.values() if not hasattr(mathematics, name)] == []


@pytest.mark.parametrize("name", ["huber", "dice"])
def test_compiled_is_the_same(name):
    """One loss a structure; the whole catalogue is compiled by the laws and the checks."""
    loss = getattr(lossgen.losses, name)
    rng = np.random.default_rng(5)
    arguments = [rng.uniform(0.1, 0.9, (4, 5) if name == "dice" else 4) for _ in range(2)]
    value, found = loss.value_and_gradient(*arguments, reduction="sum")
    script = (
        "import json, sys, numpy as np, lossgen\n"
        "rng = np.random.default_rng(5)\n"
        f"shape = {(4, 5) if name == 'dice' else 4}\n"
        "arguments = [rng.uniform(0.1, 0.9, shape) for _ in range(2)]\n"
        f"from lossgen.generated.cpu import {name} as kernels\n"
        "rows = len(arguments[0])\n"
        "totals = np.zeros(-(-rows // kernels.INTERFACE['block']))\n"
        "d = np.zeros_like(arguments[0])\n"
        "shared = [np.float64(s['default']) for s in kernels.INTERFACE['shared'].values()]\n"
        "outputs = (totals, None, d, None)\n"
        "kernels.value_and_gradient(*arguments, *shared, None, np.float64(1), *outputs)\n"
        "print(json.dumps([totals.sum(), d.tolist()]))\n"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    plain_value, plain_gradient = json.loads(run.stdout)
    np.testing.assert_allclose(value, plain_value, rtol=1e-14)
    np.testing.assert_allclose(found, np.array(plain_gradient), rtol=1e-13, atol=1e-16)
