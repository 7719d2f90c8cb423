"""Every kernel of the catalogue against the exact mathematics of its entry."""

import pytest
from checks.exceptions import EXCEPTIONS

import lossgen.losses as shipped
from lossgen.checks import check


def unexpected(report, name):
    """The failing rows that no exception covers."""
    return [
        row
        for row in report.failures
        if row.worst > EXCEPTIONS.get((name, row.output), (0.0, ""))[0]
    ]


@pytest.mark.parametrize("name", dir(shipped))
def test_kernels_agree_with_the_reference(name, request):
    report = check(getattr(shipped, name), everything=request.config.getoption("--all"))
    assert unexpected(report, name) == [], report.table()
    listed = {output for loss, output in EXCEPTIONS if loss == name}
    assert listed <= {row.output for row in report.failures}, "an exception is no longer needed"


def test_exceptions_are_few_and_say_why():
    assert len({loss for loss, _ in EXCEPTIONS}) <= 6
    assert all(len(reason.split()) >= 6 for _, reason in EXCEPTIONS.values())
