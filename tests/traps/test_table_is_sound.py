"""The data, the verdicts on other libraries, and the page."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lossgen.traps import Outcome, page, summary, text, to_json, traps
from lossgen.traps.ask import missing
from lossgen.traps.table import LIBRARIES, literal, rows, wrong

PAGE = Path(__file__).resolve().parents[2] / "docs" / "traps.md"
TRAPS = traps()


def test_there_are_all_rows():
    assert [trap.number for trap in TRAPS] == list(range(1, 152))
    assert sum(len(trap.answers) for trap in TRAPS) == len(list(rows("answers.csv"))) == 444


def test_every_row_can_be_read():
    for trap in TRAPS:
        assert trap.dtype in ("float32", "float64")
        assert re.fullmatch(r"value|[dh]_\w+", trap.output)
        assert trap.output == "value" or trap.output[2:] in trap.arguments
        assert math.isfinite(float(trap.exact))
        assert len(trap.exact.split("e")[0]) >= 30 or float(trap.exact) == float(
            f"{float(trap.exact):.12g}"
        )
        assert all(answer.library in LIBRARIES for answer in trap.answers)


def test_every_trap_catches_somebody():
    assert all(any(answer.wrong for answer in trap.answers) for trap in TRAPS)


# answer, exact, dtype, whether it is wrong
VERDICTS = [
    ("1", "1.0", "float32", False),
    ("0.99995", "1.0", "float32", False),
    ("0.9998", "1.0", "float32", True),
    ("0.9998", "1.0", "float64", True),
    ("1.0000000005", "1.0", "float64", False),
    ("nan", "1.0", "float32", True),
    ("inf", "3e38", "float32", True),
    ("0", "5.5e-87", "float32", False),
    ("0", "5.5e-87", "float64", True),
    ("-0", "0.0", "float32", False),
    ("1e-44", "0.0", "float32", True),
]


@pytest.mark.parametrize(("answer", "exact", "dtype", "verdict"), VERDICTS)
def test_an_answer_is_wrong_beyond_rounding(answer, exact, dtype, verdict):
    assert wrong(answer, exact, dtype) is verdict


def test_arguments_are_read_and_never_evaluated():
    assert literal("logits=[-inf, 1.0], label=0") == {"logits": [-math.inf, 1.0], "label": 0}
    with pytest.raises(ValueError, match="malformed"):
        literal("logit=__import__('os')")


RIGHT = Outcome(TRAPS[2], float(TRAPS[2].exact), 0.1)
WRONG = Outcome(TRAPS[12], 0.0, math.inf)
ABSENT = Outcome(TRAPS[27], math.nan, math.nan, "bpr")


def test_text_shows_ours_beside_theirs():
    shown = text([RIGHT, WRONG, ABSENT])
    assert "3. value at logit=30.0, target=1.0 (float32)" in shown
    assert "lossgen 0 (inf ulp, at most 8: WRONG)" in shown
    assert "wrong: torch F.binary_cross_entropy_with_logits 0, naive nan" in shown
    assert shown.splitlines()[-2:] == summary([RIGHT, WRONG, ABSENT]).splitlines()


def test_summary_counts_what_could_be_asked():
    first, second = summary([RIGHT, WRONG, ABSENT]).splitlines()
    assert first.startswith("lossgen 1 of 2; torch 1 of 2; jax 2 of 2; keras 2 of 2;")
    assert second == "1 more traps wait for bpr"


def test_a_wider_bound_does_not_count_as_right():
    """The others have no such excuse."""
    excused = Outcome(replace(TRAPS[2], bound=1e9), 0.0, 1e8)
    assert excused.ok
    first = summary([RIGHT, excused]).split(";")[0]
    assert first == "lossgen 1 of 2 (1 more within a wider bound that is explained)"


def test_json_has_all_of_it():
    found = json.loads(to_json([RIGHT, WRONG, ABSENT]))
    assert [one.get("ok") for one in found] == [True, False, None]
    assert found[1]["ulps"] == "inf"
    assert found[2]["missing"] == "bpr"
    assert found[0]["answers"][0]["library"].startswith("PyTorch")


def fixed(said):
    """The lines of a page without what our kernels gave, which depends on the processor."""
    tables = [line for line in said.splitlines() if re.match(r"\| \d+ \|", line)]
    cells = [re.split(r"(?<!\\)\|", line) for line in tables]
    return [[*line[:4], *line[6:]] for line in cells]


def test_page_is_of_these_traps():
    outcomes = [Outcome(trap, math.nan, math.nan, missing(trap)) for trap in TRAPS]
    assert fixed(PAGE.read_text(encoding="utf-8")) == fixed(page(outcomes))


def test_a_stale_page_is_seen():
    outcomes = [Outcome(trap, math.nan, math.nan) for trap in TRAPS[1:]]
    assert fixed(PAGE.read_text(encoding="utf-8")) != fixed(page(outcomes))
