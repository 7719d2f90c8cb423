"""The number of threads respects affinity, control groups, LOSSGEN_NUM_THREADS and other pools."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import pytest

from lossgen.runtime import ArgumentError, processors


@pytest.fixture
def groups(tmp_path):
    """Return a function that writes a tree of control groups and reads what it grants."""

    def write(own, files):
        (tmp_path / "own").write_text(own)
        for name, text in files.items():
            path = tmp_path / "root" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return processors.granted(tmp_path / "root", tmp_path / "own")

    return write


def test_version_2_takes_the_tightest_limit_on_the_way_up(groups):
    files = {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "150000 100000\n"}
    assert groups("0::/a/b\n", files) == 1.5


def test_version_1(groups):
    files = {"cpu,cpuacct/a/cpu.cfs_quota_us": "50000", "cpu,cpuacct/a/cpu.cfs_period_us": "100000"}
    assert groups("3:cpu,cpuacct:/a\n1:name=systemd:/a\n", files) == 0.5


def test_no_limit(groups, tmp_path):
    assert groups("0::/\n", {"cpu.max": "max 100000\n"}) is None
    assert groups("0::/nowhere\n", {}) is None
    assert processors.granted(tmp_path, tmp_path / "nothing") is None


def test_the_affinity_mask_counts(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 3, 5}, raising=False)
    monkeypatch.setattr(processors, "granted", lambda: None)
    assert processors.available() == 3
    monkeypatch.setattr(processors, "granted", lambda: 0.5)
    assert processors.available() == 1


def test_the_variable_decides(monkeypatch):
    monkeypatch.setenv("LOSSGEN_NUM_THREADS", "3")
    assert processors.default_threads() == 3
    monkeypatch.setenv("LOSSGEN_NUM_THREADS", "many")
    with pytest.raises(ArgumentError, match="LOSSGEN_NUM_THREADS is 'many'"):
        processors.default_threads()


def test_one_inside_the_workers_of_a_pool(monkeypatch):
    monkeypatch.setenv("LOSSGEN_NUM_THREADS", "3")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(processors.default_threads).result() == 1
    with ThreadPoolExecutor(1, "Dask-Default-Threads") as pool:
        assert pool.submit(processors.default_threads).result() == 1
    with ThreadPool(1) as pool:
        assert pool.apply(processors.default_threads) == 1


def test_a_thread_of_ones_own_is_no_worker(monkeypatch):
    monkeypatch.setenv("LOSSGEN_NUM_THREADS", "3")
    found = []
    thread = threading.Thread(target=lambda: found.append(processors.default_threads()))
    thread.start()
    thread.join()
    assert found == [3]
