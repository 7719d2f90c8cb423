"""`help`, `inspect.signature` and `repr` are true and worth reading."""

import inspect
import pydoc

import pytest
from runtime.by_hand import by_hand

from lossgen.runtime import Loss
from lossgen.runtime.interface import OPTIONS


def test_the_signature_is_true():
    found = inspect.signature(by_hand("huber").bind(delta=2.0))
    assert str(found).startswith("(prediction, target, *, delta=2.0, reduction='mean', ")
    assert set(found.parameters) - set(OPTIONS) == {"prediction", "target", "delta"}
    assert "class_weight" not in found.parameters
    assert (
        "class_weight"
        in inspect.signature(by_hand("softmax_cross_entropy").__call__.__self__).parameters
    )
    assert (
        inspect.signature(by_hand("center_loss")).parameters["centers"].default
        is inspect.Parameter.empty
    )


def test_help_shows_formula_shapes_and_source():
    text = pydoc.plain(pydoc.render_doc(by_hand("center_loss")))
    for part in (
        "center_loss(features, label, *, centers)",
        "Half the squared distance",
        "features: (..., d), real",
        "label: (...), integer label, a position along c",
        "centers: (c, d), real, shared by all rows",
        "Not symmetric: features comes first, label second.",
        "sample_weight",
        "Wen et al. (2016)",
    ):
        assert part in text


def test_the_class_keeps_its_own_documentation():
    assert inspect.getdoc(Loss).startswith("A loss function with its derivatives")
    assert "interface" in inspect.signature(Loss).parameters
    assert "Loss" in pydoc.plain(pydoc.render_doc(Loss))


def test_repr_is_the_call():
    assert repr(by_hand("huber")) == "<loss huber(prediction, target, *, delta=1.0)>"
    assert repr(by_hand("dice").metric) == "<loss dice(prob, mask, *, smooth=1e-05)>.metric"


def test_a_symmetric_loss_does_not_warn():
    assert "Not symmetric" not in by_hand("huber").__doc__


def test_the_source_is_the_generated_text():
    assert "def value_and_gradient" in by_hand("huber").source("cpu")
    with pytest.raises(ValueError, match="no source for 'fpga'; there is cpu"):
        by_hand("huber").source("fpga")
