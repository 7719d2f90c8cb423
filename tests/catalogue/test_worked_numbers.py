"""The shipped losses give the worked numbers of the articles that began the project, corrected."""

import math

import numpy as np
import pytest

import lossgen
import lossgen.losses as shipped
from lossgen.catalogue.entries import entries, losses

X, Y = [1.0, 2.0, 3.0], [2.0, 3.0, 4.0]
P, Q = [0.5, 0.3, 0.2], [0.4, 0.4, 0.2]


def one(name, *arguments, **shared):
    """The loss of one row."""
    arrays = [np.asarray([argument]) for argument in arguments]
    return getattr(shipped, name)(*arrays, **shared)


# name: what is computed, the number with the digits it was worked out to
NUMBERS = {
    "Euclidean": (lambda: one("euclidean_distance", X, Y), 1.7320508),
    "Manhattan": (lambda: one("manhattan_distance", X, Y), 3),
    "Chebyshev": (lambda: one("chebyshev_distance", X, Y), 1),
    "Mahalanobis, identity": (
        lambda: one("mahalanobis_distance", X, Y, precision=np.eye(3)), 1.7320508),
    "Mahalanobis, variances 1, 4, 9": (
        lambda: one("mahalanobis_distance", X, Y, precision=np.diag([1, 1 / 4, 1 / 9])), 1.1666667),
    "Hamming, two of three entries": (
        lambda: one("hamming_loss", [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]), 2 / 3),
    "cosine": (lambda: one("cosine_distance", X, Y), 0.0074166660),
    "cosine in closed form": (lambda: one("cosine_distance", X, Y), 1 - 20 / math.sqrt(406)),
    "Jaccard": (lambda: one("jaccard_distance", [1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 0.0]), 1 / 3),
    "Huber, the last of five far off": (
        lambda: shipped.huber(np.arange(1.0, 6.0), np.array([2.0, 3.0, 4.0, 5.0, 9.0]), delta=1.0),
        1.1),
    "KL in nats": (lambda: one("kl_divergence", Q, P), 0.0252671539),
    "KL in bits": (lambda: one("kl_divergence", Q, P) / math.log(2), 0.0364528),
    "JS in nats": (lambda: one("js_divergence", [0.3, 0.5, 0.2], [0.1, 0.6, 0.3]), 0.0334721537),
    "JS in bits": (
        lambda: one("js_divergence", [0.3, 0.5, 0.2], [0.1, 0.6, 0.3]) / math.log(2), 0.0482901),
    "Wasserstein in one dimension": (lambda: one("wasserstein_1d", X, Y), 1),
    "Wasserstein by assignment": (
        lambda: one("wasserstein_assignment", [[x] for x in X], [[y] for y in Y]), 1),
    "cross-entropy, -ln 0.9": (
        lambda: one("categorical_cross_entropy", [0.05, 0.9, 0.05], [0.0, 1.0, 0.0]), 0.1053605),
    "sparse cross-entropy, -ln 0.9": (
        lambda: one("sparse_categorical_cross_entropy", [0.05, 0.9, 0.05], 1), 0.1053605),
    "negative log-likelihood, -ln 0.9": (
        lambda: one("nll", np.log([0.05, 0.9, 0.05]), 1), 0.1053605),
    "MSE at theta = (0, 1)": (
        lambda: shipped.squared_error(np.arange(1.0, 6.0), np.array([3.0, 5.0, 7.0, 9.0, 11.0])),
        18),
    "binary cross-entropy at theta = 0": (
        lambda: shipped.binary_cross_entropy_with_logits(np.zeros(3), np.array([0.0, 1.0, 1.0])),
        0.693147),
}  # fmt: skip


def digits(number):
    """Half a unit of the last of the digits given."""
    text = repr(number)
    return 0.5 * 10.0 ** -(len(text.split(".")[1]) if "." in text else 12)


@pytest.mark.parametrize("name", NUMBERS)
def test_number(name):
    compute, number = NUMBERS[name]
    assert abs(float(compute()) - number) <= max(digits(number), 1e-15)


def test_every_single_sample_of_the_logistic_example_has_ln_2():
    found = shipped.binary_cross_entropy_with_logits(
        np.zeros(3), np.array([0.0, 1.0, 1.0]), reduction="none"
    )
    np.testing.assert_array_equal(found, math.log(2))


def test_the_gradient_of_the_logistic_example():
    features = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    target = np.array([0.0, 1.0, 1.0])
    slope = shipped.binary_cross_entropy_with_logits.gradient(np.zeros(3), target)
    np.testing.assert_allclose(slope @ features, [0, -1 / 3], atol=1e-16)


def test_the_gradient_of_the_squared_error_example():
    """J(theta) = mean of (theta_0 + theta_1 x - y)^2 at (0, 1) has the gradient (-8, -28)."""
    x, y = np.arange(1.0, 6.0), np.array([3.0, 5.0, 7.0, 9.0, 11.0])
    slope = shipped.squared_error.gradient(x, y)
    np.testing.assert_allclose([slope.sum(), slope @ x], [-8, -28], rtol=1e-15)
    assert shipped.squared_error(1 + 2 * x, y) == 0


def test_a_wrong_number_is_seen():
    """The twin: the articles' own slips are not reproduced."""
    assert NUMBERS["Wasserstein in one dimension"][0]() != 3
    assert NUMBERS["MSE at theta = (0, 1)"][0]() != pytest.approx(4.4)


_PROMISED = """
squared_error absolute_error huber smooth_l1
euclidean_distance squared_euclidean_distance manhattan_distance chebyshev_distance
mahalanobis_distance hamming_loss cosine_distance jaccard_distance
binary_cross_entropy binary_cross_entropy_with_logits sigmoid_focal focal
categorical_cross_entropy sparse_categorical_cross_entropy softmax_cross_entropy
sparse_softmax_cross_entropy nll softmax_focal
dice triplet_margin center_loss
gan_minimax_discriminator gan_minimax_generator gan_non_saturating_generator
kl_divergence js_divergence wasserstein_1d wasserstein_assignment l1_regularizer l2_regularizer
"""
PRIORITY_1 = _PROMISED.split()


def test_every_promised_loss_is_there():
    assert len(PRIORITY_1) == 34
    assert sorted(set(PRIORITY_1) - set(entries())) == []
    others = {"log_cosh", "hinge", "pinball", "pseudo_huber", "info_nce"}
    assert sorted(others - set(entries())) == []


def test_every_entry_of_the_catalogue_is_shipped_and_nothing_else():
    assert sorted(entries()) == sorted(name for name in dir(shipped) if name in losses())
    assert sorted(entries()) == sorted(set(dir(shipped)) - {"find"})


def test_names_and_aliases_lead_to_one_loss_each():
    names = [name for entry in entries().values() for name in (entry.name, *entry.aliases)]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    for entry in entries().values():
        for alias in (entry.name, *entry.aliases):
            assert lossgen.find(alias).name == entry.name


def test_every_entry_says_what_it_is_in_one_sentence():
    for entry in entries().values():
        first = entry.summary.strip().split("\n\n")[0]
        assert len(first) > 10, entry.name
        assert first.endswith("."), entry.name
        assert first[0].isupper(), entry.name
