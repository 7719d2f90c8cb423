"""The report: falsy when a row fails, a table for people, JSON and JUnit for machines."""

import json
import xml.etree.ElementTree as ET

import pytest

from lossgen.checks import CheckError, Report, Row

GOOD = Row("derivatives", "value", "float32", 100, 1.25, "x=1.0", 8.0, True, skipped=3)
BAD = Row("derivatives", "d_<x>", "float64", 100, float("inf"), "x=2.0: nan", 8.0, False)


def test_report_with_a_failing_row_is_falsy():
    assert Report("huber", (GOOD,))
    assert not Report("huber", (GOOD, BAD))
    assert not Report("huber", ())


def test_table_shows_the_verdict_and_the_worst_point():
    text = repr(Report("huber", (GOOD, BAD), 1.5))
    assert text.startswith("huber: 1 of 2 FAIL (1.5 s)")
    assert "100 (+3 undefined)" in text
    assert "derivatives, d_<x>, float64: inf ulp, at most 8 expected; x=2.0: nan" in text


def test_json_is_strict_json():
    found = json.loads(Report("huber", (GOOD, BAD)).to_json(), parse_constant=pytest.fail)
    assert [row["worst"] for row in found["rows"]] == [1.25, "inf"]
    assert found["ok"] is False


def test_junit_counts_failures():
    suite = ET.fromstring(Report("huber", (GOOD, BAD)).to_junit())
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.find("failure") is None for case in suite] == [True, False]


def test_raise_if_failed():
    assert Report("huber", (GOOD,)).raise_if_failed()
    with pytest.raises(CheckError, match="1 of 2 FAIL"):
        Report("huber", (GOOD, BAD)).raise_if_failed()
