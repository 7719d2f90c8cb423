# ruff: noqa: E501 - a formula is not broken over lines
r"""Whatever text the reader gets, it reads it or refuses it: soon, with a place, and evaluating nothing.

Real formulas, of our pages and of the literature, are cut, doubled, nested and joined; and words of
both notations are thrown together. `LOSSGEN_FUZZ_SECONDS=600 pytest ...` runs for ten minutes.
"""

import os
import re
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from formulas.test_refusals import INTERFACE, WORDS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from verdict.literature import ROWS

from lossgen.formulas import FormulaError, Notation, latex_scope, read, text_scope
from lossgen.formulas.pages import displays
from lossgen.formulas.scope import axes_of

SECONDS = float(os.environ.get("LOSSGEN_FUZZ_SECONDS", "6"))
# A formula of a screen takes milliseconds; nobody waits longer than this for an error. Of the
# processor, so that a busy machine fails nothing.
LONGEST = 1.0

ARGUMENTS = {
    **INTERFACE["arguments"],
    "s": {"domain": "Real", "axes": ("k", "k")},
    "label": {"domain": "Label", "axes": (), "values": "k"},
}
FACTS = {**INTERFACE, "arguments": ARGUMENTS}
NAMES = {"x": "x", "y": r"\hat{y}", "u": "u", "s": "s", "label": "y", "delta": r"\delta"}
SCOPES = (
    latex_scope(FACTS, Notation(NAMES, {"k": ("k", "j", "i")}, {"k": "K"})),
    text_scope(FACTS, {**axes_of(FACTS), "k": ("k", "j", "i")}),
)

PAGES = sorted(Path(__file__).parents[2].joinpath("docs", "losses").glob("*.md"))
REAL = [row.formula for row in ROWS]
REAL += [shown for page in PAGES for shown in displays(page.read_text(encoding="utf-8"))]
REAL += ["Piecewise((x**2/2, Abs(x) <= delta), (delta*x, True))", "SumOver(k, u[k]*exp(-u[k]))"]
REAL += ["norm(u - 1)**2 + softmax(u)[k]", "Sum(u[i]*s[i, j], (i, 1, K), (j, 1, K))"]
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\s+|.")
DEEP = [
    "(",
    "{",
    "[",
    r"\left(",
    r"\frac{",
    "^{",
    "_{",
    r"\sqrt{",
    "-",
    "|",
    r"\|",
    r"\lVert ",
    "x^",
    "9**",
    "~",
    "f(",
]
MORE = [
    r"\sum_{i=1}^{K}",
    r"\prod_j",
    r"\lVert",
    r"\rVert",
    r"\|",
    r"\top",
    r"\nabla",
    r"\partial",
    r"\operatorname{softmax}",
    r"\langle",
    r"\rangle",
    r"\odot",
    r"\boldsymbol{x}",
    r"\hat y",
    r"^\top",
    r"_{i \neq j}",
    "99999999999",
    "1e9",
    "**",
    "^{10^{10^{10}}}",
    "9**9**9**9",
    r"\substack{",
    "&",
    r"\\",
    r"\begin{array}{l}",
    r"\end{array}",
    "__import__('os')",
    "lambda",
    ".T",
    "@",
]


@st.composite
def mutants(draw):
    """A real formula with some of its tokens cut, doubled, exchanged, nested or replaced."""
    tokens = TOKEN.findall(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, max(len(tokens) - 1, 0)))
        end = min(len(tokens), start + draw(st.integers(1, 6)))
        piece = tokens[start:end]
        match draw(st.integers(0, 5)):
            case 0:
                tokens[start:end] = []
            case 1:
                tokens[end:end] = piece
            case 2:
                tokens[start:end] = reversed(piece)
            case 3:
                tokens[start:end] = [draw(st.sampled_from([*WORDS, *MORE]))]
            case 4:
                times = draw(st.sampled_from([2, 30, 300, 3000]))
                tokens[start:start] = [draw(st.sampled_from(DEEP))] * times
            case 5:
                other = TOKEN.findall(draw(st.sampled_from(REAL)))
                tokens[start:start] = other[: draw(st.integers(0, len(other)))]
    return "".join(tokens)


SOUP = st.lists(st.sampled_from([*WORDS, *MORE, *DEEP]), max_size=40).map(" ".join)
TEXTS = st.one_of(mutants(), mutants(), SOUP, st.text(max_size=60))

_seen: list[str] = []
_watching = False


def _watch(event, _):
    if _watching and event in (
        "exec",
        "compile",
        "os.system",
        "subprocess.Popen",
        "socket.connect",
    ):
        _seen.append(event)


sys.addaudithook(_watch)


@contextmanager
def nothing_is_evaluated():
    global _watching
    _seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _seen == []


def survives(text):
    for scope in SCOPES:
        if taken(text, scope) >= LONGEST:  # once is a pause of Python's garbage collector
            assert taken(text, scope) < LONGEST, text


def taken(text, scope):
    start = time.process_time()
    with nothing_is_evaluated(), suppress(FormulaError):
        read(text, scope)
    return time.process_time() - start


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Grammars are compiled and SymPy's caches filled before anything is timed or watched."""
    for text in REAL:
        for scope in SCOPES:
            with suppress(FormulaError):
                read(text, scope)


def test_any_text_is_read_or_refused_soon():
    end = time.monotonic() + SECONDS
    tried = 0

    @settings(
        max_examples=100_000_000,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(TEXTS)
    def run(text):
        nonlocal tried
        if time.monotonic() < end:
            tried += 1
            survives(text)
        elif tried:
            raise _OverError

    with pytest.raises(_OverError):
        run()
    assert tried > SECONDS


class _OverError(Exception):
    """The time is over."""


@pytest.mark.parametrize(
    "opened", [*DEEP, r"\frac12", "x_", r"\log ", r"\sum_{k} ", "u_{k}^{", r"\hat{"]
)
@pytest.mark.parametrize("times", [50, 10_000])
def test_deep_nesting_is_an_error_and_no_crash(opened, times):
    survives(opened * times + "x")
    survives(opened * times + "x" + ")" * times)


@pytest.mark.parametrize("text", ["9**9**9**9", "x^{10^{10^{10}}}", "9" * 5000, "x**" * 30 + "9", "e^{" * 30 + "9" + "}" * 30, "10^{10^{10^{10}}}"])  # fmt: skip
def test_huge_exponents_are_no_hang(text):
    survives(text)


def test_an_evaluation_would_be_noticed():
    """The twin: code that is run is seen."""
    with pytest.raises(AssertionError), nothing_is_evaluated():
        eval("1 + 1")
