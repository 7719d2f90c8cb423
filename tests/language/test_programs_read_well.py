"""A traced loss is a short program.

Differences and folds have names, numbers stay before their brackets.
"""

import textwrap

import numpy as np
import pytest
import sympy
from sympy import Add, preorder_traversal

import lossgen
from lossgen.catalogue.entries import entries
from lossgen.language import *
from lossgen.language.entry import Definition
from lossgen.language.normal import program
from lossgen.language.program import Reduction

k, n = axis("k"), axis("n")
i, j = n.indices("i j")

GOLDEN = {
    "huber": """
        huber(prediction, target, delta)
            residual = prediction - target
            r = Abs(residual)
            loss = Piecewise((r**2/2, delta >= r), (delta*(-delta/2 + r), True))
            return loss
    """,
    "dice": """
        dice(prob, mask, smooth)
            overlap = sum over k of mask[k]*prob[k]
            size = sum over k of mask[k] + prob[k]
            loss = -(2*overlap + smooth)/(size + smooth) + 1
            return loss
    """,
    "sparse_softmax_cross_entropy": """
        sparse_softmax_cross_entropy(logits, label)
            lse_logits = logsumexp over k of logits[k]
            loss = lse_logits - logits[label]
            return loss
    """,
    "info_nce": """
        info_nce(query, key, temperature)
            sum_query_key[i, j] = sum over d of key[j, d]*query[i, d]
            s[i, j] = sum_query_key[i, j]/temperature
            lse_s[i] = logsumexp over j of s[i, j]
            sum_s = sum over i of lse_s[i] - s[i, i]
            loss = sum_s/count(n)
            return loss
    """,
    "center_loss": """
        center_loss(features, label, centers)
            features_minus_centers[d] = features[d] - centers[label, d]
            sum_features_label = sum over d of features_minus_centers[d]**2
            loss = sum_features_label/2
            return loss
    """,
    "wasserstein_1d": """
        wasserstein_1d(x, y, order_x, order_y)
            residual[i] = x[order_x[i]] - y[order_y[i]]
            sum_x_y = sum over i of Abs(residual[i])
            loss = sum_x_y/count(n)
            return loss
    """,
}


@pytest.mark.parametrize("name", GOLDEN)
def test_program_of(name):
    assert str(program(entries()[name])) == textwrap.dedent(GOLDEN[name]).strip()


def statements(made):
    return {s.name: s for s in program(made.entry).statements}


def distributes_a_number(expression):
    """Whether a sum holds one number times two different names: 0.9*x - 0.9*y."""
    for node in preorder_traversal(expression):
        if isinstance(node, Add):
            factors = [abs(term.as_coeff_Mul()[0]) for term in node.args if term.free_symbols]
            if len(factors) > 1 and factors[0] != 1 and len(set(factors)) == 1:
                return True
    return False


@loss
def times_a_number(x: Real, y: Real):
    return (0.9 * (x - y)) ** 2


@loss
def divided_by_three(x: Real, y: Real):
    return Abs((x - y) / 3)


@loss
def times_a_parameter(p: Real, t: Real, *, delta: Positive = 0.9):
    return Abs(delta * (p - t))


@loss
def halved_sum(x: Real, y: Real, z: Real):
    return exp(0.5 * (x + y - z))


@pytest.mark.parametrize(
    "made", [times_a_number, divided_by_three, times_a_parameter, halved_sum], ids=str
)
def test_a_number_before_brackets_stays_there(made):
    for statement in program(made.entry).statements:
        assert not distributes_a_number(statement.expression), str(program(made.entry))


def test_distribution_would_be_seen():
    """The twin: what SymPy does by itself."""
    x, y = sympy.symbols("x y")
    assert distributes_a_number(0.9 * (x - y))
    assert distributes_a_number((x - y) / 3)


