"""The fixtures and functions that other people's tests use."""

import pytest
from foreign import functions

import lossgen

pytest_plugins = ["pytester"]


def test_a_right_function_passes():
    assert lossgen.assert_loss(functions.huber, "huber", gradient=functions.huber_gradient)
    assert lossgen.assert_gradient(functions.huber_gradient, "huber")


def test_a_wrong_function_fails_with_the_smallest_input():
    with pytest.raises(AssertionError, match=r"prediction=1, target=0: should be 1\.0, is 2"):
        lossgen.assert_loss(functions.doubled, "mse")
    with pytest.raises(AssertionError, match="the sign is wrong"):
        lossgen.assert_gradient(functions.wrong_sign, "huber")


def test_the_fixtures_are_there_in_a_run_of_pytest(pytester, monkeypatch):
    # Where lossgen is installed the plugin comes by its entry point, and here by its name.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        """
        def test_right(assert_loss, assert_gradient):
            assert_loss(lambda prediction, target: (prediction - target) ** 2, "mse")
            assert_gradient(lambda prediction, target: 2 * (prediction - target), "mse")

        def test_wrong(assert_loss):
            assert_loss(lambda prediction, target: (prediction + target) ** 2, "mse")
        """
    )
    result = pytester.runpytest_subprocess("-p", "lossgen.plugin", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*AuditError*is not squared_error*"])
