"""A command line to call, with what it said and how it ended."""

from dataclasses import dataclass

import pytest

from lossgen.cli import main


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def lossgen(capsys, monkeypatch, tmp_path):
    """Run words as `lossgen WORDS` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    # Boxes and columns of the help are cut to the width of the terminal.
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words):
        code = main(words)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run
