"""The wheel holds all of lossgen, the kernels as lossgen.generated, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = {".py", ".pyi", ".csv", ".txt", ".lark", ".json", ".typed"}


def expected():
    """The names that the wheel must have, from the tree."""
    return {
        f"{prefix}{path.relative_to(ROOT).as_posix()}"
        for folder, prefix in (("lossgen", ""), ("generated", "lossgen/"))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and (path.suffix in DATA or path.name == "py.typed")
    }


def wrong(names):
    """Names that are missing or too many, without the wheel's own folder of facts."""
    found = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    return found ^ expected()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of a copy of the tree: setuptools leaves its own folders where it builds."""
    pytest.importorskip("build", reason="the wheel is built with the package `build`")
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, copy)
    for name in ("lossgen", "generated"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    out = tmp_path_factory.mktemp("wheel")
    # Without isolation the build needs no network: setuptools is a development dependency.
    command = ("-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy))
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_has_every_file_in_its_place(wheel):
    assert wrong(zipfile.ZipFile(wheel).namelist()) == set()


def test_a_misplaced_and_a_missing_file_are_seen():
    assert wrong({*expected(), "generated/__init__.py"}) == {"generated/__init__.py"}
    assert wrong(expected() - {"lossgen/py.typed"}) == {"lossgen/py.typed"}


def test_the_wheel_brings_licence_and_exception(wheel):
    archive = zipfile.ZipFile(wheel)
    (licence,) = (name for name in archive.namelist() if name.endswith("LICENSE"))
    words = " ".join(archive.read(licence).decode().split())
    assert "Permission is hereby granted, free of charge" in words
    assert "Files that lossgen generates" in words
    assert "belong to whoever generates them" in words


def test_the_installed_wheel_finds_its_kernels(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = "import lossgen, lossgen.generated.cpu as cpu; print(lossgen.__file__, cpu.__file__)"
    # -S leaves the site folder out, and with it the editable install of this tree.
    shown = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert all(Path(path).is_relative_to(tmp_path / "site") for path in shown)
