"""One battery over the whole catalogue: a new loss adds no test code."""

from zlib import crc32

import numpy as np
import pytest
from laws import bits, rounding
from laws.subjects import shipped

from lossgen import losses

NAMES = dir(losses)
LAWS = {**bits.LAWS, **rounding.LAWS}


# The tests of a loss stay in one worker of pytest-xdist: its kernels are compiled once.
GROUPS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES]


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("name", GROUPS)
def test_law(name, law):
    law(shipped(name))


@pytest.mark.parametrize("name", GROUPS)
def test_tame_arguments_give_finite_results(name):
    assert all(np.isfinite(result).all() for result in shipped(name).call())


@pytest.mark.parametrize("name", GROUPS)
def test_gradients_and_products_alone_agree_with_the_fused_form(name, request):
    """A rotating tenth of the losses, all of them with --all: one kernel more for each form."""
    everything = request.config.getoption("--all")
    if not everything and crc32(name.encode()) % 10 != 0:
        pytest.skip("not this loss's turn; --all takes every loss")
    subject = shipped(name)
    given = {**subject.arguments, **subject.shared, "sample_weight": subject.weight}
    fused = subject.call()
    alone = subject.loss.gradient(**given, wrt=subject.wrt)
    for one, other in zip(alone, fused[1:], strict=False):
        rounding.close(one, other, np.max(np.abs(other)), subject.dtype)
    if subject.fused and not subject.loss.interface["arguments"][subject.wrt[0]]["axes"]:
        ones = np.ones(subject.rows)
        product = subject.loss.hessian_vector_product(**given, vector=ones)
        rounding.close(product, fused[2], np.max(np.abs(fused[2])), subject.dtype)
