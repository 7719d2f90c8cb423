"""What a seeded mutator makes of the literature is judged wrong, for the right reason."""

from collections import Counter
from functools import cache
from random import Random

import pytest
from verdict.literature import ROWS
from verdict.mutator import corruptions, differ
from verdict.reading import read_of

from lossgen.catalogue.entries import losses
from lossgen.formulas import FormulaError
from lossgen.verdict import verify

LOSSES = losses()
# A diagnosis of a whole formula is checked at every point: it is true however the error was made.
WHOLE = ("it is", "the sign is wrong")
SEED = 20
_DRAWN = 48


@cache
def tried(everything):
    """Return what came of each corruption: its row, itself, and the verdict, or why there is none.

    Without --all one corruption of most formulas is drawn, of a kind that is drawn too.
    """
    found = []
    for row in ROWS if everything else Random(SEED).sample(ROWS, _DRAWN):
        made = list(corruptions(row, SEED, each=2 if everything else 1))
        if not everything:
            made = Random(f"{SEED} {row.title}").sample(made, 1)
        found += [(row, corruption, outcome(row, corruption)) for corruption in made]
    return found


def outcome(row, corruption):
    try:
        entry, regions, right = read_of(LOSSES, row, row.formula)
        wrong = read_of(LOSSES, row, corruption.formula)[2]
        if not differ(right, wrong, entry, regions, SEED):
            return "equal"
    except FormulaError:
        return "refused"
    return verify(LOSSES[row.loss] if row.loss else None, **row.asked(corruption.formula))


@pytest.fixture
def judged(request):
    found = tried(request.config.getoption("--all"))
    return [each for each in found if not isinstance(each[2], str) and each[2].code != 2]


def test_none_is_called_right(judged):
    assert [(row.title, made.formula) for row, made, verdict in judged if verdict.code == 0] == []


def test_nine_of_ten_have_the_right_diagnosis(judged):
    bad = [
        (row.title, made.kind, made.formula, verdict.diagnosis)
        for row, made, verdict in judged
        if not is_right(made, verdict)
    ]
    assert len(bad) <= len(judged) / 10, bad


def is_right(made, verdict):
    whole = verdict.diagnosis.startswith(WHOLE) or verdict.diagnosis.endswith("are swapped")
    return verdict.cause in made.causes or whole


def test_few_are_refused(request):
    """A corruption may put a number where a vector has to be; the reader then says so."""
    counts = Counter(
        outcome if isinstance(outcome, str) else "judged"
        for _, _, outcome in tried(request.config.getoption("--all"))
    )
    assert counts["judged"] >= 36
    assert counts["refused"] <= counts["judged"] / 8, counts


def test_every_kind_of_error_is_made(judged):
    assert len({made.kind for _, made, _ in judged}) >= 5


def test_the_comparison_of_corruptions_can_fail():
    """The twins: an equal formula is seen to be equal, another one not."""
    row = next(row for row in ROWS if row.title == "linex")
    entry, regions, right = read_of(LOSSES, row, row.formula)
    same = read_of(LOSSES, row, r"b a \left(e^{-a(y - \hat{y})} - 1\right)")[2]
    other = read_of(LOSSES, row, r"b a \left(e^{a(y - \hat{y})} - 1\right)")[2]
    assert not differ(right, same, entry, regions, SEED)
    assert differ(right, other, entry, regions, SEED)
