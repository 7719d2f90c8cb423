#!/usr/bin/env python3
"""The commands of this repository: `python3 tasks.py VERB`, from nothing but Python 3.11.

    demo      the main job: a custom loss on real data, derived, built, checked, fitted, plotted
    test      everything that has to hold: lint, format, types, generated files, all tests
    test-all  the same, and every page of the site opened in a browser
    docs      the site, in build/site: open index.html
    build     write generated/ and the pages of the losses anew
    check     compare the kernels of every loss with the exact reference
    lint      ruff, and whether the files are formatted
    types     mypy and pyright
    format    let ruff format the hand-written files
    clean     remove the environment, caches and build leftovers
    help      this text

What follows the verb is handed on: `python3 tasks.py check huber`, `python3 tasks.py test -k cli`.
The first call makes the environment .venv, with uv where it is on the PATH and with venv and pip
elsewhere; it is brought up to date when pyproject.toml or setup.py changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.txt"

# A step is a name and the arguments of a `python` of the environment.
LINT = (
    ("ruff check", ("-m", "ruff", "check", "--output-format", "concise", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", "--output-format", "concise", ".")),
)
TYPES = (
    ("mypy", ("-m", "mypy")),
    ("pyright", ("-m", "pyright", "--pythonpath", str(PYTHON))),
)
# Two workers: more of them compile the same kernels side by side and share the same two cores.
PYTEST = ("-m", "pytest", "-q", "-n", "2", "--dist", "worksteal")
TEST = (
    *LINT,
    *TYPES,
    ("generated files", ("-m", "lossgen", "build", "--check")),
    ("tests", (*PYTEST, "--durations", "10", "--ignore", "tests/browser")),
)
# What follows is told by these variables where the site is, and which browser opens it.
SITE, BROWSER = "LOSSGEN_SITE", "LOSSGEN_BROWSER"
PAGES = ROOT / "build" / "site"
BUILD_PAGES = ("the site", ("-m", "lossgen", "docs", "--out", str(PAGES)))
OPEN_PAGES = ("pages in a browser", (*PYTEST, "tests/browser"))
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LEFTOVERS = (".venv", "build", "dist", "lossgen.egg-info", "lossgen-demo")
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


def main(words: Sequence[str]) -> int:
    """Run the verb that `words` starts with; return the exit code."""
    verb, rest = (words[0], list(words[1:])) if words else ("help", [])
    if verb not in VERBS:
        print(f"tasks.py: found {verb!r}; expected one of {', '.join(VERBS)}.", file=sys.stderr)
        return 2
    return VERBS[verb](rest)


def demo(rest: Sequence[str]) -> int:
    """Run the demo, for which the package without its development tools suffices."""
    return prepare("") or python("-m", "lossgen", "demo", *rest)


def build(rest: Sequence[str]) -> int:
    """Regenerate what is committed."""
    return prepare("dev") or python("-m", "lossgen", "build", *rest)


def check(rest: Sequence[str]) -> int:
    """Compare kernels with the reference."""
    return prepare("dev") or python("-m", "lossgen", "check", *rest)


def lint(rest: Sequence[str]) -> int:
    """Run ruff's two steps."""
    return prepare("dev") or run_steps(LINT, rest)


def types(rest: Sequence[str]) -> int:
    """Run both type checkers."""
    return prepare("dev") or run_steps(TYPES, rest)


def format_(rest: Sequence[str]) -> int:
    """Format the hand-written files."""
    return prepare("dev") or python("-m", "ruff", "format", *(rest or ["."]))


def test(rest: Sequence[str]) -> int:
    """Run every step to the end, in one fresh kernel cache; `rest` goes to pytest."""
    if failure := prepare("dev"):
        return failure
    with fresh_cache():
        return run_steps(tests(rest), ())


def test_all(rest: Sequence[str]) -> int:
    """Run what `test` runs, build the site, and open its pages where there is a browser."""
    if failure := prepare("dev"):
        return failure
    found = browser()
    steps = [*tests(rest), BUILD_PAGES]
    if found:
        os.environ |= {SITE: str(PAGES), BROWSER: found}
        steps.append(OPEN_PAGES)
    with fresh_cache():
        code = run_steps(steps, ())
    if not found:
        print(
            "NOT OPENED: the pages were built and never seen by a browser. Chromium is not on the "
            "PATH and could not be installed (apt-get install chromium, as root)."
        )
    return code


