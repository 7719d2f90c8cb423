"""The claims that pages print are those of the formulas as they are."""

import dataclasses

import pytest

from lossgen.catalogue.entries import losses
from lossgen.evidence import claims, is_current, recorded, recording
from lossgen.evidence.record import fingerprint
from lossgen.losses import find

LOSSES = losses()
AGAIN = ("huber", "cauchy", "sparse_softmax_cross_entropy", "js_divergence")


@pytest.mark.parametrize("name", LOSSES)
def test_claims_are_kept_for_the_formula_as_it_is(name):
    assert is_current(LOSSES[name].entry), "run: lossgen claims --record"


@pytest.mark.parametrize("name", AGAIN)
def test_claims_are_found_again(name):
    again = {claim.name: claim.verdict for claim in claims(find(name))}
    assert again == {claim.name: claim.verdict for claim in recorded(name)}


def test_a_changed_formula_is_noticed():
    entry = LOSSES["huber"].entry
    changed = dataclasses.replace(entry, value=2 * entry.value)
    assert fingerprint(changed) != fingerprint(entry)
    assert not is_current(changed)


def test_what_is_kept_is_what_was_found():
    found = recorded("huber")
    assert '"fingerprint"' in recording([LOSSES["huber"]], [found])
    assert found["convex"].verdict == "proved"
    assert recorded("no_such_loss") is None
