"""The build: entries to kernel files and pages, written whole or not at all."""

from __future__ import annotations

import difflib
import os
import runpy
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lossgen.catalogue.entries import entries as catalogue_entries
from lossgen.catalogue.entries import source
from lossgen.certify import document
from lossgen.certify.certificate import FOLDER, section
from lossgen.derive import gradient
from lossgen.emit.form import Forms, forms
from lossgen.emit.latex import diagonal
from lossgen.emit.module import digest, mathematics, module, package, stub
from lossgen.emit.page import page
from lossgen.emit.walkthrough import walkthrough
from lossgen.language.entry import Entry
from lossgen.language.errors import LanguageError
from lossgen.runtime import Loss, TextKernels

Progress = Callable[[str, int, int], None]
TARGETS = ("cpu", "cuda")


class BuildError(ValueError):
    """Files cannot be written, or would overwrite somebody's work."""


@dataclass
class BuildReport:
    """What a build did, or what `check` found to differ; false if something differs."""

    checked: bool = False
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    diff: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return not self.differing

    def __str__(self) -> str:
        if self.differing:
            names = "\n".join(f"  {name}" for name in self.differing)
            return (
                "\n".join(self.diff)
                + f"\n{len(self.differing)} files differ; run lossgen build:\n{names}"
            )
        if self.checked:
            return f"{len(self.unchanged)} files are what lossgen build writes"
        return (
            f"{len(self.written)} written, {len(self.unchanged)} unchanged, "
            f"{len(self.removed)} removed"
        )


def kernels(entry: Entry) -> TextKernels:
    """Return the kernels of an entry as text, for the runtime."""
    found = forms(entry)
    texts = {target: module(found, target) for target in TARGETS}
    return TextKernels(entry.name, texts, {target: mathematics(target) for target in TARGETS})


def build(
    paths: Sequence[Path] | None = None,
    out: Path | None = None,
    targets: tuple[str, ...] = TARGETS,
    check: bool = False,
    progress: Progress = lambda name, done, total: None,
) -> BuildReport:
    """Generate the kernels and pages of the catalogue, or of the losses in `paths`.

    The catalogue goes to the repository that this package lies in (`generated/` and
    `docs/losses/`), or to `out`. With `check` nothing is written; the report shows what differs.

    Raises:
        BuildError: when a folder cannot be written, or a file there was edited by hand.
        LanguageError: when a file holds no loss, or a loss that has no meaning.
    """
    if paths:
        found = [loss.entry for path in paths for loss in load_file(path)]
    else:
        found = list(catalogue_entries().values())
    own = not paths and out is None
    root = _repository() if own else (out or Path("generated"))
    files: dict[Path, str] = {}
    for done, entry in enumerate(found):
        progress(entry.name, done, len(found))
        files |= texts(entry, root, targets, own)
    files |= shared_texts(found, root, targets, own)
    return apply(files, owned_folders(root, targets, own) if not paths else [], check)


def texts(entry: Entry, root: Path, targets: tuple[str, ...], own: bool) -> dict[Path, str]:
    """Return the files of one entry: a kernel module for each target, and its page."""
    found = forms(entry)
    folder = _generated(root, own)
    files = {folder / target / f"{entry.name}.py": module(found, target) for target in targets}
    first = gradient(found.value_program, entry.gradients)
    text = page(entry, first, diagonal(entry), proven(found, root, own))
    files[_pages(root, own) / f"{entry.name}.md"] = text
    return files


def proven(found: Forms, root: Path, own: bool) -> str:
    """Return what the page says of the certificate of a shipped loss, nothing without one."""
    path = _generated(root, own) / FOLDER / f"{found.entry.name}.json"
    return section(path, module(found, "cpu"), mathematics("cpu")) if own else ""


def shared_texts(
    found: Iterable[Entry], root: Path, targets: tuple[str, ...], own: bool
) -> dict[Path, str]:
    """Return the files that all entries share: math modules, packages, and the stub of `losses`."""
    folder = _generated(root, own)
    files = {folder / "__init__.py": package("")}
    for target in targets:
        files[folder / target / "_math.py"] = mathematics(target)
        files[folder / target / "__init__.py"] = package(target)
    if own:
        files[root / "lossgen" / "losses.pyi"] = stub(found)
        example = next(entry for entry in found if entry.name == "dice")
        text = walkthrough(example, source(example.name))
        files[root / "docs" / "how-a-loss-becomes-a-kernel.md"] = text
        if proofs := document.read(folder / FOLDER / document.FILE):
            files[root / "docs" / document.PAGE] = document.page(proofs, mathematics("cpu"))
    return files


