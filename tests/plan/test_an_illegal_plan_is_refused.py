"""The legality check: a name that is read before it is complete, or defined twice, is refused."""

import pytest
from derive.nasty import LOSSES

from lossgen.catalogue.entries import entries
from lossgen.emit.form import forms
from lossgen.language import *
from lossgen.language.entry import Argument, Definition, quantity
from lossgen.language.program import Program, Reduction
from lossgen.plan import Leaf, Loop, Plan, PlanError, check, plan

k = axis("k")
X = Argument("x", Real[k])
TOTAL = Reduction("total", (), "sum", (k,), X.symbol[k])
LARGEST = Reduction("largest", (), "max", (k,), X.symbol[k])
SPREAD = Reduction("spread", (), "sum", (k,), X.symbol[k] - LARGEST.symbol)
LOSS = Definition("loss", (), TOTAL.symbol**2)


def made(*items, macros=()):
    """A plan made by hand."""
    statements = tuple(s for s in (TOTAL, LARGEST, SPREAD, LOSS) if s.name != "none")
    program = Program("by_hand", (X,), statements, ("loss",))
    return Plan(program, list(items), {macro.name: macro for macro in macros}, {})


def loop(*statements):
    return Loop(k, [Leaf(statement) for statement in statements])


LEGAL = {
    "a sum, then what reads it": made(loop(TOTAL), Leaf(LOSS)),
    "two folds side by side": made(loop(TOTAL, LARGEST), Leaf(LOSS)),
    "a fold after the one it reads": made(loop(LARGEST), loop(SPREAD), loop(TOTAL), Leaf(LOSS)),
}
ILLEGAL = {
    "a sum read before its loop": (
        made(Leaf(LOSS), loop(TOTAL)), "by_hand: loss reads total before it is complete"),
    "a maximum read inside its own loop, before it": (
        made(loop(SPREAD, LARGEST), loop(TOTAL), Leaf(LOSS)), "spread reads largest before"),
    "a sum that nobody computes": (made(Leaf(LOSS)), "loss reads total before"),
    "a sum computed twice": (
        made(loop(TOTAL), loop(TOTAL), Leaf(LOSS)), "by_hand: total is defined twice"),
    "a value computed twice": (made(loop(TOTAL), Leaf(LOSS), Leaf(LOSS)), "loss is defined twice"),
    "an argument overwritten": (
        made(Leaf(Definition("x", (), quantity("y", ()))), loop(TOTAL), Leaf(LOSS)),
        "x reads y before"),
    "a sum read through a definition": (
        made(
            Leaf(Definition("loss", (), quantity("centred", (k,)))), loop(TOTAL),
            macros=[Definition("centred", (k,), X.symbol[k] - TOTAL.symbol)],
        ),
        "loss reads total before"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEGAL)
def test_legal(name):
    check(LEGAL[name])


@pytest.mark.parametrize("name", ILLEGAL)
def test_illegal(name):
    wrong, sentence = ILLEGAL[name]
    with pytest.raises(PlanError, match=sentence):
        check(wrong)


def test_a_fold_read_inside_its_own_loop_is_never_planned():
    """x - max(x) needs the maximum to be complete: two loops, whatever joins."""
    statements = (LARGEST, SPREAD, Definition("loss", (), SPREAD.symbol))
    program = Program("spread", (X,), statements, ("loss",))
    found = plan(program)
    assert [type(item).__name__ for item in found.items] == ["Loop", "Loop", "Leaf"]


@pytest.mark.parametrize("name", [*entries(), *LOSSES])
def test_every_form_has_a_legal_plan(name):
    entry = entries()[name] if name in entries() else LOSSES[name].entry
    for form in forms(entry).forms:
        check(form.plan)
