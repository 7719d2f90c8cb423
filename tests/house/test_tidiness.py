"""Small laws of the tree: short modules, no loose ends, no path of anybody's machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("lossgen", "generated", "tests", "benchmarks", "docs", ".ci")
TEXTS = {".py", ".pyi", ".md", ".toml", ".txt", ".csv", ".lark", ".json", ""}

LONGEST = 300
# Modules that are longer, and why.
LONG = {
    "lossgen/emit/mathematics/cuda.py": "copied whole: all kernels share one file of mathematics",
    "lossgen/emit/rows.py": "one writer: a method for each kind of loop, fold and statement",
    "lossgen/emit/scalar.py": "one printer: a method for each kind of expression",
    "lossgen/emit/mathematics/cpu/elementary.py": "every other theme is built on these functions",
    "lossgen/derive/adjoint.py": "one pass: a method for each kind of statement and contribution",
    "lossgen/language/atoms.py": "a list: one class for each atom, with what it means",
    "tests/mathematics/test_functions_within_ulp.py": "the twins of one table of functions",
}

# Put together here, so that this file does not find itself.
LOOSE_END = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3 + r"\b")))
MACHINE = re.compile(r"(?<![\w.}~-])/(?:" + "|".join(("tmp", "work", "root", "home")) + r")/\w")


def files():
    """Every text file that is kept in the repository."""
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    inner = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(
        path for path in (*top, *inner) if path.suffix in TEXTS and "__pycache__" not in path.parts
    )


def name(path):
    return path.relative_to(ROOT).as_posix()


def excess(path_name, text):
    """How many lines a module of ours is too long; generated ones have budgets of their own."""
    ours = not path_name.startswith("generated/") and path_name not in LONG
    return max(0, text.count("\n") - LONGEST) if ours else 0


FILES = files()
PYTHON = [path for path in FILES if path.suffix == ".py"]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_module_is_short(path):
    assert excess(name(path), path.read_text(encoding="utf-8")) == 0


def test_a_long_module_is_seen():
    assert excess("lossgen/plan.py", "\n" * (LONGEST + 1)) == 1
    assert excess("lossgen/plan.py", "\n" * LONGEST) == 0


def test_each_exception_is_needed_and_says_why():
    for path_name, reason in LONG.items():
        assert (ROOT / path_name).read_text(encoding="utf-8").count("\n") > LONGEST
        assert len(reason) > 20


@pytest.mark.parametrize("path", FILES, ids=name)
def test_file_has_no_loose_end(path):
    assert LOOSE_END.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_file_names_no_path_of_a_machine(path):
    assert MACHINE.findall(path.read_text(encoding="utf-8")) == []


def test_a_loose_end_and_a_machine_path_are_seen():
    assert LOOSE_END.search("# TO" + "DO: later")
    assert MACHINE.search("open('/tmp" + "/kernel.py')")
    assert MACHINE.search("see /home" + "/me/notes")
    assert not MACHINE.search("https://example.org/home" + "/page and lossgen/work" + "/x")
