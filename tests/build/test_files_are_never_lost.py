"""A build writes files whole, notices what differs, and overwrites nobody's work."""

import os
import stat
import threading
from pathlib import Path

import pytest

from lossgen.build import BuildError, build, write

LOSS = '''
from lossgen.language import *

@loss
def mine(x: Real, y: Real, *, c: Positive = 2.0):
    """A loss of somebody."""
    return c * (x - y)**2
'''


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(LOSS)
    return path


def made(source, out, **options):
    return build([source], out, ("cpu",), **options)


def listing(folder: Path):
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_a_build_writes_what_it_says(source, tmp_path):
    report = made(source, tmp_path / "out")
    assert listing(tmp_path / "out") == [
        "__init__.py", "cpu/__init__.py", "cpu/_math.py", "cpu/mine.py", "docs/mine.md",
    ]  # fmt: skip
    assert len(report.written) == 5
    again = made(source, tmp_path / "out")
    assert (len(again.written), len(again.unchanged)) == (0, 5)


def test_check_finds_nothing_right_after_a_build(source, tmp_path):
    made(source, tmp_path / "out")
    report = made(source, tmp_path / "out", check=True)
    assert report
    assert "5 files are what lossgen build writes" in str(report)


def test_check_writes_nothing(source, tmp_path):
    report = made(source, tmp_path / "out", check=True)
    assert not report
    assert not (tmp_path / "out").exists()


def changed(path):
    path.write_text(path.read_text().replace("residual", "gap", 1))


DAMAGES = {
    "a changed kernel": ("cpu/mine.py", changed),
    "a changed page": ("docs/mine.md", lambda path: path.write_text("no formula")),
    "changed mathematics": ("cpu/_math.py", lambda path: path.write_text(path.read_text() + "\n")),
    "a missing kernel": ("cpu/mine.py", Path.unlink),
    "a missing package": ("cpu/__init__.py", Path.unlink),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_check_notices(damage, source, tmp_path):
    made(source, tmp_path / "out")
    name, act = DAMAGES[damage]
    act(tmp_path / "out" / name)
    report = made(source, tmp_path / "out", check=True)
    assert not report
    assert [found for found in report.differing if found.endswith(name)]
    assert name.rsplit("/", 1)[-1] in str(report)
    assert "1 files differ; run lossgen build" in str(report)


def test_check_notices_an_extra_file_and_a_build_removes_it(tmp_path, monkeypatch):
    monkeypatch.setattr("lossgen.build.catalogue_entries", _one_entry)
    build(out=tmp_path, targets=("cpu",))
    (tmp_path / "cpu" / "old.py").write_text((tmp_path / "cpu" / "huber.py").read_text())
    report = build(out=tmp_path, targets=("cpu",), check=True)
    extra = [name for name in report.differing if "old.py" in name]
    assert [name for name in extra if "not written by the build" in name]
    again = build(out=tmp_path, targets=("cpu",))
    assert len(again.removed) == 1
    assert not (tmp_path / "cpu" / "old.py").exists()


def _one_entry():
    from lossgen.catalogue.residual import huber

    return {"huber": huber.entry}


def test_a_file_edited_by_hand_is_refused_and_kept(source, tmp_path):
    made(source, tmp_path / "out")
    kernel = tmp_path / "out" / "cpu" / "mine.py"
    changed(kernel)
    edited, page = kernel.read_text(), (tmp_path / "out" / "docs" / "mine.md").read_text()
    source.write_text(LOSS.replace("c * (x - y)**2", "c * (x - y)**4"))
    sentence = r"cpu/mine\.py was edited by hand .* move the edit to the loss"
    with pytest.raises(BuildError, match=sentence) as error:
        made(source, tmp_path / "out")
    assert "\n" not in str(error.value)
    assert kernel.read_text() == edited
    assert (tmp_path / "out" / "docs" / "mine.md").read_text() == page, "nothing is half written"


def test_a_file_that_was_not_edited_is_replaced(source, tmp_path):
    """The twin of the refusal."""
    made(source, tmp_path / "out")
    source.write_text(LOSS.replace("c * (x - y)**2", "c * (x - y)**4"))
    assert len(made(source, tmp_path / "out").written) == 2


def test_a_failure_midway_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "kernel.py"
    write(path, "old")
    monkeypatch.setattr(Path, "replace", _fail)
    monkeypatch.setattr(os, "replace", _fail)
    with pytest.raises(KeyboardInterrupt):
        write(path, "new")
    assert path.read_text() == "old"
    assert listing(tmp_path) == ["kernel.py"]


def _fail(*_):
    raise KeyboardInterrupt


def test_a_written_file_can_be_read_by_others(tmp_path):
    write(tmp_path / "kernel.py", "text\n")
    mode = stat.S_IMODE((tmp_path / "kernel.py").stat().st_mode)
    assert mode == 0o644
    assert (tmp_path / "kernel.py").read_bytes() == b"text\n"


def test_two_builds_at_once_leave_whole_files(source, tmp_path):
    builds = [threading.Thread(target=made, args=(source, tmp_path / "out")) for _ in range(3)]
    for one in builds:
        one.start()
    for one in builds:
        one.join()
    assert made(source, tmp_path / "out", check=True)


def test_a_folder_that_cannot_be_written_is_one_sentence(source, tmp_path):
    """Below a file, where even root cannot write."""
    (tmp_path / "file").write_text("")
    sentence = r"file.* cannot be written \(.+\); give another --out"
    with pytest.raises(BuildError, match=sentence) as error:
        made(source, tmp_path / "file" / "out")
    assert "\n" not in str(error.value)
    assert listing(tmp_path) == ["file", "mine.py"]


def test_nothing_is_written_where_one_loss_is_nonsense(source, tmp_path):
    source.write_text(LOSS + "\n@loss\ndef other(x: Real, y: Real):\n    return x\n")
    with pytest.raises(ValueError, match="other: the formula never uses y"):
        made(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()
