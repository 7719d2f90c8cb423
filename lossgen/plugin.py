"""A pytest plugin: the fixtures `assert_loss` and `assert_gradient`, for losses of one's own.

    def test_my_huber(assert_loss):
        assert_loss(my_huber, "huber")

pytest loads it in every run where lossgen is installed: nothing is imported before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def assert_loss() -> Callable[..., Any]:
    """Return `lossgen.assert_loss`: a function computes a loss, and its derivatives."""
    from lossgen.foreign import assert_loss

    return assert_loss


@pytest.fixture(scope="session")
def assert_gradient() -> Callable[..., Any]:
    """Return `lossgen.assert_gradient`: a function computes the derivative of a loss."""
    from lossgen.foreign import assert_gradient

    return assert_gradient
