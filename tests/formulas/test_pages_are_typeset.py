# ruff: noqa: E501 - a formula is not broken over lines
"""Formulas look as a person would set them, and are the same bytes in every process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from formulas.structures import entry_of, page_of

from lossgen.emit.latex import formulas, latex
from lossgen.formulas.notation import typeset
from lossgen.formulas.pages import displays
from lossgen.language import *
from lossgen.language.loss import read

VALUES = {
    "huber": r"L = \begin{cases} \frac{r^{2}}{2} & \text{if } r \le \delta \\ \delta \left(r - \frac{\delta}{2}\right) & \text{otherwise} \end{cases}",
    "sparse_softmax_cross_entropy": r"L = \operatorname{LSE}_{k} \mathrm{logits}_{k} - \mathrm{logits}_{\mathrm{label}}",
    "dice": r"L = 1 - \frac{2 \cdot \mathrm{overlap} + \mathrm{smooth}}{\mathrm{size} + \mathrm{smooth}}",
    "info_nce": r"L = \frac{1}{n} \sum_{i} \left(\operatorname{LSE}_{j} s_{i,j} - s_{i,i}\right)",
}


@pytest.mark.parametrize("name", VALUES)
def test_the_value_keeps_the_author_s_order(name):
    assert displays(page_of(entry_of(name)))[0] == VALUES[name]


def test_the_author_s_notation_is_used():
    def squared(prediction: Real, target: Real, *, lambda_1: Positive = 2.0):
        return lambda_1 * (prediction - target) ** 2

    entry = read(squared, {"notation": {"prediction": r"\hat{y}", "target": "y"}})
    assert formulas(entry).value == r"L = \lambda_{1} \left(\hat{y} - y\right)^{2}"


def test_one_letter_stands_for_one_thing():
    n = axis("n")

    def tangled(L: Real[n], k: Real, *, e: Positive = 1.0, sigma: Positive = 1.0):
        return MeanOver(n, exp(L[n] * e)) + sigmoid(k) * sigma

    shown = formulas(read(tangled, {}))
    assert shown.notation.loss == r"\mathcal{L}"
    assert r"\operatorname{sigmoid}" in shown.value
    assert r"\exp\left(" in shown.value
    assert shown.notation.extents == {"n": "N"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x", "x"), ("delta", r"\delta"), ("smooth", r"\mathrm{smooth}"), ("p_t", "p_{t}"),
        ("pos_weight", r"\mathrm{pos}_{\mathrm{weight}}"), ("y_hat", r"\hat{y}"), ("x1", "x_{1}"),
        ("alpha_t", r"\alpha_{t}"), ("k_2", "k'"),
    ],
)  # fmt: skip
def test_a_name_is_set_as_in_print(name, shown):
    assert typeset(name) == shown


def test_latex_of_a_loss_knows_three_words():
    class Named:
        entry = entry_of("squared_error")

    assert latex(Named, "value").startswith("L = ")
    assert latex(Named, "gradient").startswith(r"\begin{aligned}")
    assert latex(Named, "hessian") == r"\frac{\partial^{2} L}{\partial \mathrm{prediction}^{2}} = 2"
    with pytest.raises(ValueError, match='expected "value", "gradient" or "hessian"'):
        latex(Named, "curl")


PROGRAM = """
from formulas.structures import entry_of, page_of
for name in ("dice", "wasserstein_assignment", "softmax_focal"):
    print(page_of(entry_of(name)))
"""


def test_the_hash_seed_changes_nothing():
    root = Path(__file__).parents[2]
    folders = os.pathsep.join(map(str, (root, root / "tests")))
    texts = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert texts[0] == texts[1] != ""
