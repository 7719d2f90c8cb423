"""The battery: checks are a list, a higher floor adds its own, a crash is a failing row."""

import lossgen.losses as shipped
from lossgen.checks import Row, check
from lossgen.checks.forms import available, chosen

HUBER = shipped.huber


def crash(loss, context):
    raise RuntimeError("no compiler\nand more")


def extra(loss, context):
    return [Row("page", "value", "", 1, 0.0, context.entry.name, 0.0, True)]


def test_further_checks_add_rows():
    report = check(HUBER, also=(("page", extra),))
    assert report
    assert report.rows[-1].where == "huber"


def test_crash_is_a_failing_row():
    report = check(HUBER, also=(("page", crash),))
    assert [row.note for row in report.failures] == ["RuntimeError: no compiler"]


def test_rotating_tenth_reaches_every_form_in_ten_seeds():
    fused, others = available(HUBER)
    seen = set().union(*(chosen(HUBER, False, seed) for seed in range(10)))
    assert seen == {*fused, *others}
    assert set(chosen(HUBER, True, 0)) == {*fused, *others}


def test_tenth_is_the_same_for_the_same_seed():
    assert list(chosen(HUBER, False, 3)) == list(chosen(HUBER, False, 3))
