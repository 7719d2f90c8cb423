"""The names of bound indices mean nothing: any names, shadowed ones too, give the same numbers."""

from functools import cache

import mpmath as mp
import pytest
from derive.differences import CLOSE, furthest
from derive.evaluator import Run
from derive.points import point_of, random_like
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan.walk import Walk

from lossgen.derive import adjoint as adjoint_room
from lossgen.derive import gradient, hessian_diagonal, hessian_vector_product
from lossgen.emit.form import forms
from lossgen.language import *
from lossgen.language.normal import program
from lossgen.language.symbols import Index
from lossgen.stabilise import finish, prepare
from lossgen.stages import lower

n, d = axis("n"), axis("d")
ROWS = ("n", "i", "j", "i_2", "j_2", "n_2", "at_n_1")
COLUMNS = ("d", "d_2", "e", "at_d_2")
USUAL = ("i", "j", "i", "j", "i", "j", "j", "d")


def loss_with(names):
    """One loss, its eight indices named at will; the third fold may shadow the index around it."""
    a, b, p, q, r, t, u = (Index(name, "n") for name in names[:7])
    e = Index(names[7], "d")

    def mine(x: Real[n, d], y: Real[n, d], order: Label[n][n]):
        s = let("s", SumOver(e, x[a, e] * y[b, e]) / 2, over=(a, b))
        first = SumOver(p, LogSumExp(q, s[p, q]) * s[p, p], where=Ne(order[p], p))
        second = SumOver(r, t, s[r, t] * s[t, r] ** 2)
        third = SumOver(p, SumOver(e, x[order[p], e] * y[p, e]) * SumOver(u, s[u, u]))
        return first + second + third

    return loss(mine)


def results(made):
    """Value, gradients, Hessian diagonal and product at one point, by output and place."""
    entry = made.entry
    base = prepare(program(entry))
    point = point_of(entry)
    product = hessian_vector_product(base, "x")
    vector = random_like(product, "x", point)
    found = {}
    for derived, outputs in (
        (gradient(base, ("x", "y")), ("loss", "d_x", "d_y")),
        (hessian_diagonal(base, "x"), ("h_x",)),
        (product, ("hv_x",)),
    ):
        laid_out = lower(finish(derived.live(outputs)))
        run = Run(laid_out, {**point, "vector": vector})
        found |= {name: run.output(name) for name in outputs}
    return found


@cache
def usual_results():
    return results(loss_with(USUAL))


def worst(made):
    """The largest distance from the loss with the usual names."""
    usual, found = usual_results(), results(made)
    return max(furthest(found[name], usual[name]) for name in usual)


def distinct(pair):
    return pair[0] != pair[1]


PAIRS = st.tuples(st.sampled_from(ROWS), st.sampled_from(ROWS)).filter(distinct)
NAMES = st.builds(
    lambda s, first, second, inner, column: (*s, *first, *second, inner, column),
    PAIRS, PAIRS, PAIRS, st.sampled_from(ROWS), st.sampled_from(COLUMNS),
)  # fmt: skip
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@settings(SLOW, max_examples=20)
@given(NAMES)
def test_any_names_give_the_same_derivatives(names):
    with mp.workdps(30):
        assert worst(loss_with(names)) < CLOSE


@settings(SLOW, max_examples=6)
@given(NAMES)
def test_any_names_give_the_same_loops(names):
    with mp.workdps(30):
        usual, found = (forms(loss_with(some).entry).forms[2] for some in (USUAL, names))
        point = point_of(loss_with(USUAL).entry)
        wanted, got = Walk(usual.plan, point), Walk(found.plan, point)
        for name in usual.program.outputs:
            assert furthest(got.output(name), wanted.output(name)) < CLOSE


@loss
def form_of_rows(x: Real[n], *, w: Real[n, n]):
    i, j = n.indices("i j")
    return SumOver(i, j, x[i] * w[i, j] * x[j])


def slopes_of_the_form():
    """The gradient of x' w x, which is (w + w') x."""
    point = point_of(form_of_rows.entry)
    return Run(gradient(program(form_of_rows.entry), ("x",)), point).output("d_x")


def test_a_captured_index_is_caught(monkeypatch):
    """The twin: an adjoint that does not rename what it would capture."""
    with mp.workdps(30):
        right = slopes_of_the_form()
        monkeypatch.setattr(adjoint_room, "fresh_names", lambda rest, wanted: {})
        assert furthest(slopes_of_the_form(), right) > CLOSE


def test_shadowing_binds_to_the_inner_fold():
    @loss
    def shadowed(x: Real[n]):
        return SumOver(n, x[n] * SumOver(n, x[n] ** 2))

    point = {"x": [mp.mpf(2), mp.mpf(3)]}
    assert Run(program(shadowed.entry), point).output("loss")[()] == 5 * 13
    found = Run(gradient(program(shadowed.entry), ("x",)), point).output("d_x")
    assert found == {(0,): 13 + 2 * 2 * 5, (1,): 13 + 2 * 3 * 5}


@pytest.mark.parametrize("name", ["n", "n_2", "at_n_1"])
def test_a_fold_over_an_index_that_derivation_would_choose(name):
    index = Index(name, "n")

    @loss
    def squares(x: Real[n], *, w: Real[n, n]):
        other = Index("n" if name != "n" else "i", "n")
        return SumOver(index, SumOver(other, w[index, other] * x[other]) ** 3)

    with mp.workdps(30):
        point = point_of(squares.entry)
        x, w = point["x"], point["w"]
        rows = range(len(x))
        inner = [sum(w[i][j] * x[j] for j in rows) for i in rows]
        base = prepare(program(squares.entry))
        found = Run(gradient(base, ("x",)), point).output("d_x")
        bent = Run(hessian_diagonal(base, "x"), point).output("h_x")
        for m in rows:
            assert mp.almosteq(found[m,], sum(3 * inner[i] ** 2 * w[i][m] for i in rows))
            assert mp.almosteq(bent[m,], sum(6 * inner[i] * w[i][m] ** 2 for i in rows))