def tests(rest: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Return the steps of `test`; `rest` goes to pytest."""
    *first, (name, arguments) = TEST
    return [*first, (name, (*arguments, *rest))]


@contextmanager
def fresh_cache() -> Iterator[None]:
    """A cache of kernels for all steps: each is compiled once, from the text it has today."""
    with tempfile.TemporaryDirectory(prefix="lossgen-test-") as cache:
        os.environ["LOSSGEN_CACHE_DIR"] = cache
        yield


def browser() -> str:
    """The path of a Chromium, which is installed where that is possible; "" where it is not."""
    if found := chromium():
        return found
    installer = shutil.which("apt-get")
    if installer and os.geteuid() == 0:
        install = (installer, "install", "-y", "-qq", "--no-install-recommends", "chromium")
        print("Installing Chromium with apt-get ...", flush=True)
        # The lists of packages are absent in fresh containers.
        if call(*install) and not call(installer, "update", "-qq"):
            call(*install)
    return chromium()


def chromium() -> str:
    """The path of a Chromium that starts; "" without one."""
    paths = (shutil.which(name) for name in CHROMIUMS)
    return next((path for path in paths if path and call(path, "--version") == 0), "")


def docs(rest: Sequence[str]) -> int:
    """Build the site."""
    return prepare("dev") or python(*BUILD_PAGES[1], *rest)


def clean(_: Sequence[str]) -> int:
    """Remove what this file and the tools have left behind."""
    for path in (ROOT / name for name in (*LEFTOVERS, *CACHES)):
        shutil.rmtree(path, ignore_errors=True)
    for folder in ("lossgen", "generated", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(path, ignore_errors=True)
    return 0


def help_(_: Sequence[str]) -> int:
    """Print the verbs."""
    print(__doc__)
    return 0


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "test-all": test_all,
    "docs": docs,
    "build": build,
    "check": check,
    "lint": lint,
    "types": types,
    "format": format_,
    "clean": clean,
    "help": help_,
}


def run_steps(steps: Sequence[tuple[str, Sequence[str]]], rest: Sequence[str]) -> int:
    """Run all steps, also after a failure, and print one line for each; 1 if any failed."""
    outcomes = []
    for name, arguments in steps:
        print(f"\n--- {name}", flush=True)
        start = time.monotonic()
        code = python(*arguments, *rest)
        outcomes.append((name, code, time.monotonic() - start))
    print()
    for name, code, seconds in outcomes:
        print(f"{'passed' if code == 0 else 'FAILED'}  {seconds:7.1f} s  {name}")
    total = sum(seconds for *_, seconds in outcomes)
    failed = sum(code != 0 for _, code, _ in outcomes)
    print(f"{'FAILED' if failed else 'passed'}  {total:7.1f} s  all, {failed} failed")
    return int(failed > 0)


def python(*arguments: str) -> int:
    """The exit code of the environment's Python with `arguments`, in the root of the repository."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode


def prepare(extra: str) -> int:
    """Make or renew the environment with the given extra ("" for none); 0 or an exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  what a visitor starts this file with is not ours
        print(f"tasks.py: found Python {sys.version.split()[0]}; lossgen needs 3.11 or newer.")
        return 2
    wanted = fingerprint()
    installed = STAMP.read_text().split("\n") if STAMP.exists() else []
    if PYTHON.exists() and wanted in installed and extra in installed:
        return 0
    print(f"Installing lossgen{f'[{extra}]' if extra else ''} into {VENV.name} ...", flush=True)
    if any(install(extra) == 0 for install in (with_uv, with_pip)):
        # The larger installation also serves the calls that need no extra.
        extras = {"", extra} | (set(installed) & {"dev"} if wanted in installed else set())
        STAMP.write_text("\n".join([wanted, *sorted(extras)]))
        return 0
    if PYTHON.exists() and extra in installed:
        print("tasks.py: the installation failed; going on with what .venv had before.")
        return 0
    print("tasks.py: the installation failed (above is why); it needs a package index once.")
    return 1


def fingerprint() -> str:
    """What an installation depends on, as a hash."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "setup.py")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), bytes(ROOT)])).hexdigest()


def with_uv(extra: str) -> int:
    """Install with uv; not 0 where there is none."""
    uv = shutil.which("uv")
    if uv is None:
        return 1
    if not PYTHON.exists() and call(uv, "venv", "--python", sys.executable, str(VENV)):
        return 1
    return call(uv, "pip", "install", "--quiet", "--python", str(PYTHON), "-e", source(extra))


def with_pip(extra: str) -> int:
    """Install with what Python brings along."""
    # An environment that works is kept: without a network it may be all there is.
    clear = ["--clear"] if call(str(PYTHON), "-c", "") else []
    has_pip = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    if call(str(PYTHON), "-c", has_pip) and call(sys.executable, "-m", "venv", *clear, str(VENV)):
        return 1
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    return call(str(PYTHON), *pip, "-e", source(extra))


def source(extra: str) -> str:
    """The requirement that names this folder."""
    return f"{ROOT}[{extra}]" if extra else str(ROOT)


def call(*command: str) -> int:
    """The exit code of a command; 127 where it cannot be started."""
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    except OSError:
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
