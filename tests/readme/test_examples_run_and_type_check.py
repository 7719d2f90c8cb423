"""The Python of the README runs as it stands, in order, and type checkers accept it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def examples(text: str) -> str:
    """Return all Python blocks of a Markdown text, in order, as one module."""
    return "\n\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_runs_as_pasted(tmp_path: Path) -> None:
    path = tmp_path / "readme.py"
    path.write_text(examples(readme()), encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "pass" in done.stdout


def checked(source: str, checker: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "readme_example.py"
    path.write_text(source, encoding="utf-8")
    if checker == "mypy":
        settings = folder / "mypy.ini"
        settings.write_text("[mypy]\nfollow_imports = silent\n", encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--config-file", str(settings), str(path)]
    else:
        settings = folder / "pyrightconfig.json"
        settings.write_text(f'{{"extraPaths": ["{ROOT}"]}}', encoding="utf-8")
        python = sys.executable
        command = [python, "-m", "pyright", "--pythonpath", python, "-p", str(settings)]
    environment = {"MYPYPATH": str(ROOT), **__import__("os").environ}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment
    )


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_accept_the_readme(checker: str, tmp_path: Path) -> None:
    done = checked(examples(readme()), checker, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_see_a_wrong_example(checker: str, tmp_path: Path) -> None:
    wrong = 'import lossgen\n\nlossgen.check("huber").no_such_method()\n'
    assert checked(wrong, checker, tmp_path).returncode != 0
