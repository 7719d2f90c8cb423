"""What a new user gets wrong is answered in one sentence; no traceback, nothing half written."""

import pytest

BROKEN = {
    "no Python": ("def broken(:\n", ["broken.py"]),
    "an unknown name": ("from lossgen.language import *\nx = undefined_word\n", ["undefined_word"]),
    "no loss": ("x = 1\n", ["broken.py", "@loss"]),
    "if on a symbol": (
        "from lossgen.language import *\n@loss\ndef bad(x: Real, y: Real):\n"
        "    return x if x > y else y\n",
        ["bad", "Piecewise"],
    ),
    "NumPy on a symbol": (
        "import numpy as np\nfrom lossgen.language import *\n@loss\ndef bad(x: Real, y: Real):\n"
        "    return np.log(x - y)\n",
        ["bad", "lossgen.language"],
    ),
    "a comparison by ==": (
        "from lossgen.language import *\n@loss\ndef bad(x: Real, y: Real):\n"
        "    return Piecewise((0, x == y), (x, True))\n",
        ["bad", "Eq(x, y)"],
    ),
}


def is_one_sentence(text):
    """Whether stderr holds one line, from lossgen, and nothing that looks like a traceback."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("lossgen: ") and "Traceback" not in text


@pytest.mark.parametrize(
    "command", [["check"], ["build", "--out", "kernels"]], ids=["check", "build"]
)
@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file(lossgen, tmp_path, command, text, said):
    (tmp_path / "broken.py").write_text(text)
    ended = lossgen(command[0], "broken.py", *command[1:])
    assert ended.code == 1
    assert is_one_sentence(ended.err)
    assert all(word in ended.err for word in said)
    assert [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"] == ["broken.py"]


WORDS = {
    "an unknown loss": (["show", "hubert"], ["'hubert'", "huber", "lossgen list"]),
    "an unknown loss to check": (["check", "hubert"], ["'hubert'", "huber"]),
    "an unknown loss to verify": (
        ["verify", "nothing_like_it", "--gradient", "x"],
        ["'nothing_like_it'", "lossgen list"],
    ),
    "no formula to verify": (["verify", "huber"], ["0 formulas", "--gradient"]),
    "two formulas to verify": (
        ["verify", "huber", "--gradient", "x", "--value", "y"],
        ["2 formulas", "--gradient"],
    ),
    "a derivative nobody has": (
        ["verify", "huber", "--gradient", "x", "--wrt", "delta"],
        ["--wrt delta", "prediction, target"],
    ),
    "a pattern that matches nothing": (["list", "zzzz"], ["'zzzz'", "lossgen list"]),
    "a missing file": (["check", "missing.py"], ["missing.py", "does not exist", "lossgen new"]),
    "a missing file to build": (
        ["build", "missing.py", "--out", "k"],
        ["missing.py", "lossgen new"],
    ),
    "a folder for a file": (["check", "./"], ["is a folder", "lossgen new"]),
    "an unknown target": (["build", "--target", "fpga"], ["fpga", "expected", "cpu"]),
    "a name with a digit in front": (["new", "3d"], ["'3d'", "identifier"]),
    "a name with a dash": (["new", "my-loss"], ["'my-loss'", "identifier"]),
    "a path for a name": (["new", "../loss"], ["'../loss'", "identifier"]),
    "a keyword for a name": (["new", "lambda"], ["'lambda'", "keyword"]),
    "a word of the language for a name": (["new", "log"], ["'log'", "my_log"]),
    "a missing folder for a new loss": (["new", "mine", "--to", "no/where"], ["no/where", "--to"]),
    "a missing folder for the report": (
        ["check", "huber", "--json", "no/r.json"],
        ["no/r.json", "cannot be written"],
    ),
}


@pytest.mark.parametrize(("words", "said"), WORDS.values(), ids=WORDS)
def test_wrong_words(lossgen, tmp_path, words, said):
    ended = lossgen(*words)
    assert ended.code == 1
    assert is_one_sentence(ended.err)
    assert all(word in ended.err for word in said)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_kept(lossgen, tmp_path):
    (tmp_path / "mine.py").write_text("precious")
    ended = lossgen("new", "mine")
    assert ended.code == 1
    assert is_one_sentence(ended.err)
    assert "exists" in ended.err
    assert (tmp_path / "mine.py").read_text() == "precious"


@pytest.mark.parametrize(
    "words", [["new", "mine", "--to", "here"], ["build", "mine.py", "--out", "here"]]
)
def test_a_file_where_a_folder_is_needed(lossgen, tmp_path, words):
    lossgen("new", "mine")
    lossgen("new", "other")
    (tmp_path / "here").write_text("a file")
    ended = lossgen(*words)
    assert ended.code == 1
    assert is_one_sentence(ended.err)
    assert "here" in ended.err
    assert (tmp_path / "here").read_text() == "a file"


def test_a_file_to_build_needs_a_folder(lossgen):
    lossgen("new", "mine")
    ended = lossgen("build", "mine.py")
    assert ended.code == 1
    assert is_one_sentence(ended.err)
    assert "--out" in ended.err


@pytest.mark.parametrize("words", [["shwo"], ["list", "--bogus"], ["show"]])
def test_unknown_words_end_with_two_and_show_the_usage(lossgen, words):
    ended = lossgen(*words)
    assert ended.code == 2
    assert "Usage: lossgen" in ended.err
    assert "Traceback" not in ended.err


def test_a_traceback_and_a_second_line_are_seen():
    assert is_one_sentence("lossgen: found a; expected b; do c\n")
    assert not is_one_sentence("Traceback (most recent call last):\n")
    assert not is_one_sentence("lossgen: first\nsecond\n")
    assert not is_one_sentence("")


def test_a_bug_keeps_its_traceback(lossgen, monkeypatch):
    monkeypatch.setattr("lossgen.cli.show.listing", lambda pattern: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        lossgen("list")
