"""Sums, multiples, new names and lifted losses are losses: their value is what the parts say."""

import mpmath as mp
import pytest
from derive.evaluator import Run
from derive.points import point_of
from mpmath import mpf

import lossgen.losses as shipped
from lossgen.language import *
from lossgen.language.normal import program

k, n = axis("k"), axis("n")


def value(loss_, point):
    with mp.workdps(30):
        return Run(program(loss_.entry), point).output("loss")[()]


def same(loss_, wanted, point):
    assert mp.almosteq(value(loss_, point), wanted, rel_eps=mpf(10) ** -14)


@loss
def quadratic(x: Real, y: Real, *, delta: Positive = 2.0):
    r = let("r", x - y)
    return r**2 / delta


@loss
def absolute(x: Real, y: Real, *, delta: Positive = 3.0):
    r = let("r", Abs(x - y))
    return r * delta


def test_a_sum_joins_arguments_by_name():
    both = shipped.squared_error + shipped.absolute_error
    assert list(both.interface["arguments"]) == ["prediction", "target"]
    point = point_of(both.entry)
    residual = point["prediction"] - point["target"]
    same(both, residual**2 + abs(residual), point)


def test_clashing_names_get_the_name_of_their_loss():
    both = quadratic + absolute
    assert list(both.interface["shared"]) == ["delta", "absolute_delta"]
    assert [d.name for d in both.entry.definitions] == ["r", "absolute_r"]
    point = point_of(both.entry)
    residual = point["x"] - point["y"]
    same(both, residual**2 / point["delta"] + abs(residual) * point["absolute_delta"], point)


def test_a_parameter_that_is_the_same_stays_one():
    both = shipped.l1_regularizer + shipped.l2_regularizer
    assert list(both.interface["shared"]) == ["strength"]


def test_a_multiple():
    point = point_of(quadratic.entry)
    for made in (0.5 * quadratic, quadratic * 0.5):
        same(made, value(quadratic, point) / 2, point)
    same(quadratic + 2 * absolute.rename(delta="gap"), *_sum_of_both())


def _sum_of_both():
    both = quadratic + 2 * absolute.rename(delta="gap")
    point = point_of(both.entry)
    residual = point["x"] - point["y"]
    return residual**2 / point["delta"] + 2 * abs(residual) * point["gap"], point


def test_new_names():
    made = shipped.dice.rename(prob="p", mask="q", smooth="eps")
    assert list(made.interface["arguments"]) == ["p", "q"]
    assert made.interface["wrt"] == ("p",)
    point = point_of(made.entry)
    old = {"prob": point["p"], "mask": point["q"], "smooth": point["eps"]}
    same(made, value(shipped.dice, old), point)


def test_names_may_be_swapped():
    made = quadratic.rename(x="y", y="x")
    assert list(made.interface["arguments"]) == ["y", "x"]
    assert str(made.entry.definitions[0].expression) in ("-x + y", "y - x")


def test_a_lifted_loss_is_the_mean_over_the_axis():
    made = quadratic.over(k)
    assert made.interface["arguments"]["x"]["axes"] == ("k",)
    assert made.interface["shared"]["delta"]["axes"] == ()
    point = point_of(made.entry)
    pairs = list(zip(point["x"], point["y"], strict=True))
    same(made, sum((x - y) ** 2 for x, y in pairs) / point["delta"] / len(pairs), point)
    total = quadratic.over(k, SumOver)
    same(total, sum((x - y) ** 2 for x, y in pairs) / point["delta"], point)


def test_the_example_of_a_mask_loss():
    both = shipped.dice + 0.5 * shipped.binary_cross_entropy.rename(target="mask").over(k)
    assert list(both.interface["arguments"]) == ["prob", "mask"]
    assert both.interface["arguments"]["mask"]["axes"] == ("k",)
    point = point_of(both.entry)
    cross = [
        -(m * mp.log(p) + (1 - m) * mp.log(1 - p))
        for p, m in zip(point["prob"], point["mask"], strict=True)
    ]
    same(both, value(shipped.dice, point) + sum(cross) / len(cross) / 2, point)


def test_a_combination_can_be_combined_again():
    one = 0.5 * (quadratic + absolute).rename(x="a")
    assert list((one + one).interface["arguments"]) == ["a", "y"]
    point = point_of(one.entry)
    same(one + one, 2 * value(one, point), point)
    lifted = one.over(n).over
    with pytest.raises(LanguageError, match="has axes already"):
        lifted(k)


def test_a_multiple_does_not_distribute():
    made = 0.9 * quadratic.rename(delta="d")
    assert "0.9" in str(made.entry.value)
    assert "x" not in str(made.entry.value)


ERRORS = {
    "one name of two shapes": (
        lambda: shipped.dice + shipped.binary_cross_entropy,
        ["dice + binary_cross_entropy", "prob is Unit[k]", "over(k)"]),
    "rows of different shapes": (
        lambda: shipped.dice + shipped.squared_error, ["dice + squared_error", "over(k)"]),
    "one name for two kinds": (
        lambda: quadratic + shipped.sparse_softmax_cross_entropy.rename(logits="x", label="q"),
        ["quadratic + ", "x is Real"]),
    "a factor that is no number": (lambda: quadratic * "two", ["quadratic", "two", "real number"]),
    "a factor that is complex": (lambda: 1j * quadratic, ["quadratic", "real number"]),
    "a factor that is infinite": (lambda: float("inf") * quadratic, ["quadratic", "real number"]),
    "an argument that is not there": (
        lambda: quadratic.rename(z="w"), ["quadratic has no argument z", "delta, x, y"]),
    "a new name that is taken": (lambda: quadratic.rename(x="y"), ["quadratic", "name y is taken"]),
    "a new name taken by a quantity": (
        lambda: quadratic.rename(x="r"), ["quadratic", "name r is taken"]),
    "one new name for two": (lambda: quadratic.rename(x="z", y="z"), ["quadratic", "z"]),
    "a new name that is a keyword": (
        lambda: quadratic.rename(x="lambda"), ["lambda", "identifier"]),
    "a new name that every call has": (lambda: quadratic.rename(x="out"), ["out", "option"]),
    "lifting over a name": (lambda: quadratic.over("k"), ["quadratic.over", "axis('k')"]),
    "lifting what has axes": (lambda: shipped.dice.over(n), ["dice has axes already"]),
    "lifting over an axis named as an argument": (
        lambda: quadratic.over(axis("x")), ["quadratic", "x"]),
}  # fmt: skip


@pytest.mark.parametrize("wrong", ERRORS)
def test_refused(wrong):
    make, parts = ERRORS[wrong]
    with pytest.raises((LanguageError, ValueError, TypeError)) as error:
        make()
    sentence = str(error.value)
    assert [part for part in parts if part not in sentence] == [], sentence
    assert "\n" not in sentence
