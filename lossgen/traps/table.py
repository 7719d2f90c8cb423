"""The data: one row a trap in traps.csv, one row an answer of another library in answers.csv.

Inputs are printed after rounding to the dtype, so that `exact` (40 digits) is the answer for the
numbers that a kernel receives.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import mpmath as mp

# The versions that were asked.
LIBRARIES = {
    "torch": "PyTorch 2.13.0 (CPU)",
    "jax": "JAX 0.10.2, optax 0.2.8",
    "keras": "Keras 3.15.1 (JAX backend)",
    "scikit-learn": "scikit-learn 1.9.1",
    "scipy": "SciPy 1.17.1",
    "xgboost": "XGBoost 3.2.0",
    "lightgbm": "LightGBM 4.7.0",
    "catboost": "CatBoost 1.2.10",
    "monai": "MONAI 1.6.1",
    "torchvision": "torchvision 0.28.0",
    "pytorch-metric-learning": "pytorch-metric-learning 2.9.0",
    "naive": "the textbook formula, differentiated by autograd",
}

# A relative error beyond this is called wrong: half of the digits are lost, and no difference of
# rounding is. Zero has to be answered exactly.
WRONG = {"float32": 1e-4, "float64": 1e-9}

DIGITS = 50


@dataclass(frozen=True)
class Answer:
    """What one function of a library gave at a trap."""

    library: str
    function: str
    text: str
    wrong: bool


@dataclass(frozen=True)
class Trap:
    """One output of a loss at one row, with its exact value.

    `output` is named as in the checks (value, d_x or h_x), `element` is the place in an argument
    with axes. `bound` is 8 ulp of the exact value, or what `condition` and `reason` explain.
    """

    number: int
    loss: str
    said: str
    dtype: str
    output: str
    element: tuple[int, ...]
    exact: str
    bound: float
    condition: str
    reason: str
    note: str
    answers: tuple[Answer, ...]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments and parameters as plain numbers, lists and words."""
        return literal(self.said)

    @property
    def asked(self) -> str:
        """The output as a reader writes it: value, d_logits[0], h_logit."""
        return self.output + (f"{list(self.element)}" if self.element else "")


BOUND = 8.0  # ulp of the exact value


@cache
def traps() -> tuple[Trap, ...]:
    """Return all traps, in the order of the file."""
    answers: dict[int, list[Mapping[str, str]]] = {}
    for row in rows("answers.csv"):
        answers.setdefault(int(row["trap"]), []).append(row)
    return tuple(trap(row, answers.get(int(row["trap"]), [])) for row in rows("traps.csv"))


def trap(row: Mapping[str, str], answers: list[Mapping[str, str]]) -> Trap:
    """Return the trap of a row, with the answers to it."""
    exact, dtype = row["exact"], row["dtype"]
    return Trap(
        int(row["trap"]), row["loss"], row["arguments"], dtype, row["output"],
        tuple(map(int, row["element"].split())), exact,
        float(row["bound"] or BOUND), row["condition"], row["reason"], row["note"],
        tuple(
            Answer(a["library"], a["function"], a["answer"], wrong(a["answer"], exact, dtype))
            for a in answers
        ),
    )  # fmt: skip


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a data file of this package."""
    text = files("lossgen.traps").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def wrong(answer: str, exact: str, dtype: str) -> bool:
    """Whether an answer misses the exact value by more than rounding explains."""
    with mp.workdps(DIGITS):
        number, wanted = mp.mpf(answer), mp.mpf(exact)
        if not mp.isfinite(number):
            return True
        # What is below half the smallest subnormal is rightly 0.
        if abs(wanted) < SMALLEST[dtype] / 2:
            return bool(number != 0)
        return bool(abs(number - wanted) > WRONG[dtype] * abs(wanted))


SMALLEST = {"float32": mp.mpf(2) ** -149, "float64": mp.mpf(2) ** -1074}


def literal(text: str) -> dict[str, Any]:
    """Return the named arguments of a call, `logits=[-inf, 1.0], label=0`; never evaluated."""
    # 1e999 is how a literal says infinity.
    finite = re.sub(r"\binf\b", "1e999", text)
    call = ast.parse(f"f({finite})", mode="eval").body
    assert isinstance(call, ast.Call)
    return {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
