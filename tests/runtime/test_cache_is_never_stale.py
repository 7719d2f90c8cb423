"""A kernel on disk is found by another process, and never after what it depends on changed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from runtime.by_hand import FOLDER, loss_of

from lossgen.runtime import cache

KERNEL = (FOLDER / "softmax_cross_entropy.py").read_text()
MATHEMATICS = (FOLDER / "_math.py").read_text()
LOGITS, LABEL = np.array([[1.0, 2.0, 3.0]]), np.array([0])

SCRIPT = """
import sys
from runtime.by_hand import loss_of
import numpy as np
from numba.core.caching import FunctionCache
hits = []
load = FunctionCache.load_overload
FunctionCache.load_overload = lambda *a: hits.append(load(*a)) or hits[-1]
loss = loss_of("softmax_cross_entropy", open(sys.argv[1]).read(), open(sys.argv[2]).read())
print(loss(np.array([[1.0, 2.0, 3.0]]), np.array([0])).hex(), any(hits))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LOSSGEN_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "kernel.py").write_text(KERNEL)
    (tmp_path / "mathematics.py").write_text(MATHEMATICS)
    return tmp_path


def start(folder):
    tests = Path(__file__).resolve().parents[1]
    paths = [str(tests), *sys.path]
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder / "kernel.py"), str(folder / "mathematics.py")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        text=True,
    )


def run(folder):
    process = start(folder)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    value, hit = output.split()
    return float.fromhex(value), hit == "True"


def test_a_second_process_finds_the_kernel_and_an_edited_math_file_does_not(folder):
    first = run(folder)
    assert first[1] is False
    assert run(folder) == (first[0], True)
    wrong = MATHEMATICS.replace("math.exp(x)", "2 * math.exp(x)")
    (folder / "mathematics.py").write_text(wrong)
    changed = run(folder)
    assert changed[1] is False
    assert changed[0] == pytest.approx(first[0] + np.log(2))


def test_two_processes_at_once(folder):
    both = [start(folder), start(folder)]
    outputs = {process.communicate(timeout=120)[0].split()[0] for process in both}
    assert len(outputs) == 1
    assert len(list((folder / "cache").iterdir())) == 1


@pytest.mark.parametrize("change", ["kernel", "mathematics", "versions", "flags"])
def test_the_name_depends_on_everything_that_decides_the_code(change, monkeypatch):
    texts = {"loss": KERNEL, "_math": MATHEMATICS}
    before = cache.digest(texts)
    assert cache.digest(dict(reversed(texts.items()))) == before
    if change == "versions":
        monkeypatch.setattr("numba.__version__", "0.0")
    elif change == "flags":
        monkeypatch.setenv("NUMBA_OPT", "1")
    else:
        texts["loss" if change == "kernel" else "_math"] += "\n"
    assert cache.digest(texts) != before


def test_texts_do_not_run_into_each_other():
    assert cache.digest({"a": "bc", "d": ""}) != cache.digest({"a": "b", "cd": ""})


def test_it_works_where_nothing_is_writable(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOSSGEN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert cache.store("name", {"a": ""}) is None
    loss = loss_of("softmax_cross_entropy", KERNEL + "# in memory\n")
    assert loss(LOGITS, LABEL) == pytest.approx(np.log(np.exp([1, 2, 3]).sum()) - 1)


def test_a_folder_that_somebody_changed_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("LOSSGEN_CACHE_DIR", str(tmp_path))
    texts = {"a": "one = 1\n"}
    folder = cache.store("name", texts)
    assert folder == cache.store("name", texts)
    (folder / "a.py").write_text("one = 2\n")
    assert cache.store("name", texts) is None


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("LOSSGEN_CACHE_DIR", str(tmp_path))
    cache.store("name", {"a": ""})
    assert [path.name for path in tmp_path.iterdir()] == ["name"]
