"""The floors of the house, and a reader that finds the imports of a module that go upwards."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "lossgen"

# A module imports only from lower floors. Rooms on one floor do not know each other.
FLOORS = {
    "generated": -2,  # imports nothing of ours: it must work where lossgen is not installed
    "runtime": -1,  # stands alone: calling a shipped loss loads nothing else
    "losses": 0,
    "language": 0,
    "derive": 1,
    "stabilise": 1,
    "catalogue": 1,
    "formulas": 1,
    "stages": 2,
    "plan": 2,
    "checks": 2,
    "emit": 3,
    "traps": 3,
    "verdict": 3,
    "certify": 3,
    "evidence": 4,
    "foreign": 4,
    "build": 4,
    "proof": 4,
    "derivation": 4,
    "demo": 5,
    "site": 5,
    "plugin": 5,
    "cli": 6,
    "__main__": 7,
    "__init__": 8,  # the roof: the public names, behind lazy doors
}

# Rooms that may know less than their floor allows.
ONLY = {
    "losses": {"runtime", "generated"},
    "catalogue": {"language", "runtime"},
    "formulas": {"language"},
    "checks": {"language", "runtime"},  # never what made the kernels
    "traps": {"losses", "runtime", "checks"},
    "verdict": {"language", "runtime", "checks", "formulas"},
    "certify": {"language", "runtime", "checks", "generated"},
    "evidence": {"language", "runtime", "checks", "verdict"},
    "foreign": {"losses", "language", "runtime", "checks", "formulas", "verdict"},
}

# Upward imports that are made late, inside a function, and why they have to be.
LATE_DOORS: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Import:
    """One import found in a module: `found` is the dotted name of what it loads."""

    line: int
    found: str


def upward(source: str, module: str, *, package: bool = False) -> list[str]:
    """One sentence for each import of `source` that the house forbids.

    `module` is the dotted name of the module, `package` whether it is an `__init__.py`.
    """
    here = room_of(module)
    if here not in FLOORS:
        return [f"{module} is in no room; give {here!r} a floor in tests/house/floors.py"]
    return [
        f"{module}:{found.line} imports {found.found}: {here} may not know {there}"
        for found in imports(source, module, package)
        if (there := room_of(found.found)) != here
        and not allowed(here, there)
        and (module, there) not in LATE_DOORS
    ]


def allowed(here: str, there: str) -> bool:
    """Whether a module of one room may import from another room."""
    return (
        there in FLOORS
        and FLOORS[there] < FLOORS[here]
        and (here not in ONLY or there in ONLY[here])
    )


def room_of(module: str) -> str:
    """The room of a dotted name: its second part; the roof for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(source: str, module: str, package: bool) -> Iterator[Import]:
    """Every import of our own package, those inside functions and by `import_module` included."""
    home = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        for name in imported_names(node, home):
            if name.split(".")[0] == PACKAGE:
                yield Import(node.lineno, name)


def imported_names(node: ast.AST, home: list[str]) -> list[str]:
    """The dotted names that one syntax node loads, relative ones made absolute."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=base, names=names, level=level):
            start = home[: len(home) - level + 1] if level else []
            whole = ".".join([*start, *([base] if base else [])])
            # `from lossgen import build` loads the room; `from lossgen.build import x` is in it.
            return [f"{whole}.{alias.name}" if whole == PACKAGE else whole for alias in names]
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if "import_module" in ast.unparse(
            node.func
        ):
            return [".".join([*home, name.lstrip(".")]) if name.startswith(".") else name]
    return []


def modules(root: Path) -> Iterator[tuple[str, bool, str]]:
    """The dotted name, whether it is a package, and the text of each module below `root`."""
    for path in sorted(root.rglob("*.py")):
        parts = [PACKAGE, *path.relative_to(root).with_suffix("").parts]
        package = parts[-1] == "__init__"
        yield ".".join(parts[:-1] if package else parts), package, path.read_text(encoding="utf-8")
