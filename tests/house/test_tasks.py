"""`tasks.py` runs every step to the end, and cannot pass when one has failed."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tasks(monkeypatch):
    """The module tasks.py, with the Python of these tests as its environment."""
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    return module


def step(code):
    return (f"ends with {code}", ("-c", f"import sys; sys.exit({code})"))


def test_all_steps_passed(tasks, capfd):
    assert tasks.run_steps([step(0), step(0)], ()) == 0
    assert "0 failed" in capfd.readouterr().out


@pytest.mark.parametrize("codes", [(1, 0), (0, 1), (0, 2, 0), (-9,)])
def test_a_failed_step_fails_the_whole_and_stops_nothing(tasks, capfd, codes):
    assert tasks.run_steps([step(code) for code in codes], ()) == 1
    out = capfd.readouterr().out
    assert out.count("--- ends with") == len(codes)
    assert "FAILED" in out


def test_test_runs_lint_types_generated_files_and_tests(tasks):
    names = [name for name, _ in tasks.TEST]
    assert names == ["ruff check", "ruff format", "mypy", "pyright", "generated files", "tests"]


def test_the_help_names_every_verb(tasks):
    assert all(f"\n    {verb:9} " in tasks.__doc__ for verb in tasks.VERBS)


def test_an_unknown_verb_is_refused(tasks, capsys):
    assert tasks.main(["tset"]) == 2
    assert "'tset'" in capsys.readouterr().err


def test_an_installation_depends_on_the_project_file(tasks, monkeypatch, tmp_path):
    before = tasks.fingerprint()
    for name in ("pyproject.toml", "setup.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    assert tasks.fingerprint() != before
    moved = tasks.fingerprint()
    (tmp_path / "pyproject.toml").write_text("changed")
    assert tasks.fingerprint() != moved


def test_ci_runs_what_a_contributor_runs():
    script = (ROOT / ".ci/run").read_text()
    assert "set -euo pipefail" in script
    assert script.rstrip().endswith("python3 tasks.py test")
