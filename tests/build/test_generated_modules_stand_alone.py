"""Generated modules need numba and numpy only, and keep to the size that a reader can take in."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lossgen.catalogue.entries import entries
from lossgen.emit.form import forms
from lossgen.emit.module import module

GENERATED = Path(__file__).resolve().parents[2] / "generated" / "cpu"
NAMES = sorted(entries())

# Longest module by the axes of a row, and longest row function: the longest today, a little air.
LINES = {0: 350, 1: 480, 2: 520}
ROW_FUNCTION = 75
WIDTH = 100
# How many longer lines there are, to be brought down: never more than these.
LONGER = {
    "binary_cross_entropy_with_logits": 1, "cosine_distance": 1, "focal": 11,
    "gan_minimax_generator": 1, "info_nce": 1, "jaccard_distance": 8, "mahalanobis_distance": 3,
    "sigmoid_focal": 25, "softmax_focal": 5, "triplet_margin": 2, "wasserstein_assignment": 1,
}  # fmt: skip

BLOCKED = """
import importlib, sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sympy", "lossgen", "mpmath", "scipy"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Block())
sys.path.insert(0, sys.argv[1])
import numpy as np
for name in sys.argv[2].split():
    importlib.import_module(f"kernels.{name}")
from kernels import huber
x, y = np.array([1.0, 2.0, 5.0]), np.array([1.5, 2.0, 1.0])
totals, d = np.zeros(1), np.zeros(3)
huber.value_and_gradient(x, y, 1.0, None, np.float64(1), totals, None, d, None)
assert totals[0] == 0.125 + 3.5, totals
assert d.tolist() == [-0.5, 0.0, 1.0], d
assert not {"sympy", "lossgen"} & set(sys.modules)
print("alone")
"""


def test_they_import_and_run_without_sympy_and_lossgen(tmp_path):
    shutil.copytree(GENERATED, tmp_path / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {"PATH": "", "NUMBA_DISABLE_JIT": "1", "HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(tmp_path), " ".join(NAMES)],
        env=environment, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "alone"


@pytest.fixture(scope="module")
def texts():
    return {name: module(forms(entry), "cpu") for name, entry in entries().items()}


def imported(text):
    """The modules that a text imports, at the top or anywhere."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_imports(name, texts):
    assert imported(texts[name]) <= {"math", "numba", "numpy", "._math"}
    assert "numba" in imported(texts[name])


def unused(text):
    """Names that are imported and never used."""
    tree = ast.parse(text)
    given = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return given - {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", NAMES)
def test_no_trace_of_the_machine_that_wrote_them(name, texts):
    text = texts[name]
    assert unused(text) == set()
    assert not re.search(r"_tmp|tmp\d|Dummy|_Dummy|at_\w+_\d", text)
    assert "cache=True" not in text
    after = [line for line in text.split('"""', 2)[2].splitlines() if '"prepare": ' not in line]
    assert not [line for line in after if "lossgen" in line]
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def functions(text):
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def axes_of(entry):
    return min(2, max(len(a.domain.axes) for a in entry.arguments))


@pytest.mark.parametrize("name", NAMES)
def test_length(name, texts):
    assert texts[name].count("\n") <= LINES[axes_of(entries()[name])]
    rows = [f for f in functions(texts[name]) if f.name.endswith("_row")]
    longest = max(f.end_lineno - f.lineno + 1 for f in rows)
    assert longest <= ROW_FUNCTION
    assert all(ast.get_docstring(function) for function in functions(texts[name]))


def test_budgets_are_tight(texts):
    """The twin: a budget that nothing comes near is no budget."""
    for axes, limit in LINES.items():
        same = [text for name, text in texts.items() if axes_of(entries()[name]) == axes]
        assert max(text.count("\n") for text in same) > 0.8 * limit
    every = [function for text in texts.values() for function in functions(text)]
    rows = [f.end_lineno - f.lineno + 1 for f in every if f.name.endswith("_row")]
    assert max(rows) > 0.8 * ROW_FUNCTION


@pytest.mark.parametrize("name", NAMES)
def test_width(name, texts):
    longer = [line for line in texts[name].splitlines() if len(line) > WIDTH]
    assert len(longer) <= LONGER.get(name, 0), longer


@pytest.mark.parametrize("name", NAMES)
def test_every_value_that_is_computed_is_used(name, texts):
    """No dead line: what a row function assigns, it reads."""
    for function in functions(texts[name]):
        if not function.name.endswith("_row"):
            continue
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        assert stored - read == set(), function.name
