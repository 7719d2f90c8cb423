"""The passes that no pattern expresses: powers of magnitudes, softmax weights, roots minus one."""

import math

import mpmath as mp
import numpy as np
from derive.evaluator import Run
from derive.points import point_of
from mpmath import mpf

from lossgen.derive import gradient, hessian_diagonal
from lossgen.language import *
from lossgen.language.functions import share
from lossgen.language.normal import program
from lossgen.language.program import Reduction
from lossgen.stabilise import finish, prepare
from lossgen.stages import lower

k, n = axis("k"), axis("n")
i, j = n.indices("i j")


@loss
def even_power(x: Real, y: Real, *, c: Positive = 1.0):
    r = let("r", Abs(x - y))
    return r**4 / c + r**3 + r**2


@loss
def even_power_by_row(x: Real[k], y: Real[k]):
    r = let("r", Abs(x[k] - y[k]), over=k)
    return SumOver(k, r[k] ** 2)


@loss
def softmax_spelled(x: Real[k], t: Real[k]):
    lse = let("lse", LogSumExp(k, x[k]))
    return SumOver(k, t[k] * exp(x[k] - lse)) + exp(-lse)


@loss
def softmax_of_others(x: Real[n, k], t: Real[n]):
    lse = let("lse", LogSumExp(k, x[i, k]), over=i)
    own = SumOver(i, k, t[i] * exp(x[i, k] - lse[i]))
    return own + SumOver(i, j, k, exp(x[j, k] - lse[i]) / 100)


@loss
def root_less_one(x: Real, y: NonNegative, *, d: Positive = 1.0):
    root = let("root", sqrt(1 + y / d))
    return d**2 * (root - 1) + x * root


@loss
def probability_by_name(x: Real, y: Real, *, gamma: NonNegative = 2.0):
    p = let("p", 1 / (1 + exp(y - x)))
    return -((1 - p) ** gamma) * log(p) - log(1 - p) + p / 7


@loss
def probability_by_index(x: Real[k], y: Real[k]):
    p = let("p", 1 / (1 + exp(-x[k])), over=k)
    return SumOver(k, y[k] * log(1 - p[k])) + SumOver(k, exp(p[k] - 1))


@loss
def total_by_name(x: Real[n, k], t: Real[n]):
    total = let("total", SumOver(k, exp(x[i, k])), over=i)
    return SumOver(i, t[i] * log(3 * total[i])) + SumOver(i, k, t[i] * exp(x[i, k]) / total[i])


@loss
def mean_of_exponentials(x: Real[k], t: Real[k]):
    return log(MeanOver(k, exp(x[k]))) - log(SumOver(k, exp(2 * x[k] - t[k])))


ALL = (
    even_power, even_power_by_row, softmax_spelled, softmax_of_others, root_less_one,
    probability_by_name, probability_by_index, total_by_name, mean_of_exponentials,
)  # fmt: skip


def expressions_of(found):
    return {s.name: getattr(s, "expression", None) or s.body for s in found.statements}


def test_the_value_stays_the_same():
    with mp.workdps(40):
        for made in ALL:
            written = program(made.entry)
            changed = lower(finish(prepare(written)))
            for seed in range(3):
                point = point_of(made.entry, seed)
                old, new = (Run(found, point).output("loss")[()] for found in (written, changed))
                assert mp.almosteq(old, new, rel_eps=mpf(10) ** -35), made.name


def test_even_powers_of_a_magnitude_lose_it():
    body = str(expressions_of(prepare(program(even_power.entry)))["loss"])
    assert "residual**4" in body
    assert "residual**2" in body
    assert "r**3" in body
    by_row = expressions_of(prepare(program(even_power_by_row.entry)))
    assert "residual[k]**2" in str(by_row["loss"])


def test_the_second_derivative_at_zero_is_that_of_the_square():
    """sign(0)^2 is 0: without the pass the curvature of |u|^2 at 0 would be 0."""
    point = {"x": mpf(2), "y": mpf(2), "c": mpf(1)}
    rewritten = hessian_diagonal(prepare(program(even_power.entry)), "x")
    assert Run(rewritten, point).output("h_x")[()] == 2
    as_written = hessian_diagonal(program(even_power.entry), "x")
    assert Run(as_written, point).output("h_x")[()] == 0


def test_a_softmax_weight_is_recognised_at_its_own_indices_only():
    body = expressions_of(prepare(program(softmax_spelled.entry)))
    assert any(expression.has(share) for expression in body.values())
    assert str(body["loss"]).count("exp(-lse)") == 1
    shares = [
        str(node)
        for expression in expressions_of(prepare(program(softmax_of_others.entry))).values()
        for node in expression.atoms(share)
    ]
    # x[j, k] - lse[i] is the weight of no term of the row i; the plain exponential stays.
    assert all("x[i, k]" in text for text in shares), shares
    assert len(shares) == 1


