"""The passes of the stabiliser over a program: before it is differentiated, and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import Add, preorder_traversal

from lossgen.language.program import Program, Statement, mapped
from lossgen.language.trace import undistributed

from .corners import Signs, has_a_sign
from .cosines import cosines
from .coupled import coupled
from .folds import Folds
from .forms import forms, outer_products
from .names import Names
from .norms import norms
from .removable import removable
from .rewrite import rewrite
from .rule import Note, Rule
from .rules import DIVERGENCES
from .selections import named
from .singular import regular
from .strengths import strengths

POLE = Note("(x**a - 1)/a", "boxcox(x, a)", "0 / 0 where a parameter is at its pole")
FILLED = Note(
    "f(x)/x**n",
    "its limit and a quotient of polynomials near 0",
    "0 / 0 at x = 0, and near it the terms of its derivatives cancel",
)
TOTAL = Note("log(sum e^x)", "log-sum-exp", "exp overflows at 89 in float32")
COSINE = Note("1 - cosine", "half squared distance", "1 - cosine is 0 below 3e-4 in float32")
NORM = Note("sqrt(sum x**2)", "norm", "squares overflow at 2e19 and underflow at 1e-23 in float32")

FORM = Note("sqrt(x P x)", "scaled form", "products overflow at 2e19 in float32")


@dataclass(frozen=True)
class Rewritten:
    """A program as the stabiliser leaves it, and the rules that fired."""

    program: Program
    rules: tuple[Rule | Note, ...]


def prepare(program: Program) -> Program:
    """Return the program to be differentiated: patterns as atoms, and folds by name."""
    return before(program).program


def prepare_kernel(program: Program) -> Program:
    """Return the prepared program with its quadratic forms scaled, which no page shows."""
    with undistributed():
        return forms(prepare(program))


def finish(program: Program) -> Program:
    """Return the differentiated program without the patterns that the chain rule made."""
    return after(program).program


def fired(written: Program, derived: tuple[Program, ...] = ()) -> list[Rule | Note]:
    """Return the rules that fire, before differentiation and after, each once."""
    met = [*before(written).rules]
    met += [FORM] * (prepare_kernel(written) != prepare(written))
    for program in derived:
        met += after(program).rules
    return list(dict.fromkeys(met))


@lru_cache(maxsize=16)
def before(program: Program) -> Rewritten:
    """Return what `prepare` makes of a program, and the rules that fired."""
    with undistributed():
        names, found = Names(program), list[Rule]()
        taken = {each.name for each in (*program.statements, *program.arguments)}
        folds = Folds(taken)
        statements: list[Statement] = []
        notes: list[Note] = []
        uncoupled = coupled(program)
        notes += [POLE] * (uncoupled != program)
        for written in uncoupled.statements:
            statement = mapped(written, lambda part: _regular(part, program))
            plain = mapped(statement, lambda part: rewrite(part, names, found))
            filled = mapped(plain, lambda part: removable(part, names))
            notes += [FILLED] * (filled != plain)
            changed = mapped(filled, folds.rewrite)
            new = folds.new()
            notes += [POLE] * (statement != written) + [TOTAL] * bool(new)
            statements += new
            for each in named(written, changed, taken):
                statements.append(each)
                names.learn(each)
                folds.learn(each)
    rewritten = replace(program, statements=tuple(statements)).live(program.outputs)
    with undistributed():
        normed = norms(rewritten)
        prepared = cosines(normed)
    notes += [NORM] * (normed != rewritten) + [COSINE] * (prepared != normed)
    return Rewritten(prepared, tuple(dict.fromkeys([*notes, *found])))


@lru_cache(maxsize=64)
def after(program: Program) -> Rewritten:
    """Return what `finish` makes of a program, and the rules that fired."""
    signs = None if has_a_sign(program) else Signs()
    with undistributed():
        names, found = Names(program), list[Rule]()
        statements: list[Statement] = []
        for statement in program.statements:
            changed = mapped(statement, lambda part: rewrite(part, names, found))
            if signs is not None:
                changed = mapped(changed, signs.squared)
                signs.learn(changed)
            names.learn(changed)
            statements.append(changed)
    with undistributed():
        rewritten = replace(program, statements=tuple(statements)).live(program.outputs)
        finished = outer_products(strengths(rewritten))
    return Rewritten(finished, tuple(dict.fromkeys(found)))


def _regular(expression: Any, program: Program) -> Any:
    """Return the expression without removable poles, unless a divergence is one atom as it is."""
    whole = any(
        next(rule.results(part), None) is not None
        for part in preorder_traversal(expression)
        for rule in DIVERGENCES
        if isinstance(part, Add)
    )
    return expression if whole else regular(expression, program.arguments)


__all__ = ["after", "before", "finish", "fired", "prepare", "prepare_kernel"]
