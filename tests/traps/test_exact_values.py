"""The exact column against the reference of the checks, and wrong digits in it."""

from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest

from lossgen.catalogue.entries import entries
from lossgen.checks.reference import Question, exact
from lossgen.traps import traps

# Of the 40 digits of the table: 25 are what the reference agrees to with itself. It knows a zero as
# a number below everything that a float can hold.
AGREEING = mp.mpf(10) ** -24
NOTHING = mp.mpf(2) ** -1100

ENTRIES = entries()


def expressible(trap):
    """Whether there is an entry with all the arguments and parameters of a trap."""
    entry = ENTRIES.get(trap.loss)
    known = {argument.name for argument in (*entry.per_row, *entry.shared)} if entry else set()
    return entry is not None and trap.arguments.keys() <= known | {"reduction"}


def reference(trap):
    """The output of a trap by the exact reference; of a mean over rows, the mean."""
    given = trap.arguments
    entry = ENTRIES[trap.loss]
    if given.pop("reduction", None) != "mean":
        return answer(entry, trap, given)
    rows = [dict(zip(given, row, strict=True)) for row in zip(*given.values(), strict=True)]
    return mp.fsum(answer(entry, trap, row) for row in rows) / len(rows)


def answer(entry, trap, given):
    defaults = {argument.name: argument.default for argument in entry.shared}
    kind, _, name = trap.output.partition("_")
    asked = Question(
        entry, {**defaults, **given}, np.dtype(trap.dtype),
        second=name if kind == "h" else None, wrt=(name,) if name else (),
    )  # fmt: skip
    found = exact(asked)[0]
    match kind:
        case "value":
            return found.value[0]
        case "d":
            return found.gradient[name][trap.element][0]
        case "h":
            return found.hessian_diagonal[trap.element][0]
    raise AssertionError(trap.output)


def agrees(trap):
    with mp.workdps(50):
        wanted, found = mp.mpf(trap.exact), reference(trap)
        return bool(abs(found - wanted) <= AGREEING * abs(wanted) + NOTHING)


# At an infinity the reference takes a limit, to the digits of a float and not to 24.
EXPRESSED = [t for t in traps() if expressible(t) and mp.isfinite(t.bound) and "inf" not in t.said]


@pytest.mark.parametrize("trap", EXPRESSED, ids=lambda trap: f"{trap.number}-{trap.loss}")
def test_exact_value_is_that_of_the_entry(trap):
    assert agrees(trap)


@pytest.mark.parametrize("trap", EXPRESSED[::7], ids=lambda trap: f"{trap.number}-{trap.loss}")
def test_a_wrong_digit_is_seen(trap):
    with mp.workdps(50):
        wrong = mp.mpf(trap.exact) * (1 + mp.mpf(10) ** -20) or mp.mpf(10) ** -20
        assert not agrees(replace(trap, exact=mp.nstr(wrong, 40)))
