"""What needs the formula goes through doors that the higher floors install."""

import pytest
from runtime.by_hand import by_hand

from lossgen.runtime import DependencyError, doors
from lossgen.runtime.loss import user_loss


@pytest.fixture
def asked(monkeypatch):
    """Replace all doors by ones that note what they were asked."""
    notes = []

    def opened(name):
        return lambda *arguments, **named: notes.append((name, arguments[1:], named)) or name

    names = ("entry", "formula", "latex", "add", "multiply", "rename", "over", "with_link")
    monkeypatch.setattr(doors, "_doors", {name: opened(name) for name in names})
    return notes


def test_each_face_has_its_door(asked):
    huber = by_hand("huber")
    assert huber.entry == "entry"
    assert huber.formula == "formula"
    assert huber.latex("gradient") == "latex"
    assert huber + huber == "add"
    assert huber * 0.5 == 0.5 * huber == "multiply"
    assert huber.rename(target="mask") == "rename"
    assert huber.over("k") == "over"
    assert huber.with_link("logit") == "with_link"
    assert ("latex", ("gradient",), {}) in asked
    assert ("rename", (), {"target": "mask"}) in asked


def test_a_closed_door_says_what_to_import(monkeypatch):
    monkeypatch.setattr(doors, "_doors", {})
    with pytest.raises(DependencyError, match="import lossgen first"):
        _ = by_hand("huber").formula
    with pytest.raises(TypeError, match="unsupported operand"):
        by_hand("huber") + 1


def test_a_users_loss_is_generated_when_it_is_called(monkeypatch):
    made = []
    source = by_hand("huber")._source

    def kernels(entry):
        made.append(entry)
        return source

    class Entry:
        name = "huber"
        prepare = None

    entry = Entry()
    monkeypatch.setattr(doors, "_doors", {"kernels": kernels})
    loss = user_loss(entry, lambda given: by_hand("huber").interface)
    assert loss.entry is entry
    assert repr(loss) == repr(by_hand("huber"))
    assert made == []
    assert loss([3.0], [0.0]) == 2.5
    assert made == [entry]
