"""An exponential of a rounded argument loses up to 88 ulp: kernels carry what rounding drops."""

import pytest

import lossgen
from lossgen.emit import pairs, scalar
from lossgen.language import *


def ranking():
    """A softplus of a difference."""

    @loss
    def ranking(x: Real, y: Real):
        return softplus(x - y)

    return ranking


def growth():
    """An exponential of a quotient of a difference."""

    @loss
    def growth(p: Real, t: Real, *, w: Positive = 1.0, c: Real = 0.1):
        return exp((p - t) / w + c)

    return growth


LOSSES = [ranking, growth]


def tame(report):
    """The rows of a report for tame inputs that miss their bound."""
    rows = [row for row in report.rows if "extremes" not in row.check and row.unit == "ulp"]
    assert rows
    return [row for row in rows if not row.ok]


@pytest.mark.parametrize("make", LOSSES, ids=lambda make: make.__name__)
def test_kernels_of_rounded_arguments_are_exact(make):
    assert tame(lossgen.check(make())) == []


def test_kernels_that_do_not_carry_are_caught(monkeypatch):
    monkeypatch.setattr(scalar, "MAGNIFIERS", {})
    monkeypatch.setattr(pairs, "MAGNIFIERS", {})
    assert max(row.worst for row in tame(lossgen.check(ranking()))) > 30
