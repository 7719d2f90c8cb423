"""The float64 kernel stands for exact mathematics only where it was seen to agree with it."""

import numpy as np
import pytest
from certify.wrong import edited

import lossgen.losses as shipped
from lossgen.certify import certify, subjects
from lossgen.certify.sweep import CHUNK, CHUNKS
from lossgen.certify.verified import BOUND, OFFSETS, numbers, sample, verify

CHUNKS_TRIED = range(0, CHUNKS, 37)


def verified(loss, chunks=CHUNKS_TRIED):
    return verify(loss, subjects(loss.entry)[0], chunks)


@pytest.mark.parametrize("name", ["huber", "log_cosh", "hinge", "binary_cross_entropy"])
def test_a_right_kernel_may_stand_for_the_exact_results(name):
    found = verified(getattr(shipped, name))
    assert found.holds
    assert found.inputs > 100
    assert found.ulps < BOUND / 100


# Wrong in float64 by the same formula as in float32: agreement of the two widths shows nothing.
TEXTS = {
    "a coefficient a millionth off": ("huber", r"real\(0\.5\)", "real(0.5000001)"),
    "a branch a little wider": ("huber", r"\br <= delta", "r <= real(1.00001) * delta"),
    "a sign": ("hinge", r"-target", "target"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_wrong_formula_is_seen_though_both_widths_agree(what):
    loss = edited(*TEXTS[what])
    chunks = sorted({*CHUNKS_TRIED, int(np.float32(1).view(np.uint32)) // CHUNK})
    found = verified(loss, chunks)
    assert found.ulps > BOUND
    assert not found.holds


def test_a_certificate_of_a_wrong_formula_does_not_hold():
    assert certify(shipped.squared_error, sample=20_000).holds
    wrong = certify(edited("squared_error", r"real\(2\)", "real(2.00001)"), sample=20_000)
    assert not wrong.holds
    assert not wrong.runs[0].reference.holds
    assert all(output.holds for output in wrong.runs[0].outputs if output.output == "value")


def test_nothing_tried_is_nothing_shown():
    assert not verified(shipped.huber, []).holds


def test_numbers_of_the_formula_and_their_neighbours_are_in_the_sample():
    (subject,) = subjects(shipped.huber.entry)
    near = numbers(subject)
    one = int(np.float32(1).view(np.uint32))
    assert {one - 2, one - 1, one, one + 1, one + 2} <= set(near.tolist())
    x = sample(subject, one // CHUNK, near)
    assert len(x) == len({*OFFSETS, 0, 1, 2})
    assert x[0] == 1
    below = sample(subject, one // CHUNK - 1, near)
    assert below[-1] == np.nextafter(np.float32(1), np.float32(0))


def test_the_unit_is_that_of_terms_only_where_they_cancel():
    found = verified(shipped.huber)
    assert set(found.least.values()) == {0.0}
