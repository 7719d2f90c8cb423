"""`lossgen audit`, `identify` and `claims` say what they found, with codes for scripts."""

import json
import textwrap

import pytest


@pytest.fixture
def mine(lossgen, tmp_path):
    """A module of a user in the folder where the command is given."""
    (tmp_path / "mine_for_audit.py").write_text(
        textwrap.dedent(
            """
            def right(prediction, target):
                return (prediction - target) ** 2

            def wrong(guess, truth):
                return 2 * (guess - truth) ** 2
            """
        )
    )
    return "mine_for_audit"


def test_codes_are_right_wrong_and_cannot(lossgen, mine):
    assert lossgen("audit", f"{mine}:right", "--as", "mse").code == 0
    found = lossgen(
        "audit", f"{mine}:wrong", "--as", "mse", "--let", "guess=prediction",
        "--let", "truth=target", "--json", "audit.json",
    )  # fmt: skip
    assert found.code == 1
    assert "prediction=1, target=0: should be 1.0, is 2" in found.out
    assert lossgen("audit", f"{mine}:nothing", "--as", "mse").code == 2


def test_the_audit_is_written_as_json(lossgen, mine, tmp_path):
    lossgen("audit", f"{mine}:wrong", "--as", "mse", "--json", "audit.json")
    assert json.loads((tmp_path / "audit.json").read_text())["code"] == 1


def test_a_setting_is_a_literal_and_is_never_run(lossgen, mine):
    found = lossgen("audit", f"{mine}:right", "--as", "mse", "--set", "x=__import__('os').abort()")
    assert found.code == 2
    assert "no argument x" in found.err
    wrong = lossgen("audit", f"{mine}:right", "--as", "mse", "--set", "delta")
    assert wrong.code == 1
    assert "expected --set NAME=VALUE" in wrong.err


def test_identify_names_the_loss(lossgen, mine):
    found = lossgen("identify", f"{mine}:wrong", "--json", "found.json")
    assert found.code == 0
    assert "2 * squared_error" in found.out


def test_claims_are_printed_and_written(lossgen, tmp_path):
    found = lossgen("claims", "huber", "--json", "claims.json")
    assert found.code == 0
    assert "convex" in found.out
    written = json.loads((tmp_path / "claims.json").read_text())
    assert written[0]["claims"][0]["verdict"] == "proved"


def test_claims_of_one_loss_are_not_recorded(lossgen):
    found = lossgen("claims", "huber", "--record")
    assert found.code == 1
    assert "--record" in found.err
