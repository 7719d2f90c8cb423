"""`lossgen certify` writes what it has proven, and says what still binds."""

import dataclasses
import json

import pytest

from lossgen.certify import certify, functions
from lossgen.losses import find


@pytest.fixture
def quick(monkeypatch):
    """Proofs of a few numbers, which the command takes for proofs of all."""

    def few(loss, sample=None, threads=None, step=None):
        return certify(loss, sample=8_200)

    def little(name, sample=None, points=0, threads=None, step=None):
        return proof(name, 1 << 14, 100, 1)

    proof = functions.prove
    monkeypatch.setattr("lossgen.certify.certify", few)
    monkeypatch.setattr("lossgen.certify.functions.prove", little)


@pytest.fixture
def beside(monkeypatch, tmp_path):
    """A folder that stands for the one beside the shipped kernels."""
    folder = tmp_path / "certificates"
    monkeypatch.setattr("lossgen.cli.certify.beside_kernels", lambda: folder)
    return folder


def test_help_is_there(lossgen):
    assert " certify " in lossgen("--help").out
    assert "at all 2^32 inputs" in lossgen("certify", "--help").out


def test_it_writes_a_certificate_and_shows_the_worst(lossgen, quick, beside):
    ended = lossgen("certify", "squared_error")
    assert ended.code == 0
    assert "squared_error: within the bounds" in ended.out
    assert "0.5 ulp at" in ended.out
    assert json.loads((beside / "squared_error.json").read_text())["loss"] == "squared_error"
    checked = lossgen("certify", "--check")
    assert checked.code == 0
    assert "squared_error  binds" in checked.out
    assert "without a certificate: absolute_error," in checked.out


def test_a_stale_certificate_and_one_of_no_loss_are_found(lossgen, beside):
    beside.mkdir()
    found = certify(find("hinge"), sample=8_200)
    hashes = dataclasses.replace(found.hashes, mathematics="0" * 16)
    for name, stale in (("hinge", found), ("huber", dataclasses.replace(found, hashes=hashes))):
        text = dataclasses.replace(stale, loss=name).to_json()
        (beside / f"{name}.json").write_text(text)
    (beside / "gone.json").write_text(dataclasses.replace(found, loss="gone").to_json())
    ended = lossgen("certify", "--check")
    assert ended.code == 1
    assert "hinge  binds" in ended.out
    assert "huber  is stale" in ended.out
    assert "gone  is of no shipped loss" in ended.out


def test_a_sample_writes_nothing(lossgen, beside):
    ended = lossgen("certify", "squared_error", "--sample", "9000")
    assert ended.code == 0
    assert "proves nothing" in ended.err
    assert not beside.exists()


def test_a_loss_of_a_file_needs_a_folder_to_be_kept(lossgen, quick, beside, tmp_path):
    lossgen("new", "mine")
    assert lossgen("certify", "mine.py").code == 0
    assert not beside.exists()
    assert lossgen("certify", "mine.py", "--out", "kept").code == 0
    assert (tmp_path / "kept" / "mine.json").is_file()


def test_a_wrong_kernel_ends_with_1(lossgen, quick, beside, monkeypatch):
    run = lossgen_certificate_that_fails()
    monkeypatch.setattr("lossgen.certify.certify", lambda *_: run)
    ended = lossgen("certify", "hinge")
    assert ended.code == 1
    assert "hinge: FAIL" in ended.out


def lossgen_certificate_that_fails():
    found = certify(find("hinge"), sample=8_200)
    (first, *rest) = found.runs
    wrong = dataclasses.replace(first.outputs[0], worst_ulps="inf", terms_ulps="inf")
    run = dataclasses.replace(first, outputs=(wrong, *first.outputs[1:]))
    return dataclasses.replace(found, runs=(run, *rest))


def test_functions_are_proven_one_by_one_into_one_table(lossgen, quick, beside):
    assert lossgen("certify", "--math", "exp", "sqrt").code == 0
    assert lossgen("certify", "--math", "exp").code == 0
    rows = json.loads((beside / "_mathematics.json").read_text())
    assert [row["function"] for row in rows] == ["exp", "sqrt"]
    assert "exp (mathematics)  binds" in lossgen("certify", "--check").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dice"], "dice is no function of one float32 number"),
        (["nobody"], "nobody"),
        (["--math", "spence"], "found no function spence; expected one of exp"),
    ],
)
def test_errors_are_one_sentence(lossgen, words, said):
    ended = lossgen("certify", *words)
    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.err
