"""Every kernel of the catalogue against the exact mathematics of its entry."""

import pytest
from checks.exceptions import EXCEPTIONS, Miss

import lossgen.losses as shipped
from lossgen.checks import Report, Row, check

# The aim is one loss in twenty; so many have exceptions, nearly all at the ends of the range. The
# number only shrinks.
EXCEPTED = 2


def unexpected(report, name, exceptions=EXCEPTIONS):
    """The failing rows that no exception covers."""
    return [
        row
        for row in report.failures
        if (name, row.output, row.dtype) not in exceptions
        or row.worst > exceptions[name, row.output, row.dtype].worst
    ]


def unneeded(report, name, exceptions=EXCEPTIONS):
    """The exceptions of a loss whose outputs fail nowhere."""
    failing = {(name, row.output, row.dtype) for row in report.failures}
    return {key for key in exceptions if key[0] == name} - failing


@pytest.mark.parametrize("name", dir(shipped))
def test_kernels_agree_with_the_reference(name, request):
    report = check(getattr(shipped, name), everything=request.config.getoption("--all"))
    assert unexpected(report, name) == [], report.table()
    assert unneeded(report, name) == set(), "an exception is no longer needed"


FEW = {("focal", "value", "float32"): Miss(9.0, 8.0, "the base of the power is rounded")}


@pytest.mark.parametrize(
    ("loss", "output", "dtype", "worst"),
    [("huber", "value", "float32", 9.0), ("focal", "value", "float64", 9.0),
     ("focal", "value", "float32", 9.1), ("focal", "d_prob", "float32", 9.0)],
)  # fmt: skip
def test_a_failure_that_no_exception_covers_is_seen(loss, output, dtype, worst):
    row = Row("derivatives", output, dtype, 1, worst, "", 8.0, False)
    assert unexpected(Report(loss, (row,)), loss, FEW) == [row]


def test_an_exception_that_is_not_needed_is_seen():
    row = Row("derivatives", "value", "float32", 1, 9.0, "", 8.0, False)
    assert unneeded(Report("focal", (row,)), "focal", FEW) == set()
    assert unneeded(Report("focal", ()), "focal", FEW) == set(FEW)
    assert unneeded(Report("huber", ()), "huber", FEW) == set()


def test_exceptions_say_why():
    assert all(len(miss.reason.split()) >= 6 for miss in EXCEPTIONS.values())
    assert all(miss.condition >= 1 for miss in EXCEPTIONS.values())
    assert {loss for loss, _, _ in EXCEPTIONS} <= set(dir(shipped))


def test_the_number_of_losses_with_exceptions_only_shrinks():
    excepted = {loss for loss, _, _ in EXCEPTIONS}
    assert len(excepted) == EXCEPTED, sorted(excepted)
