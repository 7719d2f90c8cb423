"""Outcomes as text for a terminal, as a page, and as JSON, beside what the other libraries gave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import mpmath as mp

from .ask import Outcome
from .table import DIGITS, LIBRARIES, Answer

# Digits in which the answers of the libraries were printed: as many as the dtype can need.
PRINTED = {"float32": 9, "float64": 17}

INTRODUCTION = """\
# Traps

Inputs at which libraries or textbook formulas lose the answer, each with the exact value, what our
kernel gives there, and what the others gave. Exact values have 40 digits in the data and are
verified against the exact reference; inputs are as they are after rounding to the dtype. Our error
is in ulp of the exact value itself, at most 8 unless a row says why. An answer of a library is
**wrong** beyond a relative error of 1e-4 (float32) or 1e-9 (float64). Rows were kept because
somebody fails there, so the shares are not failure rates. Written by `lossgen traps --page`."""

# The libraries with a column of their own on the page; the rest share one.
COLUMNS = ("torch", "jax", "keras", "naive")
HEAD = """\
| | output and input | exact | lossgen | ulp | torch | jax | keras | naive | others, remarks |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def text(outcomes: Sequence[Outcome]) -> str:
    """Return a block of lines for each trap that was asked, the losses that wait, the summary."""
    asked = [outcome for outcome in outcomes if not outcome.missing]
    blocks = [
        "\n".join([loss, *(line for outcome in group for line in _block(outcome))])
        for loss, group in by_loss(asked).items()
    ]
    return "\n\n".join([*blocks, summary(outcomes)])


def by_loss(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each loss, in the order in which the losses come first."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.trap.loss, []).append(outcome)
    return groups


def _block(outcome: Outcome) -> Iterator[str]:
    trap = outcome.trap
    yield f"  {trap.number}. {trap.asked} at {trap.said} ({trap.dtype})"
    verdict = f"{_ulps(outcome)} ulp" + ("" if outcome.ok else f", at most {trap.bound:g}: WRONG")
    yield f"     exact {_exact(outcome)}, lossgen {_ours(outcome)} ({verdict})"
    if trap.reason:
        yield f"     condition {trap.condition}: {trap.reason}"
    for said, wrong in (("wrong", True), ("right", False)):
        if found := [answer for answer in trap.answers if answer.wrong is wrong]:
            yield f"     {said}: {', '.join(map(_answer, found))}"


def _answer(answer: Answer) -> str:
    function = f" {answer.function}" if answer.function else ""
    return f"{answer.library}{function} {answer.text}"


def _exact(outcome: Outcome) -> str:
    """Return the exact value, in a few digits more than the dtype has."""
    with mp.workdps(DIGITS):
        return str(mp.nstr(mp.mpf(outcome.trap.exact), PRINTED[outcome.trap.dtype] + 3))


def _ours(outcome: Outcome) -> str:
    return f"{outcome.found:.{PRINTED[outcome.trap.dtype]}g}"


def _ulps(outcome: Outcome) -> str:
    return f"{round(outcome.ulps, 3):.2g}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return who was right how often, over the traps that could be asked of us."""
    asked = [outcome for outcome in outcomes if not outcome.missing]
    excused = sum(outcome.ok and not outcome.right for outcome in asked)
    scores = [f"lossgen {sum(outcome.right for outcome in asked)} of {len(asked)}"]
    scores[0] += f" ({excused} more within a wider bound that is explained)" if excused else ""
    given = [answer for outcome in asked for answer in outcome.trap.answers]
    for library in LIBRARIES:
        if found := [answer for answer in given if answer.library == library]:
            right = sum(not answer.wrong for answer in found)
            scores.append(f"{library} {right} of {len(found)}")
    lines = ["; ".join(scores)]
    if waiting := sorted({outcome.missing for outcome in outcomes if outcome.missing}):
        count = len(outcomes) - len(asked)
        lines.append(f"{count} more traps wait for {', '.join(waiting)}")
    return "\n".join(lines)


def page(outcomes: Sequence[Outcome]) -> str:
    """Return the page: the summary, a table for each loss, and the versions that were asked."""
    parts = [INTRODUCTION, "\n".join(f"- {line}" for line in summary(outcomes).splitlines())]
    for loss, group in by_loss(outcomes).items():
        parts += [f"## {loss}", *_functions(group), "\n".join([HEAD, *map(_line, group)])]
    versions = [f"- {name}: {version}" for name, version in LIBRARIES.items()]
    return "\n\n".join([*parts, "## Versions asked", "\n".join(versions)]) + "\n"


def _functions(group: Sequence[Outcome]) -> list[str]:
    """Return what was asked of a loss, as a paragraph: us, where we cannot be, and the others."""
    missing = sorted({f"There is no {o.missing} yet." for o in group if o.missing})
    asked = dict.fromkeys(
        f"{answer.library} `{answer.function}`"
        for outcome in group
        for answer in outcome.trap.answers
        if answer.function
    )
    said = [*missing, *([f"Asked: {', '.join(asked)}."] if asked else [])]
    return [" ".join(said)] if said else []


def _line(outcome: Outcome) -> str:
    trap = outcome.trap
    ours = ("", "") if outcome.missing else (_ours(outcome), _ulps(outcome))
    columns = [
        ", ".join(_marked(a.text, a) for a in trap.answers if a.library == library)
        for library in COLUMNS
    ]
    others = [_marked(f"{a.library} {a.text}", a) for a in trap.answers if a.library not in COLUMNS]
    why = f"condition {trap.condition}: {trap.reason}" if trap.reason else ""
    remarks = ". ".join(filter(None, (", ".join(others), trap.note, why)))
    asked = f"{trap.asked} at `{trap.said}`, {trap.dtype}"
    cells = (str(trap.number), asked, _exact(outcome), *ours, *columns, remarks)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _marked(said: str, answer: Answer) -> str:
    return f"**{said}**" if answer.wrong else said


def to_json(outcomes: Sequence[Outcome]) -> str:
    """Return everything as JSON; exact values and answers are texts, for JSON has no infinity."""
    return json.dumps([_document(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)


def _document(outcome: Outcome) -> dict[str, object]:
    trap = outcome.trap
    document: dict[str, object] = {
        "trap": trap.number, "loss": trap.loss, "arguments": trap.said, "dtype": trap.dtype,
        "output": trap.asked, "exact": trap.exact, "bound": trap.bound, "note": trap.note,
    }  # fmt: skip
    if outcome.missing:
        document["missing"] = outcome.missing
    else:
        document |= {"ok": outcome.ok, "found": repr(outcome.found), "ulps": repr(outcome.ulps)}
    answers = [
        {
            "library": LIBRARIES[a.library],
            "function": a.function,
            "answer": a.text,
            "wrong": a.wrong,
        }
        for a in trap.answers
    ]
    return {**document, "answers": answers}