def test_a_small_difference_of_large_numbers_keeps_its_digits():
    """0.9 x - 0.9 y is millions of ulp off at x near y near 1e4; measured on the plain source."""
    source = times_a_number.source("cpu")
    x, y = np.float32(10000.0), np.float32(9999.999)
    assert (np.float32(0.9) * (x - y)) != (np.float32(0.9) * x - np.float32(0.9) * y)
    assert "x - y" in source


def test_the_difference_of_two_arguments_has_a_name_of_its_own():
    found = statements(halved_sum)
    first = next(s for s in found.values() if isinstance(s, Definition))
    assert str(first.expression) in ("x - z", "y - z")
    assert "residual" in statements(times_a_number)
    assert "p_minus_t" in statements(times_a_parameter)


@loss
def flat_sum(x: Real, y: Real, *, c: Real = 1.0):
    return (x - y + c) ** 2


def test_a_difference_inside_a_flat_sum_is_found():
    """x - y + c in another order rounds x + c first."""
    found = statements(flat_sum)
    assert str(found["residual"].expression) == "x - y"
    residual, c = sympy.Symbol("residual", real=True), flat_sum.entry.shared[0].symbol
    assert found["loss"].expression == (residual + c) ** 2


@loss
def twice_the_same(x: Real[k], y: Real[k]):
    norms = sqrt(SumOver(k, x[k] ** 2) * SumOver(k, x[k] ** 2))
    return SumOver(k, x[k] * y[k]) / norms + SumOver(k, x[k] * y[k])


def test_equal_folds_share_a_name():
    folds = [s for s in program(twice_the_same.entry).statements if isinstance(s, Reduction)]
    assert len(folds) == 2


@loss
def named_fold_again(x: Real[k]):
    total = let("total", SumOver(k, x[k]))
    return total**2 + SumOver(k, x[k])


def test_a_fold_that_the_author_named_is_found_again():
    folds = [s.name for s in program(named_fold_again.entry).statements if isinstance(s, Reduction)]
    assert folds == ["total"]


@pytest.mark.parametrize("name", sorted(entries()))
def test_no_expression_of_a_program_holds_a_fold_and_all_names_are_new(name):
    found = program(entries()[name]).statements
    names = [s.name for s in found]
    assert len(set(names)) == len(names)
    for statement in found:
        body = statement.expression if isinstance(statement, Definition) else statement.body
        assert not body.has(SumOver, MeanOver, MaxOver, MinOver, LogSumExp)
        assert "Dummy" not in sympy.srepr(body)


def test_a_loss_without_source_text_is_a_loss():
    """As in a REPL, a notebook or exec: nothing reads the file."""
    scope = {}
    head = "from lossgen.language import *\n@loss\n"
    text = head + "def typed(x: Real, y: Real):\n    return (x - y)**2\n"
    exec(compile(text, "<stdin>", "exec"), scope)
    assert str(scope["typed"].entry.value) == "(x - y)**2"
    assert scope["typed"].entry.summary == ""


def test_an_expression_gives_the_same_program_as_the_function():
    x, y, a = sympy.symbols("x y a")
    expression = sympy.Piecewise((a * (x - y) ** 2, x < y), ((x - y) ** 2, True))
    made = lossgen.from_expression(
        "asym", expression, arguments={x: Real, y: Real}, parameters={a: (Positive, 3.0)}
    )

    @loss
    def asym(x: Real, y: Real, *, a: Positive = 3.0):
        return Piecewise((a * (x - y) ** 2, x < y), ((x - y) ** 2, True))

    assert str(program(made.entry)) == str(program(asym.entry))
    assert made.interface == asym.interface
    assert made.interface["shared"]["a"]["default"] == 3.0


def test_entries_compare_and_print_alike_in_two_traces():
    first, second = halved_sum.entry, loss(halved_sum_again).entry
    assert first.value == second.value
    assert str(program(first)).split("\n")[1:] == str(program(second)).split("\n")[1:]


def halved_sum_again(x: Real, y: Real, z: Real):
    return exp(0.5 * (x + y - z))
