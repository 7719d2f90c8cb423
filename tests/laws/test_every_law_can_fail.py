"""The twins: each law sees a wrong kernel, or a wrong runtime. A law never seen to fail is none."""

import os
import time

import numpy as np
import pytest
from laws import bits, rounding
from laws.subjects import Subject, make
from runtime.by_hand import FOLDER, by_hand, loss_of

from lossgen.runtime import Loss
from lossgen.runtime.loss import _restore
from lossgen.runtime.operands import Given

LAWS = {**bits.LAWS, **rounding.LAWS}
HAND_WRITTEN = ("huber", "dice", "softmax_cross_entropy", "center_loss")


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_the_law_holds_for_right_kernels(name, law):
    law(make(by_hand(name), np.float32))


# What a wrong kernel says in place of a right one, and the law that must see it.
WRONG_KERNELS = {
    "out= equals fresh": ("huber", "h_prediction[i] = factor", "if i: h_prediction[i] = factor"),
    "runs and threads are equal": (
        "huber",
        "total += loss",
        "total += loss + prediction.dtype.type(1e-3) * prediction.shape[0]",
    ),
    "fused value is value": (
        "huber",
        "half * r * r",
        "half * r * r * prediction.dtype.type(1.0000002)",
    ),
    "weight k is k copies": ("huber", "= weight[i] * loss", "= weight[i] * weight[i] * loss"),
    "weight 0 is no row": ("huber", " if weight[i] != 0 else prediction.dtype.type(0)", ""),
    "row order does not matter": ("huber", "total += loss", "total += loss * (1 + i % 7)"),
    "none averaged is mean": ("huber", "value[i] = loss", "value[i] = loss + loss"),
    "gradient of mean is gradient of sum over weight": (
        "huber",
        "factor = weight[i] * scale",
        "factor = weight[i]",
    ),
    "shared gradient adds up over rows": (
        "center_loss",
        "d_centers[label[row], d] -= slope",
        "d_centers[label[row], d] = -slope",
    ),
    "float32 is float64 rounded": (
        "huber",
        "size = abs(r)",
        "size = abs(r) + prediction.dtype.type(300) - prediction.dtype.type(300)",
    ),
}


@pytest.mark.parametrize("law", WRONG_KERNELS)
def test_a_wrong_kernel_is_seen(law):
    name, right, wrong = WRONG_KERNELS[law]
    text = (FOLDER / f"{name}.py").read_text()
    assert right in text
    with pytest.raises(AssertionError):
        LAWS[law](make(loss_of(name, text.replace(right, wrong)), np.float32))


def nothing_is_stored(monkeypatch):
    monkeypatch.setattr("lossgen.runtime.operands.RowOutput.store", lambda *_: None)


def packing_loses_a_bit(monkeypatch):
    part = Given.part

    def inexact(self, start, stop, run):
        rows = part(self, start, stop, run)
        return rows if self.direct else rows * rows.dtype.type(1.0000002)

    monkeypatch.setattr(Given, "part", inexact)


def bound_parameters_are_lost(monkeypatch):
    def reduced(self):
        return _restore, (self.interface, self._source, {}, None)

    monkeypatch.setattr(Loss, "__reduce__", reduced)


WRONG_RUNTIMES = {
    "strided out= equals fresh": nothing_is_stored,
    "layouts are equal": packing_loses_a_bit,
    "copies are equal": bound_parameters_are_lost,
}


@pytest.mark.parametrize("law", WRONG_RUNTIMES)
def test_a_wrong_runtime_is_seen(law, monkeypatch):
    WRONG_RUNTIMES[law](monkeypatch)
    with pytest.raises(AssertionError):
        LAWS[law](make(by_hand("huber"), np.float32))


class OneScratch(Subject):
    """Callers share one place for the result, as threads with one buffer would."""

    place: list = []  # noqa: RUF012 - shared on purpose

    def fused_call(self, arguments=None, **options):
        self.place[:] = [np.random.default_rng().random()]
        time.sleep(0.01)
        return list(self.place)


class OfTheProcess(Subject):
    """The result depends on the process."""

    def fused_call(self, arguments=None, **options):
        return [os.getpid()]


WRONG_SUBJECTS = {
    "eight threads at once are equal": OneScratch,
    "a forked child is equal": OfTheProcess,
}


@pytest.mark.parametrize("law", WRONG_SUBJECTS)
def test_a_wrong_call_is_seen(law):
    right = make(by_hand("huber"), np.float32)
    wrong = WRONG_SUBJECTS[law](**{name: getattr(right, name) for name in vars(right)})
    with pytest.raises(AssertionError):
        LAWS[law](wrong)


def test_every_law_has_a_twin():
    assert {*WRONG_KERNELS, *WRONG_RUNTIMES, *WRONG_SUBJECTS} == set(LAWS)
