"""Each error on the page is one: our number is the right one, theirs is another."""

import math
from dataclasses import replace

import pytest

from lossgen.site.errors import ERRORS, page

# A row may be in float32, whose last place is 6e-8.
TOLERANCE = 2e-7


def problems(found):
    ours = float(found.ours())
    if not math.isclose(ours, found.right, rel_tol=TOLERANCE):
        yield f"ours is {ours}, not {found.right}"
    if math.isclose(found.theirs, found.right, rel_tol=1e-6):
        yield "theirs is right"


@pytest.mark.parametrize("found", ERRORS, ids=lambda found: f"{found.who}: {found.said}")
def test_ours_is_right_and_theirs_is_not(found):
    assert list(problems(found)) == []


def test_a_wrong_row_is_seen():
    found = ERRORS[0]
    assert list(problems(replace(found, right=1.0)))
    assert list(problems(replace(found, theirs=found.right)))
    assert list(problems(replace(found, ours=lambda: 2.0)))


def test_the_page_has_every_row():
    text = page()
    assert text.count("| at | theirs | lossgen |") == len(ERRORS)
    assert all(found.said in text for found in ERRORS)
