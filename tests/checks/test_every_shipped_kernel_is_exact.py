"""Every kernel of the catalogue against the exact mathematics of its entry."""

import pytest

import lossgen.losses as shipped
from lossgen.checks import check


@pytest.mark.parametrize("name", dir(shipped))
def test_kernels_agree_with_the_reference(name, request):
    check(getattr(shipped, name), everything=request.config.getoption("--all")).raise_if_failed()