def _generated(root: Path, own: bool) -> Path:
    return root / "generated" if own else root


def _pages(root: Path, own: bool) -> Path:
    return root / "docs" / "losses" if own else root / "docs"


def owned_folders(root: Path, targets: tuple[str, ...], own: bool) -> list[Path]:
    """Return the folders in which a file that the build does not write is a stray one."""
    return [*(_generated(root, own) / target for target in targets), _pages(root, own)]


def _repository() -> Path:
    root = Path(__file__).resolve().parents[1]
    if not (root / "pyproject.toml").is_file():
        raise BuildError(
            "lossgen is installed without its repository; give a folder: lossgen build --out DIR"
        )
    return root


def apply(files: dict[Path, str], folders: Sequence[Path], check: bool) -> BuildReport:
    """Write the files, or compare them with what is there.

    All is validated before anything is written.
    """
    report = BuildReport(checked=check)
    strays = _strays(files, folders)
    old = {path: _read(path) for path in files}
    if check:
        for path, text in sorted(files.items()):
            _compare(path, old[path], text, report)
        for path in strays:
            report.differing.append(f"{_short(path)} (not written by the build)")
        return report
    for path, text in files.items():
        _refuse_edited(path, old[path], text)
    for folder in {path.parent for path in files}:
        _require_writable(folder)
    for path, text in sorted(files.items()):
        if old[path] == text:
            report.unchanged.append(_short(path))
        else:
            write(path, text)
            report.written.append(_short(path))
    for path in strays:
        _refuse_edited(path, _read(path), "")
        path.unlink()
        report.removed.append(_short(path))
    return report


def _strays(files: dict[Path, str], folders: Sequence[Path]) -> list[Path]:
    return sorted(
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.suffix in (".py", ".md") and path not in files
    )


def _compare(path: Path, old: str | None, new: str, report: BuildReport) -> None:
    if old == new:
        report.unchanged.append(_short(path))
        return
    report.differing.append(_short(path))
    lines = difflib.unified_diff(
        (old or "").splitlines(),
        new.splitlines(),
        f"{path.name} as it is",
        f"{path.name} as built",
        lineterm="",
    )
    report.diff += list(lines)[:40]


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _refuse_edited(path: Path, old: str | None, new: str) -> None:
    """Raise BuildError for a stamped file whose text is no longer the one that was stamped."""
    if old is None or old == new or "# Text " not in old[:600]:
        return
    head, _, rest = old.partition("# Text ")
    stamped = rest[:16]
    if digest(f"{head}# Text {rest[16:]}") != stamped:
        raise BuildError(
            f"{_short(path)} was edited by hand after it was generated; "
            "move the edit to the loss, or delete the file"
        )


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BuildError(
            f"{folder} cannot be written ({error.strerror}); give another --out"
        ) from error


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: to a temporary file beside it, which takes its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def load_file(path: Path) -> list[Loss]:
    """Execute a Python file and return the losses that it defines, in their order.

    Raises:
        LanguageError: when the file cannot be executed, or defines no loss.
    """
    try:
        found = runpy.run_path(str(path))
    except LanguageError as error:
        raise LanguageError(f"{path}: {error}") from error
    except OSError as error:
        raise LanguageError(f"{path} cannot be read ({error.strerror})") from error
    except SyntaxError as error:
        raise LanguageError(
            f"{path}, line {error.lineno}: {error.msg}; expected Python with a loss"
        ) from error
    except Exception as error:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == str(path)
        ]
        where = f"{path}, line {lines[-1]}" if lines else str(path)
        raise LanguageError(f"{where}: {type(error).__name__}: {error}") from error
    losses = list(
        {id(value): value for value in found.values() if isinstance(value, Loss)}.values()
    )
    own = [loss for loss in losses if getattr(loss, "_entry", None) is not None]
    if not own:
        raise LanguageError(
            f"{path} defines no loss; expected a function under @loss (lossgen new writes one)"
        )
    return own
