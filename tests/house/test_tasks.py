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
    assert script.rstrip().endswith("python3 tasks.py test-all")
    assert "python3 tasks.py test-all" in (ROOT / "README.md").read_text()


def recorded(tasks, monkeypatch, found):
    """The steps of test-all where `found` is the browser."""
    steps = []
    monkeypatch.setattr(tasks, "prepare", lambda extra: 0)
    monkeypatch.setattr(tasks, "browser", lambda: found)
    monkeypatch.setattr(tasks, "run_steps", lambda given, rest: steps.extend(given) or 0)
    monkeypatch.setattr(tasks.os, "environ", dict(tasks.os.environ))
    assert tasks.test_all([]) == 0
    return [name for name, _ in steps]


def test_all_is_test_and_every_page(tasks, monkeypatch, capsys):
    names = [name for name, _ in tasks.TEST]
    assert recorded(tasks, monkeypatch, "chromium") == [*names, "the site", "pages in a browser"]
    assert "NOT OPENED" not in capsys.readouterr().out


def test_pages_that_nobody_opened_are_said_to_be_so(tasks, monkeypatch, capsys):
    assert recorded(tasks, monkeypatch, "")[-1] == "the site"
    assert "NOT OPENED" in capsys.readouterr().out


def test_a_browser_that_does_not_start_is_none(tasks, monkeypatch, tmp_path):
    for name, code in (("chromium", 1), ("google-chrome", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tasks.chromium() == str(tmp_path / "google-chrome")
    (tmp_path / "google-chrome").unlink()
    assert tasks.chromium() == ""
