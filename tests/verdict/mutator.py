"""Corruptions of formulas, cut and pasted into the text: seeded, each of a known kind.

The tree of the formula says where terms, relations and names stand; what comes out is LaTeX again,
read like any other. A corruption that happens to be equal is found by exact evaluation at random
rows, and left out by the tests.
"""

import random
from dataclasses import dataclass

import mpmath as mp
import numpy as np

from lossgen.formulas import latex
from lossgen.formulas.tree import walk
from lossgen.verdict.points import completed


@dataclass(frozen=True)
class Corruption:
    """A wrong formula, the kind of error, and the causes of which a diagnosis may speak."""

    kind: str
    formula: str
    causes: frozenset


# A whole formula that is off by a constant is just that, however it came about.
WHOLE = frozenset({"sign", "factor"})


def corruptions(row, seed, each=2):
    """Yield up to `each` corruptions of every kind, drawn by the seed."""
    for kind, (make, causes) in KINDS.items():
        found = sorted(set(make(row)))
        draw = random.Random(f"{seed} {row.title} {kind}")
        for formula in draw.sample(found, min(each, len(found))):
            yield Corruption(kind, formula, frozenset(causes))


def right_side(text):
    tree = latex.tree(text)
    return tree.parts[1] if tree.kind == "equation" else tree


def spliced(text, start, end, new):
    return text[:start] + new + text[end:]


def terms(text, within_conditions=False):
    """Yield the terms of all sums, the whole right side where it is one term."""
    right = right_side(text)
    guarded = {
        id(part) for outer in walk(right) if outer.kind == "relation" for part in walk(outer)
    }
    for part in walk(right):
        inside = id(part) in guarded
        if part.kind == "sum" and not in_script(part, right) and inside == within_conditions:
            for place, term in enumerate(part.parts):
                yield part, place, term
    if right.kind != "sum" and not within_conditions:
        yield right, 0, right


def in_script(part, right):
    """Whether a part stands in a subscript, or says over what a fold runs."""
    for outer in walk(right):
        if outer.kind in ("name", "element"):
            below = outer.parts if outer.kind == "name" else outer.parts[1:]
        elif outer.kind == "fold":
            below = outer.parts[:1]
        else:
            below = ()
        if any(inner is part for place in below for inner in walk(place)):
            return True
    return False


def flipped_signs(row, within_conditions=False):
    text = row.formula
    for _, place, term in terms(text, within_conditions):
        if term.kind == "negative":
            yield spliced(text, term.start, term.start + 1, "+" if place else "")
        elif place:
            plus = text.rindex("+", 0, term.start)
            yield spliced(text, plus, plus + 1, "-")
        else:
            yield spliced(text, term.start, term.start, "-")


def changed_factors(row):
    text = row.formula
    for _, _, term in terms(text):
        start = term.start + (term.kind == "negative")
        for number in ("2", "3", r"\frac{1}{2}", r"\frac{1}{4}"):
            yield spliced(text, start, start, rf"{number} \cdot ")


def dropped_terms(row):
    text = row.formula
    for whole, place, term in terms(text):
        if whole.kind != "sum":
            continue
        if place:
            start = term.start if term.kind == "negative" else text.rindex("+", 0, term.start)
            yield spliced(text, start, term.end, "")
        else:
            following = whole.parts[1]
            negative = following.kind == "negative"
            end = following.start if negative else text.index("+", term.end) + 1
            yield spliced(text, term.start, end, "")


TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\leq": r"\geq", r"\ge": r"\le", r"\geq": r"\leq"}


def wrong_conditions(row):
    text = row.formula
    right = right_side(text)
    for part in walk(right):
        if (
            part.kind == "relation"
            and part.text in ("<", ">", "<=", ">=")
            and not in_script(part, right)
        ):
            left, other = part.parts
            sign = text[left.end : other.start].strip()
            sign = sign.lstrip("|").strip() if sign not in TURNED else sign
            for old in (sign, *TURNED):
                at = text.find(old, left.end, other.start) if old else -1
                if at >= 0 and old in TURNED:
                    yield spliced(text, at, at + len(old), TURNED[old] + " ")
                    break
            if other.text != "0":
                yield spliced(text, other.start, other.start, r"2 \cdot ")
    yield from flipped_signs(row, within_conditions=True)


