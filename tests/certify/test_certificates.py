"""A certificate says what was found, and a kernel that is wrong anywhere is found."""

import json

import numpy as np
import pytest
from certify.wrong import edited, wrong_at

import lossgen.losses as shipped
from lossgen.certify import CertificateError, certify, from_json, subjects
from lossgen.certify.certificate import Output, shown
from lossgen.certify.enumeration import certify as enumerate_
from lossgen.certify.enumeration import wrongly_undefined
from lossgen.certify.outputs import double, same_bits, single
from lossgen.certify.sweep import CHUNK, Worst, sweep, total
from lossgen.language import Unit, log, loss

NUMBER = 1.0612345


@pytest.fixture(scope="module")
def huber():
    """A certificate of a sample: what it says holds for the sample only."""
    return certify(shipped.huber, sample=20_000)


def chunk_of_value(loss):
    """The whole chunk that NUMBER lies in: a million numbers."""
    (subject,) = subjects(loss.entry)

    def measure(x):
        return {"value": (single(loss, subject, x)["value"], double(loss, subject, x)["value"])}

    chunk = int(np.float32(NUMBER).view(np.uint32)) // CHUNK
    return total(sweep(measure, subject.inside, [chunk])["value"])


def test_a_kernel_wrong_at_one_number_of_all_is_found():
    worst = chunk_of_value(wrong_at("squared_error", NUMBER))
    assert worst.ulps > 2
    assert worst.bits == np.float32(NUMBER).view(np.uint32)
    assert chunk_of_value(shipped.squared_error).ulps <= 0.5


def test_a_form_with_bits_of_its_own_is_measured_too():
    """The value alone is spoilt; the fused kernel, which is run first, is right."""
    wrong = edited("squared_error", r"loss = residual \* residual", "loss = real(1)", count=1)
    (run,) = certify(wrong, sample=20_000).runs
    value, slope, _ = run.outputs
    assert value.other_bits == ("value",)
    assert not value.holds
    assert slope.holds
    assert slope.other_bits == ()


def test_bits_are_compared_and_not_numbers():
    zeros = np.array([0.0, 1.0], np.float32), np.array([-0.0, 1.0], np.float32)
    assert not same_bits(*zeros)
    nans = np.array([0x7FC00000, 0xFFC00001], np.uint32).view(np.float32)
    assert same_bits(nans, nans[::-1].copy())


def test_it_is_the_same_whatever_the_threads(huber):
    assert enumerate_(shipped.huber, sample=20_000, threads=1).to_json() == huber.to_json()


def test_it_survives_being_written_and_read(huber):
    read = from_json(huber.to_json())
    assert read.runs == huber.runs
    assert read.to_json() == huber.to_json()


def test_it_names_no_day_and_no_place(huber):
    text = huber.to_json()
    keys = set(json.loads(text))
    assert keys == {"loss", "hashes", "parameters", "runs", "compiled", "command", "shows"}
    assert "/" not in text.replace("prediction/", "")


def test_the_worst_is_where_it_says(huber):
    value = huber.runs[0].outputs[0]
    x = float.fromhex(value.at)
    assert np.float32(value.at_decimal) == np.float32(x)
    found = shipped.huber(np.float32([x]), np.float32([0]), reduction="none")[0]
    assert found == np.float32(float.fromhex(value.found))
    exact = x * x / 2 if abs(x) <= 1 else abs(x) - 0.5
    assert float(value.exact) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("text", ["", "{}", '{"loss": "huber"}', "[1]"])
def test_what_is_no_certificate_is_refused(text):
    with pytest.raises(CertificateError, match="cannot be read"):
        from_json(text)


ROW = ("value", 1.0, 1.0, 8.0, "0x1p0", "1.0", "0x1p0", "1.0", 1.0, 0)


def test_an_output_does_not_hold_beyond_its_bound_nor_with_nan():
    assert Output(*ROW, 0, True).holds
    assert not Output(*ROW, 1, True).holds
    assert not Output(*ROW, 0, False).holds
    assert not Output("value", 9.0, 9.0, *ROW[3:], 0, True).holds
    assert not Output("value", "inf", "inf", *ROW[3:], 0, False).holds


def test_nan_counts_where_the_exact_result_is_a_number():
    """The limit of the second derivative of focal is known at a perfect prediction too."""
    subject = subjects(shipped.focal.entry)[0]
    bits = tuple(int(np.float32(x).view(np.uint32)) for x in (0.0, 0.5))
    assert wrongly_undefined("h_prob", Worst(undefined=2, where=bits), subject) == 2
    assert wrongly_undefined("h_prob", Worst(undefined=9, where=bits), subject) == 9
    assert wrongly_undefined("value", Worst(undefined=2, where=bits), subject) == 2


@loss
def zero_times_infinity(prob: Unit):
    """Undefined at 0, and a number everywhere else."""
    return prob * log(prob)


def test_nan_does_not_count_where_the_exact_result_is_none():
    (subject,) = subjects(zero_times_infinity.entry)
    bits = tuple(int(np.float32(x).view(np.uint32)) for x in (0.0, 0.5))
    for output in ("value", "d_prob", "h_prob"):
        assert wrongly_undefined(output, Worst(undefined=2, where=bits), subject) == 1


@pytest.mark.parametrize("ulps", [0.0, 0.5, 1.0001, 1.0049, 1.236, 12345.6, 6.34e29])
def test_an_error_is_rounded_up(ulps):
    assert ulps <= float(shown(ulps)) <= ulps * 1.01
