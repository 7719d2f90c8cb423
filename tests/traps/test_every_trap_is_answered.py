"""The shipped kernels at every trap whose loss there is, by row; wrong kernels are seen there."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lossgen.losses import find
from lossgen.traps import ask, traps
from lossgen.traps.ask import missing
from lossgen.traps.table import BOUND

TRAPS = traps()
ASKED = [trap for trap in TRAPS if not missing(trap)]


def name(trap):
    return f"{trap.number}-{trap.loss}-{trap.asked}-{trap.dtype}"


@cache
def asked(number):
    """The outcome of a trap: every test may look at it, and it is computed once."""
    return ask(TRAPS[number - 1])


@pytest.mark.parametrize("trap", ASKED, ids=name)
def test_kernel_gives_the_exact_value(trap):
    outcome = asked(trap.number)
    assert outcome.ok, f"{trap.said}: {outcome.found!r}, exactly {trap.exact}"


def test_a_wider_bound_is_needed_and_explained():
    for trap in (trap for trap in TRAPS if trap.bound != BOUND):
        assert len(trap.reason.split()) >= 6
        assert float(trap.condition) > BOUND
        assert missing(trap) or asked(trap.number).ulps > BOUND


def digit_changed(trap):
    """The trap with one more in a digit of the exact value that its dtype can tell."""
    place = {"float32": 5, "float64": 14}[trap.dtype]
    digits = trap.exact[:place] + str((int(trap.exact[place]) + 5) % 10) + trap.exact[place + 1 :]
    return replace(trap, exact=digits)


@pytest.mark.parametrize("number", [3, 13, 31])
def test_a_wrong_digit_is_seen(number):
    assert asked(number).ok
    assert not ask(digit_changed(TRAPS[number - 1])).ok


class Textbook:
    """Binary cross-entropy of a logit in NumPy, as it stands in the textbook."""

    interface = find("binary_cross_entropy_with_logits").interface

    def __call__(self, logit, target, reduction):
        p = 1 / (1 + np.exp(-logit))
        return -target * np.log(p) - (1 - target) * np.log(1 - p)

    def gradient(self, logit, target, wrt, reduction):
        return 1 / (1 + np.exp(-logit)) - target

    def hessian_diagonal(self, logit, target, reduction):
        p = 1 / (1 + np.exp(-logit))
        return p * (1 - p)


@pytest.mark.parametrize("number", [1, 3, 4, 6, 7, 8, 12])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_textbook_kernel_is_seen(number):
    trap = TRAPS[number - 1]
    assert trap.loss == "binary_cross_entropy_with_logits"
    assert not ask(trap, Textbook()).ok


@pytest.mark.parametrize("found", [np.nan, np.inf, 0.0])
def test_no_answer_is_no_excuse(found):
    class Constant(Textbook):
        def __call__(self, logit, **_):
            return np.full_like(logit, found)

    assert not ask(TRAPS[8], Constant()).ok
