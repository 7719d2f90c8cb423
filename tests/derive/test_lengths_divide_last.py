"""Derivatives of a length are written with the direction, and divided by the length at the end."""

import numpy as np
from sympy import Piecewise

from lossgen import losses
from lossgen.build import kernels
from lossgen.catalogue.entries import entries
from lossgen.derive import adjoint, diagonal
from lossgen.derive.directions import directions
from lossgen.language.program import Definition, Program, Reduction
from lossgen.language.symbols import Index
from lossgen.runtime import Loss

TINY = np.array([[1e-45, 1e-45, 1e-45]], np.float32)
OTHER = np.array([[-1e-45, 1e-45, 1e-45]], np.float32)


def test_a_derivative_beyond_every_float_is_infinite_with_its_sign():
    slope = losses.cosine_distance.gradient(TINY, OTHER, reduction="none", wrt="x")
    assert slope[0, 0] == np.inf
    assert slope[0, 1] == slope[0, 2] == -np.inf


def test_a_second_derivative_beyond_every_float_is_infinite_with_its_sign():
    curvature = losses.cosine_distance.hessian_diagonal(TINY, OTHER, reduction="none")
    assert curvature.tolist() == [[-np.inf, np.inf, np.inf]]


def test_terms_divided_one_by_one_are_caught(monkeypatch):
    for module in (adjoint, diagonal):
        monkeypatch.setattr(module, "directions", lambda program: program)
    loss = losses.cosine_distance
    plain = Loss(loss.interface, kernels(entries()["cosine_distance"]), entry=loss.entry)
    assert np.isnan(plain.hessian_diagonal(TINY, OTHER, reduction="none")).all()


def test_another_vector_keeps_its_quotient():
    k = Index("k", "k")
    x, y = (next(a for a in entries()["cosine_distance"].arguments if a.name == n) for n in "xy")
    norm = Reduction("norm_x", (), "norm", (k,), x.symbol[k])
    length = norm.symbol
    unit = Definition("unit_x", (k,), Piecewise((x.symbol[k] / length, length > 0), (0, True)))
    others = Definition("others", (k,), x.symbol[k] * y.symbol[k] / length**2 + y.symbol[k])
    written = Program("p", (x, y), (norm, unit, others), ("others",))
    found = directions(written).statements[-1]
    assert found.expression == unit.symbol * y.symbol[k] / length + y.symbol[k]
