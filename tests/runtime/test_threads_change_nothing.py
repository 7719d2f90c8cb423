"""The result does not depend on the number of threads, on who calls, or on a fork."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from runtime.by_hand import by_hand

from lossgen.runtime import processors, threads

RNG = np.random.default_rng(11)
X, Y, W = RNG.normal(size=50_001), RNG.normal(size=50_001), RNG.random(50_001)


@pytest.fixture(autouse=True)
def _many_runs(monkeypatch):
    monkeypatch.setattr("lossgen.runtime.evaluate.MOST", 1000)


def results(**options):
    return by_hand("huber").derivatives(X, Y, sample_weight=W, **options)


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("count", [1, 2, 3, 8, None])
def test_number_of_threads(count):
    assert same(results(threads=count), results(threads=1))


@pytest.mark.parametrize("elements", [256, 5000, 1 << 18])
def test_size_of_the_runs(elements, monkeypatch):
    expected = results()
    monkeypatch.setattr("lossgen.runtime.evaluate.MOST", elements)
    assert same(results(), expected)


def test_gradient_of_a_shared_argument():
    center = by_hand("center_loss")
    features, label = X[:50_000].reshape(-1, 5), RNG.integers(0, 7, 10_000)
    centers = RNG.normal(size=(7, 5))
    found = [
        center.gradient(features, label, centers=centers, wrt="centers", threads=count)
        for count in (1, 2, 5)
    ]
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_eight_threads_at_once():
    expected = results(threads=1)
    start = threading.Barrier(8)

    def call(count):
        start.wait()
        return [results(threads=count) for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(call, [None, 2, 3, 4] * 2):
            assert all(same(one, expected) for one in found)


def test_eight_threads_compile_once():
    found = []
    huber = by_hand("huber")
    narrow = X.astype(np.float32)

    def call():
        found.append(huber.hessian_vector_product(narrow, narrow, vector=narrow))

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert all(np.array_equal(one, found[0]) for one in found)
    assert len(found) == 8


def _in_child(queue):
    queue.put((threads._pool is None, processors.default_threads(), results(threads=3)))


def test_a_forked_child():
    expected = results(threads=3)
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    child = fork.Process(target=_in_child, args=(queue,))
    child.start()
    without_pool, count, found = queue.get(timeout=60)
    child.join(timeout=60)
    assert without_pool
    assert count == 1
    assert same(found, expected)


def test_the_first_error_is_raised_when_all_have_stopped():
    running = []

    def work(run):
        running.append(run)
        if run == 3:
            raise ValueError("third")
        running.append(run)

    with pytest.raises(ValueError, match="third"):
        threads.for_each(1000, work, 4)
    assert len(running) < 2000


def test_every_run_is_done_once():
    done = []
    threads.for_each(500, done.append, 4)
    assert sorted(done) == list(range(500))


def test_a_lost_run_would_be_seen(monkeypatch):
    """The twin: a pool that skips a run changes the result."""
    expected = results(threads=1)

    def for_each(runs, work, count):
        for run in range(1, runs):
            work(run)

    monkeypatch.setattr("lossgen.runtime.evaluate.for_each", for_each)
    assert not same(results(threads=1), expected)
