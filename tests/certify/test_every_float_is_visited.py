"""A sweep visits every float32 once, and finds what is wrong at a single one."""

import numpy as np
import pytest

from lossgen.certify.sweep import CHUNK, CHUNKS, slices, sweep, total


def everywhere(x):
    return np.ones(x.shape, bool)


def bits_of(number):
    return int(np.float32(number).view(np.uint32))


def test_chunks_and_slices_are_all_bits_once():
    assert CHUNKS * CHUNK == 2**32
    for chunk in (0, 1, CHUNKS // 2, CHUNKS - 1):
        bits = np.concatenate([x.view(np.uint32) for x in slices(chunk, None)]).astype(np.int64)
        assert (bits == chunk * CHUNK + np.arange(CHUNK)).all()


@pytest.mark.parametrize("count", [2, 3, 100, CHUNK])
def test_a_sample_has_both_ends_of_a_chunk(count):
    (x,) = slices(5, count)
    bits = x.view(np.uint32).astype(np.int64)
    assert (bits[0], bits[-1], len(bits)) == (5 * CHUNK, 6 * CHUNK - 1, count)
    assert (np.diff(bits) > 0).all()


def identity_wrong_at(*numbers):
    """Identities of which the float32 one is an ulp off at some numbers, NaN at the last."""

    def measure(x):
        found = x.copy()
        for number in numbers:
            found[x == np.float32(number)] = np.nextafter(np.float32(number), np.float32(np.inf))
        return {"value": (found, x.astype(np.float64))}

    return measure


CHUNK_OF_ONE = [bits_of(1.0) // CHUNK]


@pytest.mark.parametrize("number", [1.0, 1.0 + 2.0**-23, 1.0612345, 1.1249999])
def test_one_wrong_result_of_a_million_is_found(number):
    found = sweep(identity_wrong_at(number), everywhere, CHUNK_OF_ONE)
    worst = total(found["value"])
    assert (worst.ulps, worst.bits, worst.inputs) == (1.0, bits_of(number), CHUNK)
    assert worst.rounded == CHUNK - 1
    assert total(sweep(identity_wrong_at(), everywhere, CHUNK_OF_ONE)["value"]).ulps == 0.0


def test_of_equal_errors_the_first_counts_whatever_the_threads():
    chunks = range(CHUNK_OF_ONE[0], CHUNK_OF_ONE[0] + 3)
    measure = identity_wrong_at(1.3, 1.05, 1.06, 1.2)
    found = [sweep(measure, everywhere, chunks, threads=threads) for threads in (1, 2, 3)]
    assert found[0] == found[1] == found[2]
    assert total(found[0]["value"]).bits == bits_of(1.05)


def test_numbers_outside_are_left_out():
    found = sweep(identity_wrong_at(1.05), lambda x: x > np.float32(1.1), CHUNK_OF_ONE)
    worst = total(found["value"])
    assert worst.ulps == 0.0
    assert worst.inputs == CHUNK - 1 - (bits_of(1.1) - bits_of(1.0))


def test_nan_at_finite_numbers_is_counted():
    def measure(x):
        found = np.where(x == np.float32(1.06), np.float32(np.nan), x)
        return {"value": (found, found.astype(np.float64))}

    worst = total(sweep(measure, everywhere, CHUNK_OF_ONE)["value"])
    assert (worst.ulps, worst.undefined) == (0.0, 1)
    assert worst.where == (bits_of(1.06),)
