"""The commands that take long: they show progress on stderr and return an exit code."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .errors import CommandError
from .files import check_writable, write
from .losses import file, named, shipped

Step = Callable[[str, int, int], None]


@contextmanager
def progress(what: str) -> Iterator[Step]:
    """A bar on stderr, moved by calling it with a name, how many are done, and of how many."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what} {name}", completed=done, total=total)

        yield step


def build(files: Sequence[Path], out: Path | None, target: str | None, check: bool) -> int:
    """Build files, or the catalogue; print what was written or what differs."""
    from lossgen.build import TARGETS, build

    paths = [file(str(path)) for path in files]
    if paths and out is None:
        raise CommandError(
            f"found {paths[0]} without --out; give the folder for its kernels: --out kernels"
        )
    targets = tuple(target.split(",")) if target else TARGETS
    if not set(targets) <= set(TARGETS):
        raise CommandError(f"found --target {target}; expected one or more of {','.join(TARGETS)}")
    with progress("building") as step:
        report = build(paths or None, out, targets, check, step)
    print(report)
    return 0 if report else 1


def docs(out: Path, measure: bool) -> int:
    """Build the site, and print where it starts."""
    from lossgen.site import build, measured

    if measure:
        losses = shipped()
        with progress("checking") as step:
            for done, (name, loss) in enumerate(losses.items()):
                step(name, done, len(losses))
                measured.record(loss)
    with progress("writing") as step:
        pages = build(out, step)
    print(f"{pages} pages; open {out / 'index.html'}")
    return 0


def check(words: Sequence[str], json: Path | None, junit: Path | None, everything: bool) -> int:
    """Check losses one after another; print each table as it is ready."""
    from lossgen.proof import check

    losses = named(words) if words else list(shipped().values())
    for path in (json, junit):
        if path is not None:
            check_writable(path)
    reports = []
    console = Console(stderr=True)
    for done, loss in enumerate(losses, 1):
        # The spinner has ended when a table is printed: both may share one terminal.
        with console.status(f"checking {loss.name}, {done} of {len(losses)}"):
            report = check(loss, everything=everything)
        print(report.table(), flush=True)
        reports.append(report)
    if json is not None:
        write(json, "[" + ",\n".join(report.to_json() for report in reports) + "]\n")
    if junit is not None:
        write(junit, suites([report.to_junit() for report in reports]))
    wrong = sum(not report for report in reports)
    print(f"{len(reports)} checked, {wrong} wrong", file=sys.stderr)
    return int(wrong > 0)


def suites(documents: Sequence[str]) -> str:
    """One JUnit document of several, each with an XML declaration of its own in the first line."""
    declaration = "<?xml version='1.0' encoding='UTF-8'?>"
    inner = [document.removeprefix(declaration).strip() for document in documents]
    return "\n".join([declaration, "<testsuites>", *inner, "</testsuites>", ""])
