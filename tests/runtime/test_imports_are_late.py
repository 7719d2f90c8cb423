"""`import lossgen` loads neither SymPy nor Numba; calling a shipped loss never loads SymPy."""

import subprocess
import sys

import pytest

PREFIX = "import sys; import lossgen; "
LOADED = "; print(*sorted({'sympy', 'numba', 'numpy', 'scipy', 'mpmath'} & set(sys.modules)))"


def loaded(statements):
    command = [sys.executable, "-c", PREFIX + statements + LOADED]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return found.stdout.splitlines()[-1].split()


def test_import_loads_nothing():
    assert loaded("pass") == []


def test_listing_and_finding_load_no_compiler():
    assert loaded("dir(lossgen.losses); lossgen.Loss; lossgen.LossError") == ["numpy"]


def test_a_shipped_loss_never_loads_sympy():
    from lossgen import losses

    if "huber" not in dir(losses):
        pytest.skip("lossgen.generated has no huber yet")
    found = loaded(
        "h = lossgen.losses.huber; repr(h); h.__doc__; h([1.0], [2.0]); lossgen.find('Huber')"
    )
    # Numba itself looks at SciPy when it is imported.
    assert set(found) - {"scipy"} == {"numba", "numpy"}


def test_sympy_would_be_seen():
    """The twin."""
    assert "sympy" in loaded("lossgen.language")
