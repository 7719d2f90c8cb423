"""A module imports only from lower floors; the generated files import nothing of ours at all."""

import ast
from pathlib import Path

import pytest
from house.floors import FLOORS, LATE_DOORS, ONLY, modules, room_of, upward

ROOT = Path(__file__).resolve().parents[2]
MODULES = list(modules(ROOT / "lossgen"))
GENERATED = sorted((ROOT / "generated").rglob("*.py"))


@pytest.mark.parametrize(
    ("module", "package", "source"), MODULES, ids=[module for module, *_ in MODULES]
)
def test_module_imports_only_from_lower_floors(module, package, source):
    assert upward(source, module, package=package) == []


WRONG = {
    "upward": ("lossgen.language.entry", "import lossgen.derive"),
    "upward, from the package": ("lossgen.language.entry", "from lossgen import derive"),
    "upward, relative": ("lossgen.language.entry", "from ..build import build"),
    "upward, by name": ("lossgen.runtime.loss", "from lossgen.language.entry import Entry"),
    "inside a function": ("lossgen.runtime.loss", "def late():\n    from lossgen import build"),
    "for types only": ("lossgen.plan", "if TYPE_CHECKING:\n    from .emit import Module"),
    "through importlib": ("lossgen.derive", "importlib.import_module('lossgen.emit.cpu')"),
    "through importlib, relative": ("lossgen.derive", "import_module('.emit.cpu')"),
    "a neighbour on the same floor": ("lossgen.stages", "from .plan import plan"),
    "the reference knows the derivation": ("lossgen.checks.jets", "from lossgen import derive"),
    "the reference knows the emitter": ("lossgen.checks.jets", "import lossgen.emit.cpu"),
    "an entry knows more than the language": ("lossgen.catalogue.robust", "import lossgen.derive"),
    "formulas know the checks": ("lossgen.formulas.reader", "from ..checks import check"),
    "the roof": ("lossgen.emit.module", "from lossgen import __version__"),
    "a room without a floor": ("lossgen.attic", "import numpy"),
}


@pytest.mark.parametrize(("module", "source"), WRONG.values(), ids=WRONG)
def test_a_wrong_import_is_seen(module, source):
    assert len(upward(source, module)) == 1


RIGHT = {
    "downward": ("lossgen.emit.cpu", "from lossgen.plan import plan\nfrom ..language import let"),
    "its own room": ("lossgen.language.entry", "from .domains import Domain"),
    "foreign": ("lossgen.runtime.loss", "import numpy\nfrom importlib import import_module"),
    "the verdict knows the reference": ("lossgen.verdict", "from .checks import check"),
}


@pytest.mark.parametrize(("module", "source"), RIGHT.values(), ids=RIGHT)
def test_a_right_import_is_not_blamed(module, source):
    assert upward(source, module) == []


def test_a_package_resolves_its_relative_imports_from_itself():
    assert upward("from .entry import Entry", "lossgen.language", package=True) == []
    assert len(upward("from ..emit import cpu", "lossgen.language", package=True)) == 1


def test_each_late_door_is_used_and_says_why():
    used = {
        (module, there)
        for module, package, source in MODULES
        for there in FLOORS
        if (module, there) in LATE_DOORS and there in source
    }
    assert used == set(LATE_DOORS)
    assert all(len(reason) > 20 for reason in LATE_DOORS.values())


def test_the_table_of_rooms_names_only_rooms():
    assert set(ONLY) <= set(FLOORS)
    assert set().union(*ONLY.values()) <= set(FLOORS)


def foreign_imports(source):
    """What a generated module imports besides the mathematics, NumPy, Numba and its siblings."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level != 1:
            found.append(f"{'.' * node.level}{node.module or ''}")
    # `threading` is for the barrier of simulated threads.
    allowed = {"math", "numpy", "numba", "llvmlite", "threading"}
    return [name for name in found if name.split(".")[0] not in allowed]


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_generated_module_works_without_lossgen_and_sympy(path):
    assert foreign_imports(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line", ["import lossgen", "from sympy import exp", "from .. import cpu", "import numpy, sympy"]
)
def test_a_foreign_import_in_a_generated_module_is_seen(line):
    assert len(foreign_imports(f"from . import _math\n{line}\n")) == 1


def test_the_room_of_a_name():
    assert room_of("lossgen") == "__init__"
    assert room_of("lossgen.emit.cpu") == "emit"
