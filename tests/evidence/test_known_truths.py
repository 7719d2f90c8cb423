"""What every textbook says of a loss is what is found, with the evidence that can be had."""

import pytest
from sympy import Symbol, simplify, sympify

import lossgen
from lossgen.catalogue.entries import losses
from lossgen.evidence import claims
from lossgen.language import *

k = axis("k")


@loss
def brier(prob: Unit, target: Unit):
    return (prob - target) ** 2


@loss
def absolute_probability(prob: Unit, target: Unit):
    return Abs(prob - target)


@loss
def ripple(x: Real, y: Real):
    """Convex but for a dent far from the simple numbers."""
    return (x - y) ** 2 + 3 * exp(-((x - 37) ** 2))


@loss
def step(x: Real, y: Real):
    return Piecewise((1, x > y), (0, True))


@loss
def log_residual(x: Real, y: Real):
    return log(1 + Abs(x - y))


@loss
def spread_of_scores(scores: Real[k]):
    return MaxOver(k, scores[k]) - MinOver(k, scores[k])


OWN = (brier, absolute_probability, ripple, step, log_residual, spread_of_scores)
LOSSES = losses() | {found.name: found for found in OWN}

TRUTHS = """
huber                               convex           proved
huber                               smooth           proved
huber                               nonnegative      proved
huber                               symmetric        proved
huber                               robust           proved
huber                               lipschitz        proved
huber                               bounded          refuted
huber                               zero_when        proved
pseudo_huber                        lipschitz        proved
squared_error                       convex           proved
squared_error                       lipschitz        refuted
squared_error                       robust           refuted
absolute_error                      smooth           refuted
log_cosh                            convex           proved
pinball                             convex           proved
fair                                convex           proved
linex                               convex           proved
linex                               robust           refuted
cauchy                              convex           refuted
cauchy                              robust           proved
cauchy                              bounded          refuted
welsch                              convex           refuted
welsch                              bounded          proved
barron                              convex           proved
hinge                               convex           proved
hinge                               smooth           refuted
hinge                               proper           refuted
binary_cross_entropy                proper           proved
binary_cross_entropy                convex           proved
binary_cross_entropy                symmetric        refuted
binary_cross_entropy_with_logits    proper           proved
binary_cross_entropy_with_logits    convex           proved
binary_cross_entropy_with_logits    lipschitz        proved
sigmoid_focal                       convex           refuted
sigmoid_focal                       proper           refuted
focal                               proper           refuted
softmax_cross_entropy               convex           proved
softmax_cross_entropy               shift_invariant  proved
sparse_softmax_cross_entropy        convex           proved
sparse_softmax_cross_entropy        shift_invariant  proved
sparse_softmax_cross_entropy        nonnegative      proved
sparse_softmax_cross_entropy        zero_when        proved
sparse_softmax_cross_entropy        lipschitz        proved
sparse_softmax_cross_entropy        proper           tested
softmax_focal                       convex           refuted
softmax_focal                       shift_invariant  proved
softmax_focal                       proper           refuted
euclidean_distance                  convex           proved
euclidean_distance                  smooth           refuted
squared_euclidean_distance          smooth           proved
chebyshev_distance                  convex           proved
cosine_distance                     lipschitz        refuted
cosine_distance                     shift_invariant  refuted
triplet_margin                      convex           refuted
info_nce                            convex           proved
poisson_deviance                    nonnegative      proved
gaussian_nll                        nonnegative      refuted
js_divergence                       bounded          proved
kl_divergence                       nonnegative      refuted
dice                                convex           refuted
dice                                bounded          tested
gan_minimax_generator               convex           refuted
l2_regularizer                      zero_when        proved
brier                               proper           proved
absolute_probability                proper           refuted
ripple                              convex           refuted
step                                convex           refuted
step                                smooth           refuted
step                                bounded          proved
log_residual                        robust           proved
log_residual                        bounded          refuted
log_residual                        convex           refuted
spread_of_scores                    shift_invariant  proved
spread_of_scores                    convex           proved
"""
ROWS = [line.split() for line in TRUTHS.strip().splitlines()]

CONSTANTS = {
    "huber": "delta", "pseudo_huber": "delta", "fair": "c", "log_cosh": "1",
    "pinball": "Max(quantile, 1 - quantile)", "l1_regularizer": "strength",
    "binary_cross_entropy_with_logits": "Max(1, pos_weight)", "sparse_softmax_cross_entropy": "1",
}  # fmt: skip

_found = {}


def claims_of(name):
    if name not in _found:
        _found[name] = claims(LOSSES[name])
    return _found[name]


@pytest.mark.parametrize(("name", "property_", "verdict"), ROWS, ids=[" ".join(r) for r in ROWS])
def test_claim_is_what_is_known(name, property_, verdict):
    assert claims_of(name)[property_].verdict == verdict, str(claims_of(name)[property_])


@pytest.mark.parametrize(("name", "constant"), CONSTANTS.items(), ids=CONSTANTS)
def test_lipschitz_constant_is_the_known_one(name, constant):
    said = claims_of(name)["lipschitz"].detail.removeprefix("with the constant ")
    names = {name: Symbol(name) for name in ("delta", "c", "quantile", "strength", "pos_weight")}
    assert simplify(sympify(said, names) - sympify(constant, names)) == 0


def test_where_a_loss_is_zero_is_said():
    assert claims_of("huber")["zero_when"].detail == "prediction = target"
    assert claims_of("sparse_softmax_cross_entropy")["zero_when"].detail == "never"
    assert "and elsewhere" in claims_of("hinge")["zero_when"].detail


def test_other_parameters_than_the_default_are_tried():
    claim = claims_of("barron")["convex"]
    assert claim.parameters == "default"
    assert "alpha" in claim.beyond


def test_a_claim_that_has_no_meaning_is_not_made():
    assert "shift_invariant" not in claims_of("huber")
    assert "proper" not in claims_of("huber")
    with pytest.raises(KeyError, match=r"huber has no claim .*expected one of convex"):
        claims_of("huber")["proper"]


def test_evidence_is_said_in_words():
    assert str(claims_of("huber")["convex"]) == "convex: proved"
    assert claims_of("dice")["bounded"].evidence.startswith("tested on ")
    assert claims_of("squared_error")["robust"].evidence.startswith("refuted at prediction=")
    assert str(claims_of("huber")).splitlines()[0] == "huber, as a function of prediction:"


def test_it_is_a_public_name():
    assert lossgen.claims is claims
