"""The shared functions: float32 against float64 at a stratified 2^24, float64 at exact points.

`lossgen certify --math` does the same with all 2^32 and a million points.
"""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

import lossgen.generated.cpu._math as generated
from lossgen.certify import CertificateError, document, functions
from lossgen.certify.binding import closure

SAMPLE, POINTS = 1 << 24, 1_000
TABLE = functions.table()
SHIPPED = [name for name in functions.names() if hasattr(generated, name)]


@pytest.mark.parametrize("name", SHIPPED)
def test_function_is_within_its_bound_in_both_widths(name):
    proof = functions.prove(name, SAMPLE, POINTS, threads=1)
    assert proof.holds, proof
    assert proof.single.inputs > SAMPLE // 4


def test_every_function_of_the_table_is_in_the_generated_file():
    assert functions.names() == SHIPPED


def test_every_domain_of_the_table_is_known():
    assert {TABLE.FUNCTIONS[name].domain for name in functions.names()} <= set(functions.INSIDE)


@pytest.fixture
def spoilt(monkeypatch):
    """Let `exp` of the generated file be another function."""

    def put(function):
        monkeypatch.setattr(generated, "exp", function)
        return functions.prove("exp", 1 << 16, POINTS, threads=1)

    return put


def test_a_wrong_width_is_seen(spoilt):
    def wrong_in_single(x):
        if isinstance(x, np.float32):
            return np.float32(np.exp(x)) * np.float32(1.0000004)
        return np.exp(x)

    def wrong_in_double(x):
        if isinstance(x, np.float32):
            return np.float32(np.exp(x))
        return np.exp(x) * 1.000000000000001

    inlined = generated.inlined
    single, double = spoilt(inlined(wrong_in_single)), spoilt(inlined(wrong_in_double))
    assert single.single.worst_ulps > 1
    assert double.double.worst_ulps > 1
    assert single.double.worst_ulps <= 1
    assert double.single.worst_ulps <= 1
    assert not single.holds
    assert not double.holds


def test_an_unknown_function_or_domain_is_refused(monkeypatch):
    with pytest.raises(CertificateError, match=r"found no function spence; expected one of exp"):
        functions.names(["spence"])
    odd = dataclasses.replace(TABLE.FUNCTIONS["exp"], domain="the odd ones")
    monkeypatch.setattr(functions, "table", lambda: SimpleNamespace(FUNCTIONS={"exp": odd}))
    with pytest.raises(CertificateError, match="domain 'the odd ones'"):
        functions.prove("exp", 1 << 16, POINTS)


@pytest.fixture(scope="module")
def proofs():
    return [functions.prove(name, 1 << 14, 100, threads=1) for name in ("sqrt", "exp")]


def test_proofs_survive_being_written_and_read(proofs, tmp_path):
    path = tmp_path / document.FILE
    assert document.read(path) == []
    path.write_text(document.write(proofs), encoding="utf-8")
    assert document.read(path) == sorted(proofs, key=lambda proof: proof.function)
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(CertificateError, match="cannot be read"):
        document.read(path)


def test_a_new_proof_takes_the_place_of_the_old_one(proofs):
    newer = dataclasses.replace(proofs[0], code="0" * 16)
    assert document.replaced(proofs, [newer]) == [newer, proofs[1]]


def test_the_page_names_functions_whose_code_has_changed(proofs):
    text = functions.generated_text("cpu", "_math")
    assert document.stale(proofs, text) == []
    page = document.page(proofs, text)
    assert "stale" not in page
    assert page.count("\n| `") == 2
    changed = text.replace("return np.sqrt(x)", "return np.sqrt(abs(x))", 1)
    assert closure(changed, ["sqrt"]) != closure(text, ["sqrt"])
    assert document.stale(proofs, changed) == ["sqrt"]
    assert "`sqrt` (stale" in document.page(proofs, changed)
