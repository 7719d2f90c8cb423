"""Every kernel of the catalogue against the exact mathematics of its entry."""

import pytest
from checks.exceptions import EXCEPTIONS

import lossgen.losses as shipped
from lossgen.checks import Report, Row, check


def unexpected(report, name):
    """The failing rows that no exception covers."""
    return [
        row
        for row in report.failures
        if row.worst > EXCEPTIONS.get((name, row.output, row.dtype), (0.0, ""))[0]
    ]


@pytest.mark.parametrize("name", dir(shipped))
def test_kernels_agree_with_the_reference(name, request):
    report = check(getattr(shipped, name), everything=request.config.getoption("--all"))
    assert unexpected(report, name) == [], report.table()
    listed = {(output, dtype) for loss, output, dtype in EXCEPTIONS if loss == name}
    failing = {(row.output, row.dtype) for row in report.failures}
    assert listed <= failing, "an exception is no longer needed"


@pytest.mark.parametrize(
    ("loss", "output", "dtype", "worst"),
    [("huber", "value", "float32", 9.0), ("focal", "value", "float64", 9.0),
     ("focal", "value", "float32", 9.1), ("softmax_focal", "value", "float32", 9.0)],
)  # fmt: skip
def test_a_failure_that_no_exception_covers_is_seen(loss, output, dtype, worst):
    row = Row("derivatives", output, dtype, 1, worst, "", 8.0, False)
    assert unexpected(Report(loss, (row,)), loss) == [row]


def test_exceptions_are_few_and_say_why():
    assert len({loss for loss, _, _ in EXCEPTIONS}) <= 6
    assert all(len(reason.split()) >= 6 for _, reason in EXCEPTIONS.values())
