"""A certificate binds to the code that was run, and the page says when it does not."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from certify.wrong import edited

import lossgen.build
import lossgen.losses as shipped
from lossgen.catalogue.entries import entries
from lossgen.certify import binds, certify, read_all, sentences
from lossgen.certify.binding import closure, hashes
from lossgen.certify.certificate import FOLDER, section
from lossgen.certify.subjects import subjects
from lossgen.emit.form import forms
from lossgen.emit.page import page

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = read_all(ROOT / "generated" / FOLDER)

MATHEMATICS = '''
import math
ONE = 1.0
inlined = decorator(contract=True)

@inlined
def used(x):
    """Twice."""
    return helper(x) + ONE

def helper(x):
    return x  # as it is

@overload(helper)
def _helper(x):
    return other

def other(x):
    return 1

def unused(x):
    return 2
'''

CHANGES = {
    "the function": ("helper(x) + ONE", "helper(x) - ONE"),
    "what it calls": ("return x  #", "return -x  #"),
    "a constant": ("ONE = 1.0", "ONE = 2.0"),
    "a decorator": ("contract=True", "contract=False"),
    "what is registered for what it calls": ("return other", "return used"),
    "what that uses": ("return 1", "return 3"),
}
KEPT = {
    "a docstring": ("Twice.", "Thrice."),
    "a comment": ("# as it is", "# still"),
    "an unused function": ("return 2", "return 4"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_code_that_is_reached_changes_the_hash(what):
    right, wrong = CHANGES[what]
    assert MATHEMATICS.count(right) == 1
    changed = MATHEMATICS.replace(right, wrong)
    assert closure(changed, ["used"]) != closure(MATHEMATICS, ["used"])


@pytest.mark.parametrize("what", KEPT)
def test_what_decides_no_bits_does_not(what):
    right, other = KEPT[what]
    assert MATHEMATICS.count(right) == 1
    changed = MATHEMATICS.replace(right, other)
    assert closure(changed, ["used"]) == closure(MATHEMATICS, ["used"])


TEXTS = {
    "the kernel": (r"r <= delta", "r < delta"),
    "a default": (r'"default": 1\.0', '"default": 2.0'),
    "a decorator": (r'fastmath=\{"contract"\}', 'fastmath={"contract", "nsz"}'),
    "an import": (r"_math import (\(?\s*)BLOCK", r"_math import \1log, BLOCK"),
}


def hashes_of(loss):
    return hashes(loss.source("cpu"), loss._source.mathematics("cpu"))


@pytest.mark.parametrize("what", TEXTS)
def test_a_changed_kernel_has_another_hash(what):
    assert hashes_of(edited("huber", *TEXTS[what])) != hashes_of(shipped.huber)


def test_stamp_and_source_are_not_the_kernel():
    changed = edited("huber", r"Entry [0-9a-f]+|Huber \(1964\)", "Entry 0")
    assert hashes_of(changed) == hashes_of(shipped.huber)


@pytest.fixture(scope="module")
def certificate():
    return certify(shipped.huber, sample=20_000)


def texts(loss):
    return loss.source("cpu"), loss._source.mathematics("cpu")


def test_it_binds_to_its_kernel_alone(certificate):
    assert binds(certificate, *texts(shipped.huber))
    assert not binds(certificate, *texts(edited("huber", "r <= delta", "r < delta")))
    assert not binds(certificate, *texts(shipped.hinge))


def test_the_page_has_the_proof_or_says_that_it_is_stale(certificate):
    bound, stale = sentences(certificate, True), sentences(certificate, False)
    assert "Proven for every float32" in bound
    assert "`lossgen certify huber`" in bound
    assert "Proven" not in stale
    assert "stale" in stale
    assert not any("$$" in text or "| argument" in text for text in (bound, stale))


def test_the_page_claims_no_proof_of_what_does_not_hold(certificate):
    (run,) = certificate.runs
    doubtful = dataclasses.replace(run.reference, unresolved=1)
    wrong = dataclasses.replace(run.outputs[0], worst_ulps=9.0, terms_ulps=9.0)
    for changed in ({"reference": doubtful}, {"outputs": (wrong,)}):
        runs = (dataclasses.replace(run, **changed),)
        said = sentences(dataclasses.replace(certificate, runs=runs), True)
        assert said.startswith("**Not proven**")
        assert "Proven for" not in said


def test_the_section_is_read_from_the_file_beside_the_kernels(certificate, tmp_path):
    path = tmp_path / "huber.json"
    assert section(path, *texts(shipped.huber)) == ""
    path.write_text(certificate.to_json(), encoding="utf-8")
    assert "Proven" in section(path, *texts(shipped.huber))
    assert "stale" in section(path, *texts(edited("huber", "r <= delta", "r < delta")))


def test_the_build_writes_the_section_of_the_certificate_it_finds(certificate, tmp_path):
    """And nothing where there is none: a build needs no certificate."""
    entry = entries()["huber"]

    def built():
        files = lossgen.build.texts(entry, tmp_path, ("cpu",), own=True)
        return files[tmp_path / "docs" / "losses" / "huber.md"]

    plain = built()
    assert "## Certificate" not in plain
    folder = tmp_path / "generated" / FOLDER
    folder.mkdir(parents=True)
    (folder / "huber.json").write_text(certificate.to_json(), encoding="utf-8")
    assert "Proven for every float32" in built()
    assert built().replace(f"## Certificate\n\n{sentences(certificate, True)}\n\n", "") == plain
    changed = dataclasses.replace(certificate.hashes, kernel="0" * 16)
    stale = dataclasses.replace(certificate, hashes=changed)
    (folder / "huber.json").write_text(stale.to_json(), encoding="utf-8")
    assert "is stale" in built()


def test_a_page_without_a_certificate_has_no_such_section():
    entry = entries()["huber"]
    found = forms(entry)
    gradient = lossgen.build.gradient(found.value_program, entry.gradients)
    assert "Certificate" not in page(entry, gradient)
    assert "## Certificate\n\nas proven\n" in page(entry, gradient, certificate="as proven")


def claim(name):
    """What the committed page says of its certificate: proven, stale or nothing."""
    text = (ROOT / "docs" / "losses" / f"{name}.md").read_text(encoding="utf-8")
    _, _, said = text.partition("## Certificate")
    meanings = {"Proven for every": "proven", "Not proven": "not proven", "is stale": "stale"}
    return next((meant for words, meant in meanings.items() if words in said), "")


@pytest.mark.parametrize("name", sorted(entries()))
def test_no_committed_page_claims_more_than_its_certificate(name):
    found = SHIPPED.get(name)
    if found is None:
        assert claim(name) == ""
    elif not binds(found, *texts(getattr(shipped, name))):
        assert claim(name) == "stale"
    else:
        assert claim(name) == ("proven" if found.holds else "not proven")


def test_every_certificate_is_of_a_shipped_loss_and_of_all_numbers():
    for name, found in SHIPPED.items():
        assert name == found.loss
        assert name in entries()
        moving = subjects(entries()[name])
        assert [run.of for run in found.runs] == [subject.of for subject in moving]
        assert all(map(covers, found.runs, moving))


# Between two floats of a domain lie all the floats between them.
STRIDE = 1009


def covers(run, subject):
    """Whether so many inputs are all numbers of a domain, but for its ends."""
    x = np.arange(0, 2**32, STRIDE, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return abs(run.inputs - STRIDE * np.count_nonzero(subject.inside(x))) <= 8 * STRIDE


def test_a_sample_is_not_all_numbers():
    (run,), (subject,) = SHIPPED["huber"].runs, subjects(entries()["huber"])
    assert not covers(dataclasses.replace(run, inputs=run.inputs - 2**20), subject)
