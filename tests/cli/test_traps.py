"""`lossgen traps` prints ours beside the others, and ends with 1 when ours is wrong."""

import json
import math

import pytest

from lossgen.traps import Outcome


@pytest.fixture
def asked(monkeypatch):
    """The losses that were asked; our answer is right but for `huber`, whose answer is 0."""
    seen = []

    def ask(trap):
        seen.append(trap.loss)
        wrong = trap.loss == "huber"
        return Outcome(trap, 0.0 if wrong else float(trap.exact), math.inf if wrong else 0.0)

    monkeypatch.setattr("lossgen.traps.ask", ask)
    return seen


def test_a_name_asks_its_traps(lossgen, asked):
    ended = lossgen("traps", "log_cosh", "ctc")
    assert ended.code == 0
    assert asked == ["log_cosh"] * 9 + ["ctc"] * 3
    assert "lossgen 12 of 12; torch 2 of 3; jax 5 of 11;" in ended.out


def test_no_name_asks_them_all(lossgen, asked):
    assert lossgen("traps").code == 1
    assert len(asked) == 151


def test_an_alias_is_a_name(lossgen, asked):
    lossgen("traps", "logcosh")
    assert set(asked) == {"log_cosh"}


def test_a_wrong_answer_of_ours_ends_with_1(lossgen, asked):
    ended = lossgen("traps", "huber", "dice")
    assert ended.code == 1
    assert "at most 8: WRONG" in ended.out


def test_shipped_kernels_are_what_is_asked(lossgen):
    ended = lossgen("traps", "huber")
    assert ended.code == 0
    assert "lossgen 9.9999999999999997e+199 (0 ulp)" in ended.out
    assert "wrong: keras huber inf, scipy least_squares huber inf" in ended.out


def test_both_reports_are_written(lossgen, asked, tmp_path):
    lossgen("traps", "huber", "--json", "t.json", "--page", "t.md")
    (found,) = json.loads((tmp_path / "t.json").read_text())
    assert (found["loss"], found["ok"]) == ("huber", False)
    assert "| 69 | value at `prediction=1e+200" in (tmp_path / "t.md").read_text()


@pytest.mark.parametrize("word", ["pinball", "no_such_loss"])
def test_a_name_without_traps_is_one_sentence(lossgen, asked, word):
    ended = lossgen("traps", word)
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert asked == []
