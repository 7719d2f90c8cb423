"""`lossgen.losses` lists what is generated; `lossgen.find` knows every alias."""

import pytest
from runtime.by_hand import FOLDER

import lossgen
from lossgen import losses
from lossgen.runtime import LossError, ShippedKernels, sources


@pytest.fixture
def _by_hand(monkeypatch):
    """Let the shipped losses be the hand-written ones."""

    class Files:
        def __truediv__(self, target):
            return FOLDER if target == "cpu" else FOLDER / target

    monkeypatch.setattr(sources, "files", lambda package: Files())
    for name in sources.generated_names():
        monkeypatch.delitem(vars(losses), name, raising=False)
    yield
    for name in sources.generated_names():
        vars(losses).pop(name, None)


@pytest.mark.usefixtures("_by_hand")
def test_each_is_made_when_it_is_asked_for():
    assert dir(losses) == ["center_loss", "dice", "huber", "softmax_cross_entropy"]
    assert losses.huber is losses.huber
    assert losses.huber([3.0], [0.0]) == 2.5
    with pytest.raises(AttributeError, match=r"no loss 'hubert'; dir\(lossgen\.losses\)"):
        _ = losses.hubert
    with pytest.raises(ImportError):
        exec("from lossgen.losses import hubert")


@pytest.mark.usefixtures("_by_hand")
def test_find_takes_names_and_aliases():
    assert lossgen.find("huber") is losses.huber
    for alias in ("Huber", "smooth_absolute", "SmoothAbsolute", "torch.nn.huber"):
        assert lossgen.find(alias) is losses.huber
    with pytest.raises(LossError, match="did you mean huber"):
        lossgen.find("hubber")
    with pytest.raises(ValueError, match="lists all"):
        lossgen.find("zzzz")


@pytest.mark.usefixtures("_by_hand")
def test_a_file_that_is_not_there_says_what_to_run():
    with pytest.raises(ImportError, match="run lossgen build --target cuda"):
        losses.huber.source("cuda")
    assert losses.huber.source("cpu") == ShippedKernels("huber").text("cpu")


def test_the_roof_lists_its_names():
    assert {"check", "find", "from_expression", "loss", "losses", "verify"} <= set(dir(lossgen))
    with pytest.raises(AttributeError, match="has no attribute 'hubert'"):
        _ = lossgen.hubert
