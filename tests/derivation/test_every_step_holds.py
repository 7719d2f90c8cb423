"""Every step of every derivation is what exact arithmetic gives; a wrong step is refused."""

import pytest

from lossgen import derivation
from lossgen.catalogue.entries import losses
from lossgen.derivation import DerivationError, derive
from lossgen.emit.latex import formulas

CASES = [(name, wrt) for name, loss in losses().items() for wrt in loss.entry.gradients]


@pytest.mark.parametrize(("name", "wrt"), CASES)
def test_derivation_holds(name, wrt):
    steps = list(derive(losses()[name], wrt))
    assert all(step.points == derivation.POINTS for step in steps[1:])
    assert steps[-1].equations[0].startswith(r"\frac{\partial ")


def test_the_chain_goes_through_the_author_s_quantities():
    words = [step.words for step in derive(losses()["dice"])]
    assert words == [
        "The loss, and what it is made of.",
        "How the loss changes with size.",
        "How the loss changes with overlap.",
        "The chain rule: prob acts through overlap and size.",
        "How overlap changes with prob.",
        "How size changes with prob.",
        "Together: the derivative with respect to prob.",
    ]


CHANGES = {
    "a sign": (r"= -\frac{2}{", r"= \frac{2}{"),
    "a factor": (r"= -\frac{2}{", r"= -\frac{1}{"),
    "an index": (r"= \mathrm{mask}_{k}", r"= \mathrm{prob}_{k}"),
    "a dropped term": (r" + \frac{\partial L}{\partial \mathrm{size}}", ""),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_wrong_step_is_refused(monkeypatch, old, new):
    changed = []

    def wrong(*arguments, **named):
        found = formulas(*arguments, **named)
        for name, equation in found.gradient.items():
            found.gradient[name] = equation.replace(old, new)
            changed.append(equation != found.gradient[name])
        return found

    monkeypatch.setattr(derivation, "formulas", wrong)
    with pytest.raises(DerivationError, match=r"dice: .* gives .* and is"):
        derive(losses()["dice"])
    assert any(changed)


def test_a_forgotten_path_is_refused():
    deriver = derivation._Deriver(losses()["dice"].entry, "prob")
    both = list(deriver.entry.definitions)
    assert deriver.chained(both, "prob") == derivation.POINTS
    with pytest.raises(DerivationError, match="the chain rule for prob fails"):
        deriver.chained(both[:1], "prob")


def test_an_argument_that_is_not_differentiated_is_named():
    with pytest.raises(DerivationError, match="prediction, target, not in 'delta'"):
        losses()["huber"].derive("delta")


def test_a_derivation_reads_as_text_and_as_mathematics():
    found = losses()["huber"].derive()
    assert repr(found).startswith("huber, differentiated with respect to prediction\n\n1. The loss")
    assert "[8 points]" in repr(found)
    assert found._repr_latex_().startswith("$$\\begin{aligned}")
    assert len(found) == 5