def test_a_softmax_weight_keeps_its_digits_at_large_logits():
    """e^(x - lse) at 1e4 in float64 loses four digits, e^(x - max) / sum none."""
    x = np.array([1e4, 1e4 - 3.3, 1e4 - 7.7])
    with mp.workdps(60):
        terms = [mp.exp(mpf(float(v))) for v in x]
        wanted = terms[1] / mp.fsum(terms)
    lse = x.max() + math.log(np.exp(x - x.max()).sum())
    old = math.exp(x[1] - lse)
    new = math.exp(x[1] - x.max()) / np.exp(x - x.max()).sum()
    assert abs(old - wanted) / wanted > 1e-14
    assert abs(new - wanted) / wanted < 1e-15


def test_a_root_minus_one_is_written_without_cancellation():
    """The root keeps its name, also where the rule has looked through it."""
    body = str(expressions_of(prepare(program(root_less_one.entry)))["loss"])
    assert body == "d*y/(root + 1) + root*x"


def test_a_probability_is_seen_through_its_name():
    found = expressions_of(prepare(program(probability_by_name.entry)))
    assert str(found["p"]) == "sigmoid(residual)"
    body = str(found["loss"])
    assert "log(" not in body
    assert "sigmoid_power" in body
    assert "p/7" in body
    by_row = expressions_of(prepare(program(probability_by_index.entry)))
    assert any(str(body) == "-softplus(x[k])*y[k]" for body in by_row.values()), by_row
    assert "exp(-sigmoid(-x[k]))" in map(str, by_row.values())


def test_a_name_is_not_seen_through_where_no_rule_fires():
    @loss
    def kept(x: Real, y: Real):
        p = let("p", 1 / (1 + exp(-x)))
        return (p - y) ** 2 + log(2 + p)

    body = str(expressions_of(prepare(program(kept.entry)))["loss"])
    assert "sigmoid" not in body


def test_a_sum_of_exponentials_is_a_log_sum_exp():
    found = prepare(program(total_by_name.entry))
    operations = [s.operation for s in found.statements if isinstance(s, Reduction)]
    assert operations.count("logsumexp") == 1
    text = str(found)
    assert "exp(" not in text.replace("logsumexp", "")
    assert "share(x[i, k], lse_total[i], k)" in text
    found = prepare(program(mean_of_exponentials.entry))
    assert "exp(" not in str(found).replace("logsumexp", "")


def test_a_root_minus_one_keeps_its_digits():
    u = np.float32(1e-5)
    with mp.workdps(40):
        wanted = mp.sqrt(1 + mpf(float(u))) - 1
    root = np.sqrt(np.float32(1) + u)
    assert abs(float(root - np.float32(1)) - wanted) / wanted > 1e-3
    assert abs(float(u / (np.float32(1) + root)) - wanted) / wanted < 2e-7


def test_a_root_of_something_else_keeps_its_difference():
    @loss
    def other_root(x: Real, y: Real):
        return sqrt(2 + (x - y) ** 2) - 1

    left = str(expressions_of(finish(prepare(program(other_root.entry))))["loss"])
    assert left == "root - 1"


def curvature(made, at):
    found = finish(hessian_diagonal(prepare(program(made.entry)), "x"))
    return Run(found, {"x": mpf(at), "y": mpf(2), "c": mpf(3)}).output("h_x")[()]


def test_the_curvature_at_a_corner_is_that_of_the_inner_side():
    """f(|x - y|) with f'(0) = 0: the two signs of its chain rule are 1 together."""

    @loss
    def fair_loss(x: Real, y: Real, *, c: Positive = 3.0):
        u = let("u", Abs(x - y) / c)
        return c**2 * (u - log(1 + u))

    @loss
    def by_sign(x: Real, y: Real, *, c: Positive = 3.0):
        return c * sign(x - y) ** 2 * (x - y) ** 2

    with mp.workdps(30):
        assert curvature(fair_loss, 2) == 1
        assert abs(curvature(fair_loss, 5) - mpf(1) / 4) < 1e-20
        # An author's own square of a sign is 0 at 0.
        assert curvature(by_sign, 2) == 0


def test_what_the_passes_leave_unused_is_dropped():
    found = prepare(program(even_power_by_row.entry))
    assert "r" not in {s.name for s in found.statements}
    assert gradient(found, ("x",)).outputs == ("loss", "d_x")
