"""Jumps of a curve are found where they are, and smooth curves have none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossgen.site.kinks import jumps

PLACES = np.linspace(-4, 4, 320)


@given(st.floats(-3.9, 3.9), st.floats(0.1, 10.0))
def test_a_jump_is_found_where_it_is(place, height):
    found = jumps(lambda x: np.where(x < place, 0.0, height) + np.sin(x), PLACES)
    assert found == pytest.approx([place], abs=1e-5)


SMOOTH = {
    "line": lambda x: 3 * x,
    "steep": lambda x: np.tanh(200 * x),
    "corner": np.abs,
    "constant": np.zeros_like,
    "infinite": lambda x: np.full_like(x, np.inf),
}


@pytest.mark.parametrize("curve", SMOOTH.values(), ids=SMOOTH)
def test_what_does_not_jump_has_no_kink(curve):
    assert jumps(curve, PLACES) == []


def test_two_jumps_are_two():
    assert jumps(lambda x: np.clip(np.sign(np.abs(x) - 1), 0, 1), PLACES) == [-1.0, 1.0]