def swapped_names(row):
    text = row.formula
    right = right_side(text)
    spans = {}
    for part in walk(right):
        if part.kind == "name" and not in_script(part, right) and part.text not in KEPT:
            source = text[part.start : part.end]
            base = source[: source.index("_")] if part.parts else source
            if base.strip() and "{" not in base.replace(r"\hat{", "").replace(r"\mathbf{", ""):
                spans.setdefault(base.strip(), []).append(
                    (part.start, part.start + len(base.rstrip()))
                )
    names = sorted(spans)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            places = [(*span, second) for span in spans[first]]
            places += [(*span, first) for span in spans[second]]
            wrong = text
            for start, end, new in sorted(places, reverse=True):
                wrong = spliced(wrong, start, end, new + " ")
            yield wrong


KEPT = {"e", r"\pi", r"\sigma", r"\operatorname{softmax}", r"\operatorname{diag}", r"\top"}


def missing_links(row):
    if row.link:
        yield around(row, rf"\frac{{1}}{{{row.link} (1 - {row.link})}} \left(", r"\right)")
    if row.link == "p":
        yield around(row, r"p (1 - p) \left(", r"\right)")


def missing_means(row):
    if row.extent:
        yield around(row, rf"{row.extent} \left(", r"\right)")
        yield around(row, rf"\frac{{1}}{{{row.extent}}} \left(", r"\right)")


def around(row, before, after):
    right = right_side(row.formula)
    text = spliced(row.formula, right.end, right.end, after)
    return spliced(text, right.start, right.start, before)


KINDS = {
    "sign": (flipped_signs, {"sign"}),
    "factor": (changed_factors, {"factor"}),
    "dropped term": (dropped_terms, {"term"}),
    "wrong condition": (wrong_conditions, {"condition"}),
    "swapped arguments": (swapped_names, {"swapped"}),
    "missing link": (missing_links, {"link"}),
    "missing mean": (missing_means, {"extent"}),
}


def differ(one, other, entry, regions, seed):
    """Whether two formulas differ, evaluated exactly at random rows that `verify` never sees."""
    draw = np.random.default_rng(seed)
    for _ in range(24):
        row = random_row(entry, regions, draw)
        numbers = (formula.numbers(entry, row) for formula in (one, other))
        for left, right in zip(*numbers, strict=True):
            finite = mp.isfinite(left.value), mp.isfinite(right.value)
            if finite != (True, True):
                if finite[0] != finite[1]:
                    return True
            elif abs(left.value - right.value) > 1e-15 * max(1, left.size, right.size):
                return True
    return False


def random_row(entry, regions, draw):
    sizes = {}
    row = {}
    for argument in entry.arguments:
        domain, region = argument.domain, regions.get(argument.name)
        for axis in (*domain.axes, domain.values):
            if axis is not None:
                sizes.setdefault(axis, int(draw.integers(2, 5)))
        shape = tuple(sizes[axis] for axis in domain.axes)
        if domain.integer:
            row[argument.name] = draw.integers(0, sizes[domain.values], shape)
        elif region is not None and region.members:
            row[argument.name] = draw.choice(region.members, shape)
        elif len(shape) == 2 and argument.shared and domain.axes[0] == domain.axes[1]:
            half = draw.normal(size=shape)
            row[argument.name] = half @ half.T + np.eye(len(half))
        else:
            ends = [domain.low, domain.high]
            if region is not None:
                ends = [max(end for end in (ends[0], region.low) if end is not None),
                        min(end for end in (ends[1], region.high) if end is not None)]  # fmt: skip
            low, high = (None if end is None or np.isinf(end) else end for end in ends)
            spread = draw.uniform(0.1, 3.0, shape)
            if low is not None and high is not None:
                spread = draw.uniform(low, high, shape)
            elif low is not None:
                spread = low + spread
            elif high is not None:
                spread = high - spread
            else:
                spread = draw.normal(scale=2.0, size=shape)
            row[argument.name] = spread
    return completed(entry, row)
