"""Every derivative of the literature, typed as the papers print it, is judged right."""

import pytest
from verdict.literature import ROWS

from lossgen.catalogue.entries import losses
from lossgen.verdict import verify

LOSSES = losses()


def test_there_are_forty_of_them_each_with_its_source():
    assert len(ROWS) >= 40
    assert len({row.title for row in ROWS}) == len(ROWS)
    assert all(row.source for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_it_is_right(row):
    verdict = verify(LOSSES[row.loss] if row.loss else None, **row.asked())
    assert verdict.code == 0, str(verdict)
    assert verdict.points >= 20
